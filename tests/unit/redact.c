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
                {"M. EXEMPLE, Camille", "[CLIENT_2], [CLIENT_3]"},
                {"HÉLÈNE camille exemple helene",
                 "HÉLÈNE [CLIENT_4] [CLIENT_5] helene"},
                {"EXEMPLES", "EXEMPLES"},
                {"PDL 99 123 456 789 012.", "PDL [PDL]."},
                {"PDL 99123456789012", "PDL [PDL_2]"},
                {"PDL 991234567890123", "PDL [PDL_2]3"},
                {"RUM:X99123456789012Z", "RUM:X[PDL_2]Z"},
                {"99-123-456-789-012", "[PDL_3]"},
                {"client 12 34 56 paie 1 234,56 €",
                 "client [REF_CLIENT] paie 1 234,56 €"},
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

/* The same name without its accents, and as OCR spells it. */
static void accents_and_scans(void)
{
    static const struct {
        const char *text, *want, *scanned;
    } rows[] = {
        {"pour Hélène LEFÈVRE", "pour [CLIENT]", "pour [CLIENT]"},
        {"pour HELENE LEFEVRE", "pour [CLIENT_2]", "pour [CLIENT_2]"},
        {"LEFEVRE Helene", "[CLIENT_3] [CLIENT_4]", "[CLIENT_3] [CLIENT_4]"},
        {"Helene LEFEVRF", "[CLIENT_4] LEFEVRF", "[CLIENT_5]"},
        {"He1ene", "He1ene", "[CLIENT_6]"},
        {"n° 40000O1I7", "n° 40000O1I7", "n° 40000O1I7"},
        {"n° 4000001l7", "n° 4000001l7", "n° [REF_CLIENT]"},
        {"Total 145,50 €", "Total 145,50 €", "Total 145,50 €"}};
    struct invoice who = {.n_lines = 0};
    who.f[F_customer_name] =
        (struct value){.present = true, .text = "Hélène LEFÈVRE"};
    who.f[F_client_ref] = (struct value){.present = true, .text = "400000117"};
    struct redact *printed = redact_new(a, &who, NULL);
    who.from_ocr = true;
    struct redact *scanned = redact_new(a, &who, NULL);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        tap_is_str(redact_text(printed, rows[i].text), rows[i].want,
                   "printed %zu", i);
        const char *got = redact_text(scanned, rows[i].text);
        tap_is_str(got, rows[i].scanned, "scanned %zu", i);
        tap_is_str(redact_restore(scanned, got), rows[i].text, "and back");
    }
}

int main(void)
{
    a = arena_new(65536);
    put(F_customer_name, "Mme Camille EXEMPLE");
    put(F_site_address, "10 rue Imaginaire, 99990 BOURG-TEST");
    put(F_pdl, "99123456789012");
    put(F_client_ref, "123456");
    table();
    struct invoice none = {.n_lines = 0};
    struct redact *r = redact_new(a, &none, "Jean Testeur");
    tap_is_str(redact_text(r, "dû par JEAN  TESTEUR"), "dû par [CLIENT]",
               "what the caller named");
    r = redact_new(a, &none, "Anne Li");
    tap_is_str(redact_text(r, "le li de LI, ALI, Le"),
               "le li de [CLIENT], ALI, Le", "a short name with a capital");
    accents_and_scans();
    arena_free(a);
    return tap_done();
}
