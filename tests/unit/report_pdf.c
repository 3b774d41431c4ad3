/* The finished reports of all samples: two A4 pages, fonts embedded, at most
 * 40 kB, French right, and nothing identifying in the anonymised one. */
#include "invoice/report_pdf.h"

#include <poppler.h>

#include "document/leak.h"
#include "document/pdf.h"
#include "invoice/anonymise.h"
#include "sample_result.h"
#include "tap.h"

enum { SIZE_MAX_BYTES = 40000 };

static struct arena *a;
static struct reference *ref;

static const char *text_of(struct bytes pdf)
{
    struct pdf doc;
    if (pdf_open(a, pdf, &doc) != OK || doc.n_pages != 2)
        return "not two pages";
    const char *all = "";
    for (uint32_t i = 0; i < 2; i++) {
        PopplerPage *page = pdf_page(&doc, i);
        char *text = poppler_page_get_text(page);
        all = arena_printf(a, "%s%s\n", all, text);
        g_free(text);
        pdf_page_free(page);
    }
    return all;
}

static size_t count(struct bytes pdf, const char *what)
{
    size_t n = 0;
    const uint8_t *p = pdf.p, *end = pdf.p + pdf.n;
    while ((p = memmem(p, (size_t)(end - p), what, strlen(what))) != NULL) {
        n++;
        p++;
    }
    return n;
}

static void container(struct bytes pdf, const char *name)
{
    tap_ok(pdf.n > 0 && pdf.n <= SIZE_MAX_BYTES, "%s: %zu bytes", name, pdf.n);
    tap_is_int(count(pdf, "/FontFile2"), 2, "%s: both fonts embedded", name);
    tap_ok(count(pdf, "DejaVuSans") >= 2, "%s: ours", name);
    tap_is_int(count(pdf, "/Annot") + count(pdf, "/URI") +
                   count(pdf, "/Outlines 0") + count(pdf, "/Image "),
               0, "%s: no links, notes or pictures", name);
}

/* Every identifying text the fixture expects. */
static size_t leaks(const char *text, const struct invoice *inv)
{
    const char *folded = str_fold(a, text);
    size_t n = 0;
    for (int i = 0; i < F_MAX; i++) {
        const struct value *v = &inv->f[i];
        if (!field_infos[i].identifying || !v->present || !v->text)
            continue;
        if (!strstr(folded, str_fold(a, v->text)))
            continue;
        printf("# leak: %s\n", field_infos[i].name);
        n++;
    }
    return n;
}

static bool proved(struct bytes pdf, const struct report_model *anon,
                   const struct audit_request *req, const struct invoice *inv)
{
    struct needle *needles;
    const char *found = NULL;
    size_t n = anonymise_needles(a, ref, req, inv, &needles);
    bool leak =
        leak_find(a, pdf, anonymise_neutral(a, anon), needles, n, &found);
    if (leak)
        printf("# found: %s\n", found);
    return !leak;
}

static void sample(const char *id, bool all)
{
    arena_reset(a);
    struct audit_request req = {.request_id = id, .confidence_min = 500};
    struct audit_result *r = sample_result(a, ref, id, all);
    struct report_model *full = report_model_new(a, ref, &req, r);
    struct report_model *anon = anonymise_model(a, full, r);
    struct bytes pdf[2] = {{NULL, 0}, {NULL, 0}};
    tap_ok(report_pdf(a, full, &pdf[0]) == OK &&
               report_pdf(a, anon, &pdf[1]) == OK,
           "%s: both are drawn", id);
    container(pdf[0], arena_printf(a, "%s full", id));
    container(pdf[1], arena_printf(a, "%s anonymised", id));
    const char *text = text_of(pdf[0]), *masked = text_of(pdf[1]);
    tap_ok(strstr(text, r->invoice->f[F_supplier_name].text) &&
               strstr(text, r->invoice->f[F_customer_name].text) &&
               strstr(text, r->invoice->f[F_invoice_number].text),
           "%s: the full one names the parties", id);
    tap_ok(strstr(masked, "Fournisseur A") && !strstr(text, "Fournisseur A"),
           "%s: the other says Fournisseur A", id);
    tap_is_int(leaks(masked, r->invoice), 0, "%s: nothing else", id);
    tap_ok(proved(pdf[1], anon, &req, r->invoice), "%s: the gate agrees", id);
    tap_ok(strstr(masked, "Économies potentielles") && strstr(masked, " €") &&
               strstr(masked, "Fiabilité de la lecture"),
           "%s: accents and euros", id);
    const char *mark = strchr(text, '?');
    tap_ok(mark && str_starts(mark - strlen("faire "), "faire ?") &&
               !strchr(mark + 1, '?'),
           "%s: no character was lost", id);
}

