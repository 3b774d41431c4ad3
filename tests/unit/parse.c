/* XML of electronic invoices: what each syntax says, and what is refused. */
#include "einvoice/parse.h"
#include "base/buf.h"
#include "sample_xml.h"
#include "tap.h"

static const struct parse_limits limits = {1 << 20, 24};

static struct einvoice *parsed(struct arena *a, const char *xml)
{
    return parse_xml(a, (struct bytes){(const uint8_t *)xml, strlen(xml)},
                     &limits);
}

static void cii(struct arena *a)
{
    const struct einvoice *e = parsed(a, XML_CII("FA-1", "180.00", "180.00"));
    tap_ok(e && e->syntax == EINVOICE_CII && !e->malformed, "CII is read");
    tap_is_str(einvoice_text(e, BT_1, 0), "FA-1", "BT-1");
    tap_is_str(einvoice_text(e, BT_2, 0), "2026-01-15", "BT-2");
    tap_is_str(einvoice_text(e, BT_9, 0), "2026-02-05", "BT-9");
    tap_is_str(einvoice_text(e, BT_31, 0), "FR32123456789",
               "BT-31 is the VAT number, not the tax number");
    tap_is_str(einvoice_text(e, BT_110, 0), "30.00",
               "BT-110 in the invoice's currency");
    tap_is_str(einvoice_text(e, BT_111, 0), "33.00", "BT-111 in the other");
    tap_is_int(e->n[EINVOICE_LINE], 2, "two lines");
    tap_is_str(einvoice_text(e, BT_153, 1), "Services & frais",
               "the second one's name");
    tap_is_str(einvoice_text(e, BT_130, 1), "C62", "its unit");
    tap_is_str(einvoice_text(e, BT_119, 0), "20", "the rate of the VAT row");
}

static void ubl(struct arena *a)
{
    const struct einvoice *e =
        parsed(a, XML_UBL("Invoice", "380", "InvoiceLine", "InvoicedQuantity"));
    tap_ok(e && e->syntax == EINVOICE_UBL && !e->malformed, "UBL is read");
    tap_is_str(einvoice_text(e, BT_2, 0), "2026-01-15",
               "a date without its zone");
    tap_is_str(einvoice_text(e, BT_31, 0), "FR32123456789", "BT-31");
    tap_is_str(einvoice_text(e, BT_92, 0), "20.00", "an allowance");
    tap_is_str(einvoice_text(e, BT_99, 0), "5.00", "and a charge");
    tap_is_str(einvoice_text(e, BT_104, 0), "Motif", "with its reason");
    tap_is_str(einvoice_text(e, BT_115, 0), "100.00", "BT-115");
    tap_is_str(einvoice_text(e, BT_130, 0), "KWH", "BT-130");
    e = parsed(
        a, XML_UBL("CreditNote", "381", "CreditNoteLine", "CreditedQuantity"));
    tap_ok(e && e->syntax == EINVOICE_UBL_CREDIT, "a credit note");
    tap_is_str(einvoice_text(e, BT_3, 0), "381", "BT-3");
    tap_is_str(einvoice_text(e, BT_129, 0), "1000", "its quantity");
}

#define OLD "urn:ferd:CrossIndustryDocument:invoice:1p0"
static void zugferd1(struct arena *a)
{
    const struct einvoice *e = parsed(
        a,
        "<r:CrossIndustryDocument xmlns:r=\"" OLD "\" xmlns:m=\"urn:m\">"
        "<r:HeaderExchangedDocument><m:ID> Z\n 1 </m:ID>"
        "</r:HeaderExchangedDocument><r:SpecifiedSupplyChainTradeTransaction>"
        "<m:ApplicableSupplyChainTradeSettlement><m:ApplicableTradeTax>"
        "<m:ApplicablePercent>5.5</m:ApplicablePercent></m:ApplicableTradeTax>"
        "<m:SpecifiedTradeSettlementMonetarySummation>"
        "<m:TaxBasisTotalAmount currencyID=\"EUR\">1.00"
        "</m:TaxBasisTotalAmount></m:SpecifiedTradeSettlementMonetarySummation>"
        "</m:ApplicableSupplyChainTradeSettlement>"
        "</r:SpecifiedSupplyChainTradeTransaction></r:CrossIndustryDocument>");
    tap_ok(e && e->syntax == EINVOICE_ZUGFERD1, "ZUGFeRD 1 is read");
    tap_is_str(einvoice_text(e, BT_1, 0), "Z 1", "white space is one space");
    tap_is_str(einvoice_text(e, BT_119, 0), "5.5", "the old name of the rate");
    tap_is_str(einvoice_text(e, BT_109, 0), "1.00", "and of the sums");
}

