/* The electronic invoice leads, the page is compared with it, and the
 * findings say what differs (embedded.c and checks_xml.c). */
#include <math.h>
#include "base/str.h"
#include "einvoice/parse.h"
#include "invoice/audit.h"
#include "invoice/reference.h"
#include "paper.h"
#include "sample_xml.h"
#include "tap.h"

#define PAGE(number, gross, due)                                  \
    "Lumio Exemple\n\nFacture n° " number "   du 15/01/2026\n"    \
    "Électricité   PDL : 09123456789012\n"                      \
    "Abonnement   100,00 €\nServices   50,00 €\n"             \
    "Total HT   150,00 €\nTVA 20 %   30,00 €\nTotal TTC   " gross \
    "\nDate d'échéance : " due "\n"

static struct reference *ref;

static struct invoice *read_both(struct arena *a, const char *page,
                                 const char *xml)
{
    const struct parse_limits limits = {1 << 20, 24};
    struct document *doc = paper_read(a, page, false);
    doc->einvoice = parse_xml(
        a, (struct bytes){(const uint8_t *)xml, strlen(xml)}, &limits);
    return invoice_read(a, doc, ref);
}

static const struct audit_result *judge(struct arena *a, struct invoice *inv)
{
    const struct audit_request q = {.confidence_min = 500, .strict = true};
    struct audit_result *r = ARENA_NEW(a, struct audit_result);
    r->invoice = inv;
    checks_run(a, ref, inv, &q, r);
    return r;
}

static const struct finding *found(const struct audit_result *r, const char *id)
{
    for (size_t i = 0; i < r->n_findings; i++)
        if (str_eq(r->findings[i].id, id))
            return &r->findings[i];
    return NULL;
}

static void agreeing(struct arena *a)
{
    struct invoice *inv =
        read_both(a, PAGE("FA-1", "180,00 €", "5 février 2026"),
                  XML_CII("FA-1", "180.00", "180.00"));
    const struct value *v = &inv->f[F_total_ttc];
    tap_ok(v->present && v->num == 18000 && v->ev.from_xml, "the gross total");
    tap_ok(v->ev.page == 1 && v->ev.conf == 1000, "is on the page, too");
    v = &inv->f[F_customer_name];
    tap_ok(v->present && v->ev.from_xml && v->ev.page == 0 && !v->ev.derived,
           "the buyer is on no page");
    tap_is_str(v->text, "Camille Essai", "and is named");
    tap_is_int(inv->n_disagreements, 0, "nothing disagrees");
    tap_ok(inv->n_vat == 1 && inv->vat[0].base_cents == 15000 &&
               inv->vat[0].ev.from_xml,
           "VAT rows of the XML");
    const struct audit_result *r = judge(a, inv);
    tap_ok(!found(r, "XML-01") && !found(r, "XML-02") && !found(r, "BR-CO-15"),
           "no finding");
    bool hidden = false;
    for (size_t i = 0; i < inv->n_needles; i++)
        hidden |= str_eq(inv->needles[i].text, "Camille Essai");
    tap_ok(hidden, "the buyer must not show in the anonymised report");
}

static void differing(struct arena *a)
{
    struct invoice *inv = read_both(a, PAGE("FA-9", "190,00 €", "05/02/2026"),
                                    XML_CII("FA-1", "180.00", "180.00"));
    tap_is_int(inv->f[F_total_ttc].num, 18000, "the XML leads");
    tap_is_str(inv->f[F_invoice_number].text, "FA-1", "also for the number");
    const struct audit_result *r = judge(a, inv);
    const struct finding *f = found(r, "XML-01");
    tap_ok(f && f->severity == SEV_MEDIUM && f->ev.page == 1,
           "a finding with its place");
    size_t n = 0;
    bool leaks = false, gross = false;
    for (size_t i = 0; i < r->n_findings; i++) {
        const bool one = str_eq(r->findings[i].id, "XML-01");
        n += one;
        leaks |= one && strstr(r->findings[i].anonymous, "FA-");
        gross |= one && r->findings[i].has_amount &&
                 r->findings[i].amount_cents == 1000;
    }
    tap_ok(n >= 2 && gross, "number and gross total (%zu)", n);
    tap_ok(!leaks, "the anonymised sentence names no number");
}

static void wrong_sums(struct arena *a)
{
    struct invoice *inv = read_both(a, PAGE("FA-1", "181,00 €", "05/02/2026"),
                                    XML_CII("FA-1", "181.00", "180.00"));
    const struct audit_result *r = judge(a, inv);
    const struct finding *f = found(r, "BR-CO-15");
    tap_ok(f && f->has_amount && f->amount_cents == 100, "BR-CO-15");
    tap_ok(f && strstr(f->sentence, "BT-112") && strstr(f->sentence, "180,00"),
           "says what should be");
    tap_ok(found(r, "BR-CO-16") && !found(r, "BR-CO-10"),
           "BR-CO-16 follows, BR-CO-10 is kept");
}

static void unreadable(struct arena *a)
{
    struct invoice *inv = read_both(
        a, PAGE("FA-1", "180,00 €", "05/02/2026"),
        "<x:CrossIndustryInvoice xmlns:x=\"urn:un:unece:uncefact:data:"
        "standard:CrossIndustryInvoice:100\">");
    tap_ok(inv->f[F_total_ttc].present && !inv->f[F_total_ttc].ev.from_xml,
           "the page is read alone");
    const struct audit_result *r = judge(a, inv);
    tap_ok(found(r, "XML-02") && !found(r, "XML-01"), "and it is said");
    inv = read_both(a, PAGE("FA-1", "180,00 €", "05/02/2026"), "<html/>");
    r = judge(a, inv);
    tap_ok(!inv->xml && !found(r, "XML-02"), "other XML is left alone");
}