/* The gate refuses a report that names anybody, and lets honest people
 * through. */
static void gate(const char *customer, const char *supplier, bool leaky)
{
    arena_reset(a);
    struct audit_request req = {.request_id = "g", .customer_name = customer};
    struct audit_result *r = sample_result(a, ref, "S2", true);
    r->invoice->f[F_supplier_name].text = supplier;
    r->invoice->n_needles = 0;
    struct report_model *full = report_model_new(a, ref, &req, r);
    struct report_model *anon = anonymise_model(a, full, r);
    if (leaky)
        anon->findings[0].sentence =
            arena_printf(a, "Une phrase de trop sur %s.", customer);
    struct bytes pdf = {NULL, 0};
    tap_is_int(report_pdf(a, anon, &pdf), OK, "%s at %s", customer, supplier);
    tap_is_int(proved(pdf, anon, &req, r->invoice), !leaky, "%s",
               leaky ? "is caught" : "is served");
}

/* What a misread or hostile invoice may hold: the largest numbers, texts
 * without an end, too many of everything. */
static void extreme(int64_t num)
{
    arena_reset(a);
    struct audit_request req = {.request_id = "x", .confidence_min = 500};
    struct audit_result *r = sample_result(a, ref, "S5", true);
    struct invoice *inv = r->invoice;
    char *text = arena_alloc(a, 20001);
    memset(text, 'W', 20000);
    for (int i = 0; i < F_MAX; i++)
        if (field_infos[i].type == FIELD_TEXT)
            inv->f[i] = (struct value){.present = true, .text = text};
        else if (field_infos[i].type != FIELD_ENUM)
            inv->f[i] = (struct value){
                .present = true,
                .num = field_infos[i].type == FIELD_DATE ? (int32_t)num : num};
    for (size_t i = 0; i < inv->n_lines; i++) {
        struct line *l = &inv->lines[i];
        l->label = text;
        l->quantity_milli = l->price_micro = l->amount_cents = num;
        l->unit = i % 2 ? UNIT_MWH : UNIT_KWH;
    }
    for (size_t i = 0; i < r->n_findings; i++) {
        r->findings[i].sentence = r->findings[i].anonymous = text;
        r->findings[i].amount_cents = num;
    }
    struct report_model *full = report_model_new(a, ref, &req, r);
    struct report_model *anon = anonymise_model(a, full, r);
    struct bytes pdf[2] = {{NULL, 0}, {NULL, 0}};
    tap_ok(report_pdf(a, full, &pdf[0]) == OK &&
               report_pdf(a, anon, &pdf[1]) == OK,
           "every number %lld is drawn", (long long)num);
    tap_ok(pdf[0].n <= 2 * SIZE_MAX_BYTES, "in %zu bytes", pdf[0].n);
}

int main(void)
{
    ref = sample_reference();
    a = arena_new(1 << 20);
    static const char *const ids[] = {"S1", "S2", "S3", "S4", "S5", "S6"};
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        sample(ids[i], i == 1);
    extreme(INT64_MAX);
    extreme(INT64_MIN);
    extreme(INT32_MAX);
    extreme(0);
    gate("Mme Marché Prix", "Lumibis", false);
    gate("M. Avril Février", "Eni", false);
    gate("Mme Économies Base", "ÉS", false);
    gate("M. Page Total", "SAVE", false);
    gate("Mme Facture Vérifier", "ESS", false);
    gate("M. Réglementé Montant", "REE", false);
    gate("Mme Camille EXEMPLE", "Lumibis", true);
    gate("SCI Zuydcoote", "ÉS", true);
    arena_free(a);
    reference_free(ref);
    return tap_done();
}