#define ROOT                                                        \
    "<x:CrossIndustryInvoice xmlns:x=\"urn:un:unece:uncefact:data:" \
    "standard:CrossIndustryInvoice:100\">"
static void refused(struct arena *a)
{
    static const struct {
        const char *xml, *what;
    } bad[] = {
        {ROOT "<x:ExchangedDocument>", "a file that is cut"},
        {ROOT "<y:ID/></x:CrossIndustryInvoice>", "a prefix of nothing"},
        {"<!DOCTYPE x [<!ENTITY e \"boom\">]>" ROOT
         "<x:ID>&e;</x:ID></x:CrossIndustryInvoice>",
         "a document type"},
        {"<!DOCTYPE x SYSTEM \"file:///etc/passwd\">" ROOT
         "</x:CrossIndustryInvoice>",
         "an outside document type"},
        {ROOT "<x:ID>&e;</x:ID></x:CrossIndustryInvoice>", "an entity"},
        {"<?xml version=\"1.0\" encoding=\"EBCDIC-1\"?>" ROOT
         "</x:CrossIndustryInvoice>",
         "an encoding nobody has"},
        {ROOT "<x:ID>\xff</x:ID></x:CrossIndustryInvoice>", "bad UTF-8"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct einvoice *e = parsed(a, bad[i].xml);
        tap_ok(e && e->malformed && e->n_values == 0, "malformed: %s",
               bad[i].what);
    }
    tap_ok(!parsed(a, "<html><body>x</body></html>"), "other XML is none");
    tap_ok(!parsed(a, "<Invoice xmlns=\"urn:mine\"><ID>1</ID></Invoice>"),
           "nor an Invoice of another vocabulary");
    tap_ok(!parsed(a, "no xml"), "nor anything else");
}

static void deep(struct arena *a)
{
    struct buf b;
    buf_init(&b, a, 1 << 22);
    buf_str(&b, ROOT);
    for (int i = 0; i < 200; i++)
        buf_str(&b, "<x:a>");
    for (int i = 0; i < 200; i++)
        buf_str(&b, "</x:a>");
    buf_str(&b, "</x:CrossIndustryInvoice>");
    const struct einvoice *e = parse_xml(a, buf_bytes(&b), &limits);
    tap_ok(e && e->malformed, "deeper than the limit");
    buf_init(&b, a, 1 << 22);
    buf_str(&b, ROOT);
    while (b.n <= limits.bytes)
        buf_str(&b, "<!-- a comment to fill the file -->");
    buf_str(&b, "</x:CrossIndustryInvoice>");
    e = parse_xml(a, buf_bytes(&b), &limits);
    tap_ok(e && e->malformed, "larger than the limit");
}

static void long_text(struct arena *a)
{
    struct buf b;
    buf_init(&b, a, 1 << 20);
    buf_str(&b, ROOT "<x:ExchangedDocument><x:ID>x");
    for (int i = 0; i < 700; i++)
        buf_str(&b, "é");
    buf_str(&b, "</x:ID></x:ExchangedDocument></x:CrossIndustryInvoice>");
    const struct einvoice *e = parse_xml(a, buf_bytes(&b), &limits);
    const char *s = e ? einvoice_text(e, BT_1, 0) : NULL;
    tap_is_int(s ? strlen(s) : 0, EINVOICE_TEXT_MAX - 1,
               "long text is cut between two letters");
}

int main(void)
{
    struct arena *a = arena_new(65536);
    cii(a);
    ubl(a);
    zugferd1(a);
    refused(a);
    deep(a);
    long_text(a);
    arena_free(a);
    return tap_done();
}
