/* The anonymised model holds nothing but what is allowed, even when every
 * text of the invoice and of the findings tries to slip through. */
#include "invoice/anonymise.h"

#include "base/buf.h"
#include "invoice/report_draw.h"
#include "sample_result.h"
#include "tap.h"

static struct arena *a;
static struct reference *ref;

static void sentences(void)
{
    static const char *const table[][2] = {
        {"échue depuis le 31/12/2025 :", "échue depuis le 12/2025 :"},
        {"écart de 12,30 €.", "écart de 12 €."},
        {"soit 1 234,56 € TTC", "soit 1 235 € TTC"},
        {"33,70 €/MWh facturés", "33,70 €/MWh facturés"},
        {"reste 0,12 €", "reste moins de 1 €"},
        {"17,6 % de 900 kWh", "17,6 % de 900 kWh"},
        {"2 × 15,90 € = 31,80 €", "2 × 16 € = 32 €"},
        {"", ""}};
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        const char *got = anonymise_text(a, table[i][0]);
        struct buf plain;
        buf_init(&plain, a, 256);
        for (const char *s = got; *s; s++) {
            if (str_starts(s, "\u00a0") || str_starts(s, "\u202f")) {
                s += str_starts(s, "\u00a0") ? 1 : 2;
                buf_char(&plain, ' ');
            } else {
                buf_char(&plain, *s);
            }
        }
        tap_is_str(buf_cstr(&plain), table[i][1], "%s", table[i][0]);
    }
    tap_is_str(anonymise_text(a, "1\u202f234,56\u202f€"), "1\u202f235\u202f€",
               "with the spaces of our own wording");
}

/* Everything a hostile invoice could put into text. */
static struct audit_result *hostile(void)
{
    struct audit_result *r = sample_result(a, ref, "S2", true);
    struct invoice *inv = r->invoice;
    for (int i = 0; i < F_MAX; i++) {
        enum field_type t = field_infos[i].type;
        if (t == FIELD_TEXT || t == FIELD_ENUM)
            inv->f[i] = (struct value){.present = true,
                                       .text = "ZUYDCOOTE",
                                       .ev = {.conf = 900, .page = 1}};
    }
    for (size_t i = 0; i < inv->n_lines; i++)
        inv->lines[i].label = inv->lines[i].registr = "ZUYDCOOTE";
    for (size_t i = 0; i < inv->n_meters; i++)
        inv->meters[i].registr = "ZUYDCOOTE";
    for (size_t i = 0; i < r->n_findings; i++)
        r->findings[i].ev.quote = r->findings[i].sentence = "ZUYDCOOTE";
    inv->energy_why = inv->zip = "ZUYDCOOTE";
    return r;
}

static const char *words_of(const struct report_model *m)
{
    struct canvas *c = canvas_record(a);
    report_draw(c, a, m);
    return canvas_recorded(c);
}

static void allowed_only(void)
{
    struct audit_request req = {.request_id = "x",
                                .customer_name = "ZUYDCOOTE"};
    struct audit_result *r = hostile();
    struct report_model *full = report_model_new(a, ref, &req, r);
    struct report_model *anon = anonymise_model(a, full, r);
    tap_ok(strstr(words_of(full), "ZUYDCOOTE") != NULL,
           "the full report shows the invoice's text");
    tap_ok(strstr(words_of(anon), "ZUYDCOOTE") == NULL,
           "the anonymised one none of it");
    static const struct model_private none;
    tap_ok(memcmp(&anon->text, &none, sizeof none) == 0,
           "the private part is empty");
    size_t labels = 0;
    for (size_t i = 0; i < anon->n_lines; i++)
        labels += anon->lines[i].label != NULL;
    tap_is_int(labels, 0, "no printed label");
    tap_is_int(anon->total_ttc, full->total_ttc, "figures stay");
    tap_ok(strstr(words_of(anon), "264\u00a0€") ||
               strstr(words_of(anon), "264\u202f€"),
           "to the euro");
    tap_ok(!strstr(words_of(anon), "264,14"), "not to the cent");
    tap_ok(!strstr(words_of(anon), "05/07/2025") &&
               strstr(words_of(anon), "juillet 2025"),
           "days as months");
}

static void neutral(void)
{
    struct audit_request req = {.request_id = "x"};
    struct audit_result *r = sample_result(a, ref, "S2", true);
    struct report_model *full = report_model_new(a, ref, &req, r);
    struct report_model *anon = anonymise_model(a, full, r);
    anon->findings[0].sentence = "ZUYDCOOTE";
    const char *text = anonymise_neutral(a, anon);
    tap_ok(!strstr(text, "ZUYDCOOTE"),
           "what a finding says does not excuse itself");
    tap_ok(strstr(text, "Positionnement marché") && strstr(text, "Fiabilité"),
           "our own words do");
    tap_ok(!strstr(text, "900") && !strstr(text, "264"),
           "figures of the invoice do not");
}

int main(void)
{
    ref = sample_reference();
    a = arena_new(1 << 18);
    sentences();
    allowed_only();
    neutral();
    arena_free(a);
    reference_free(ref);
    return tap_done();
}