/* The sample invoice with one text in place of another. */
static const char *changed(struct arena *a, const char *from, const char *to)
{
    const char *xml = XML_CII("FA-1", "180.00", "180.00");
    const char *at = strstr(xml, from);
    return at ? arena_printf(a, "%.*s%s%s", (int)(at - xml), xml, to,
                             at + strlen(from))
              : "";
}

static bool hides(const struct invoice *inv, const char *text)
{
    for (size_t i = 0; i < inv->n_needles; i++)
        if (str_eq(inv->needles[i].text, text))
            return true;
    return false;
}

/* What only one of the two says must not show in the anonymised report. */
static void needles(struct arena *a)
{
    const struct invoice *inv = read_both(
        a,
        "Gazelux Test\nTitulaire du contrat : Mme Dominique MARTINEAU\n"
        PAGE("FA-9", "180,00 €", "05/02/2026"),
        changed(a, "<ram:SellerTradeParty>",
                "<ram:BuyerReference>BR-778-Essai</ram:BuyerReference>"
                "<ram:SellerTradeParty>"));
    tap_is_str(invoice_text(inv, F_customer_name), "Camille Essai",
               "the XML's customer leads");
    tap_ok(hides(inv, "Camille Essai") && hides(inv, "camille"),
           "and must not show");
    tap_ok(hides(inv, "Mme Dominique MARTINEAU"),
           "nor the page's, whose place it took");
    tap_ok(hides(inv, "FA-9") && hides(inv, "FA-1"), "nor either number");
    tap_ok(hides(inv, "Lumio Exemple"), "nor the seller of the XML");
    tap_ok(hides(inv, "BR-778-Essai"), "nor a reference that no field holds");
    inv = read_both(a, PAGE("FA-1", "180,00 €", "05/02/2026"),
                    changed(a, "Lumio Exemple", "engie"));
    tap_ok(hides(inv, "ENGIE"), "a seller of the table with all its names");
}

/* Currency is printed beside amounts in both reports. */
static void currency(struct arena *a)
{
    const struct invoice *inv = read_both(
        a, PAGE("FA-1", "190,00 €", "05/02/2026"),
        changed(a, "InvoiceCurrencyCode>EUR<", "InvoiceCurrencyCode>Jean X<"));
    tap_ok(!str_eq(invoice_text(inv, F_currency), "Jean X"),
           "no currency but a code");
    const struct audit_result *r = judge(a, (struct invoice *)inv);
    size_t leaks = 0;
    for (size_t i = 0; i < r->n_findings; i++)
        leaks += strstr(r->findings[i].anonymous, "Jean") != NULL;
    tap_ok(found(r, "XML-01"), "the total differs");
    tap_is_int(leaks, 0, "no sentence takes the currency's place for a name");
}

static void odd_amounts(struct arena *a)
{
    struct invoice *inv = read_both(
        a, "Facture\n", changed(a, "<ram:LineTotalAmount>100.00",
                                "<ram:LineTotalAmount>92233720368547758"));
    tap_ok(inv->n_lines == 1 && inv->lines[0].amount_cents == 5000,
           "a line beyond all invoices is left out");
    inv = read_both(a, PAGE("FA-1", "180,00 €", "05/02/2026"),
                    XML_CII("FA-1", "-180.00", "-180.00"));
    const struct audit_result *r = judge(a, inv);
    tap_ok(found(r, "XML-01"), "the other sign is another amount");
    inv = read_both(a, PAGE("FA-1", "180,00 €", "05/02/2026"),
                    XML_CII("FA-1", "150.00", "180.00"));
    size_t denied = 0;
    for (size_t i = 0; i < inv->n_disagreements; i++)
        denied += inv->disagreements[i].id == F_total_ttc;
    tap_is_int(denied, 1, "a total that the page prints as another amount");
    inv = read_both(a, "Facture d'avoir\n"
                       PAGE("FA-1", "-180,00 €", "05/02/2026"),
                    XML_CII("FA-1", "180.00", "180.00"));
    size_t gross = 0;
    for (size_t i = 0; i < inv->n_disagreements; i++)
        gross += inv->disagreements[i].id == F_total_ttc;
    tap_is_int(gross, 0, "on a credit note either sign is right");
}

static void lines(struct arena *a)
{
    struct invoice *inv =
        read_both(a, "Facture\n", XML_CII("FA-1", "180.00", "180.00"));
    tap_ok(inv->n_lines == 2 && inv->lines[1].amount_cents == 5000 &&
               inv->lines[1].rate_bp == 2000 && inv->lines[1].has_quantity &&
               inv->lines[1].price_micro == 50000000,
           "lines of the XML where the page has none");
    tap_is_str(inv->lines[0].label, "Abonnement", "with their names");
    inv = read_both(
        a, "Facture\n",
        XML_UBL("CreditNote", "381", "CreditNoteLine", "CreditedQuantity"));
    tap_ok(inv->paper == PAPER_CREDIT, "a credit note is told");
    tap_is_int(inv->f[F_deposits].num, 6200, "what was paid already");
    tap_is_int(inv->lines[0].unit, UNIT_KWH, "kWh");
}

int main(void)
{
    struct arena *a = arena_new(1 << 20);
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    tap_ok(ref != NULL, "reference tables");
    agreeing(a);
    differing(a);
    wrong_sums(a);
    unreadable(a);
    lines(a);
    needles(a);
    currency(a);
    odd_amounts(a);
    arena_free(a);
    reference_free(ref);
    return tap_done();
}
