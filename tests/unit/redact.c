/* lib/invoice/redact.c: personal data becomes marks and comes back; amounts,
 * dates and rates stay as they are. */
#include "invoice/redact.h"
#include "base/str.h"
#include "tap.h"

static struct arena *a;
static struct invoice inv;

static void put(enum field_id id, const char *text)
{
    inv.f[id] = (struct value){.present = true, .text = text, .ev.conf = 450};
}

static void table(void)
{
    static const struct {
        const char *text, *want;
    } rows[] = {{"Titulaire : Mme Camille EXEMPLE", "Titulaire : [CLIENT]"},
                {"M. EXEMPLE, Camille", "M. [CLIENT_2], [CLIENT_3]"},
                {"EXEMPLES", "EXEMPLES"},
                {"PDL 99 123 456 789 012.", "PDL [PDL]."},
                {"PDL 99123456789012", "PDL [PDL_2]"},
                {"PDL 991234567890123", "PDL 991234567890123"},
                {"10 rue Imaginaire,\n99990 BOURG-TEST", "[ADRESSE]"},
                {"écrire à c.exemple@mail.example !", "écrire à [EMAIL] !"},
                {"06 12 34 56 78", "[TEL]"},
                {"+33 6 12 34 56 78", "[TEL_2]"},
                {"0612345678", "[TEL_3]"},
                {"01.12.2024 31.01.2025", "01.12.2024 31.01.2025"},
                {"FR76 3000 1007 9412 3456 7890 185", "[IBAN]"},
                {"FR76 **** **** **** **** **** 042", "[IBAN_2]"},
                {"TVA FR66000000018", "TVA FR66000000018"},
                {"Total TTC 145,50 € 20 %", "Total TTC 145,50 € 20 %"},
                {"", ""}};
    struct redact *r = redact_new(a, &inv, NULL);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *got = redact_text(r, rows[i].text);
        tap_is_str(got, rows[i].want, "row %zu", i);
        tap_is_str(redact_restore(r, got), rows[i].text, "and back");
    }
    tap_is_str(redact_text(r, "Mme Camille EXEMPLE"), "[CLIENT]",
               "the same text, the same mark");
    tap_is_str(redact_restore(r, "[INCONNU] ["), "[INCONNU] [",
               "other brackets stay");
}

int main(void)
{
    a = arena_new(65536);
    put(F_customer_name, "Mme Camille EXEMPLE");
    put(F_site_address, "10 rue Imaginaire, 99990 BOURG-TEST");
    put(F_pdl, "99123456789012");
    table();
    struct invoice none = {.n_lines = 0};
    struct redact *r = redact_new(a, &none, "Jean Testeur");
    tap_is_str(redact_text(r, "M. JEAN  TESTEUR"), "M. [CLIENT]",
               "what the caller named");
    arena_free(a);
    return tap_done();
}
