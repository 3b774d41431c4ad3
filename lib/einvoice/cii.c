/* The table below is the order of elements that the schema prescribes. Each
 * row is a leaf by its path: elements are opened and closed where two
 * neighbouring paths part, so an element without any leaf is never written. */
#include "einvoice/cii.h"
#include <string.h>
#include "base/str.h"
#include "base/banned.h"

enum form {
    TEXT,
    DATE,      /* format 102 */
    IS_VAT,    /* "VAT" where the term is */
    IS_CHARGE, /* "true" where the term is */
    IS_NOT,    /* "false" where the term is */
    CURRENCY,  /* with currencyID */
    QUANTITY,  /* with unitCode of the term that follows in the table */
    VAT_ID,    /* schemeID VA */
    LEGAL_ID,  /* schemeID 0002 (SIRENE) for a French number of nine digits */
    ALWAYS     /* an element the schema wants, even empty */
};

struct row {
    const char *path;
    enum einvoice_term term;
    enum form form;
};

#define T     "rsm:SupplyChainTradeTransaction/"
#define LINE  T "ram:IncludedSupplyChainTradeLineItem/"
#define AGREE T "ram:ApplicableHeaderTradeAgreement/"
#define SELL  AGREE "ram:SellerTradeParty/"
#define BUY   AGREE "ram:BuyerTradeParty/"
#define DELIV T "ram:ApplicableHeaderTradeDelivery"
#define PAY   T "ram:ApplicableHeaderTradeSettlement/"
#define SUM   PAY "ram:SpecifiedTradeSettlementHeaderMonetarySummation/"
#define TAX   PAY "ram:ApplicableTradeTax/"
#define EXTRA PAY "ram:SpecifiedTradeAllowanceCharge/"
#define LPAY  LINE "ram:SpecifiedLineTradeSettlement/"
#define DAY   "/udt:DateTimeString"

static const struct row head[] = {
    {"rsm:ExchangedDocumentContext/"
     "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
     BT_24, TEXT},
    {"rsm:ExchangedDocument/ram:ID", BT_1, TEXT},
    {"rsm:ExchangedDocument/ram:TypeCode", BT_3, TEXT},
    {"rsm:ExchangedDocument/ram:IssueDateTime" DAY, BT_2, DATE},
};

static const struct row line[] = {
    {LINE "ram:AssociatedDocumentLineDocument/ram:LineID", BT_126, TEXT},
    {LINE "ram:SpecifiedTradeProduct/ram:Name", BT_153, TEXT},
    {LINE "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/"
          "ram:ChargeAmount",
     BT_146, TEXT},
    {LINE "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/"
          "ram:BasisQuantity",
     BT_149, QUANTITY},
    {LINE "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", BT_129,
     QUANTITY},
    {LPAY "ram:ApplicableTradeTax/ram:TypeCode", BT_151, IS_VAT},
    {LPAY "ram:ApplicableTradeTax/ram:CategoryCode", BT_151, TEXT},
    {LPAY "ram:ApplicableTradeTax/ram:RateApplicablePercent", BT_152, TEXT},
    {LPAY "ram:BillingSpecifiedPeriod/ram:StartDateTime" DAY, BT_134, DATE},
    {LPAY "ram:BillingSpecifiedPeriod/ram:EndDateTime" DAY, BT_135, DATE},
    {LPAY "ram:SpecifiedTradeSettlementLineMonetarySummation/"
          "ram:LineTotalAmount",
     BT_131, TEXT},
};

static const struct row parties[] = {
    {AGREE "ram:BuyerReference", BT_10, TEXT},
    {SELL "ram:ID", BT_29, TEXT},
    {SELL "ram:Name", BT_27, TEXT},
    {SELL "ram:SpecifiedLegalOrganization/ram:ID", BT_30, LEGAL_ID},
    {SELL "ram:PostalTradeAddress/ram:PostcodeCode", BT_38, TEXT},
    {SELL "ram:PostalTradeAddress/ram:LineOne", BT_35, TEXT},
    {SELL "ram:PostalTradeAddress/ram:CityName", BT_37, TEXT},
    {SELL "ram:PostalTradeAddress/ram:CountryID", BT_40, TEXT},
    {SELL "ram:SpecifiedTaxRegistration/ram:ID", BT_31, VAT_ID},
    {BUY "ram:Name", BT_44, TEXT},
    {BUY "ram:SpecifiedLegalOrganization/ram:ID", BT_47, LEGAL_ID},
    {BUY "ram:PostalTradeAddress/ram:PostcodeCode", BT_53, TEXT},
    {BUY "ram:PostalTradeAddress/ram:LineOne", BT_50, TEXT},
    {BUY "ram:PostalTradeAddress/ram:CityName", BT_52, TEXT},
    {BUY "ram:PostalTradeAddress/ram:CountryID", BT_55, TEXT},
    {BUY "ram:SpecifiedTaxRegistration/ram:ID", BT_48, VAT_ID},
    {AGREE "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", BT_13,
     TEXT},
    {AGREE "ram:ContractReferencedDocument/ram:IssuerAssignedID", BT_12, TEXT},
    {DELIV "/ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime" DAY,
     BT_72, DATE},
    {DELIV, BT_72, ALWAYS},
    {PAY "ram:PaymentReference", BT_83, TEXT},
    {PAY "ram:TaxCurrencyCode", BT_6, TEXT},
    {PAY "ram:InvoiceCurrencyCode", BT_5, TEXT},
    {PAY "ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode", BT_81, TEXT},
    {PAY "ram:SpecifiedTradeSettlementPaymentMeans/"
         "ram:PayeePartyCreditorFinancialAccount/ram:IBANID",
     BT_84, TEXT},
};

static const struct row tax[] = {
    {TAX "ram:CalculatedAmount", BT_117, TEXT},
    {TAX "ram:TypeCode", BT_118, IS_VAT},
    {TAX "ram:ExemptionReason", BT_120, TEXT},
    {TAX "ram:BasisAmount", BT_116, TEXT},
    {TAX "ram:CategoryCode", BT_118, TEXT},
    {TAX "ram:ExemptionReasonCode", BT_121, TEXT},
    {TAX "ram:RateApplicablePercent", BT_119, TEXT},
};

static const struct row period[] = {
    {PAY "ram:BillingSpecifiedPeriod/ram:StartDateTime" DAY, BT_73, DATE},
    {PAY "ram:BillingSpecifiedPeriod/ram:EndDateTime" DAY, BT_74, DATE},
};

#define EXTRA_ROWS(is, amount, code, reason, category, rate)               \
    {EXTRA "ram:ChargeIndicator/udt:Indicator", amount, is},               \
        {EXTRA "ram:ActualAmount", amount, TEXT},                          \
        {EXTRA "ram:ReasonCode", code, TEXT},                              \
        {EXTRA "ram:Reason", reason, TEXT},                                \
        {EXTRA "ram:CategoryTradeTax/ram:TypeCode", category, IS_VAT},     \
        {EXTRA "ram:CategoryTradeTax/ram:CategoryCode", category, TEXT},   \
    {                                                                      \
        EXTRA "ram:CategoryTradeTax/ram:RateApplicablePercent", rate, TEXT \
    }

static const struct row allowance[] = {
    EXTRA_ROWS(IS_NOT, BT_92, BT_98, BT_97, BT_95, BT_96)};
static const struct row charge[] = {
    EXTRA_ROWS(IS_CHARGE, BT_99, BT_105, BT_104, BT_102, BT_103)};

static const struct row sums[] = {
    {PAY "ram:SpecifiedTradePaymentTerms/ram:Description", BT_20, TEXT},
    {PAY "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime" DAY, BT_9, DATE},
    {SUM "ram:LineTotalAmount", BT_106, TEXT},
    {SUM "ram:ChargeTotalAmount", BT_108, TEXT},
    {SUM "ram:AllowanceTotalAmount", BT_107, TEXT},
    {SUM "ram:TaxBasisTotalAmount", BT_109, TEXT},
    {SUM "ram:TaxTotalAmount", BT_110, CURRENCY},
    {SUM "ram:TaxTotalAmount", BT_111, CURRENCY},
    {SUM "ram:RoundingAmount", BT_114, TEXT},
    {SUM "ram:GrandTotalAmount", BT_112, TEXT},
    {SUM "ram:TotalPrepaidAmount", BT_113, TEXT},
    {SUM "ram:DuePayableAmount", BT_115, TEXT},
};

/* The parts of the file; a part of a group is written once for each. */
static const struct part {
    const struct row *rows;
    size_t n;
    enum einvoice_group group;
} parts[] = {
    {head, ARRAY_LEN(head), EINVOICE_DOC},
    {line, ARRAY_LEN(line), EINVOICE_LINE},
    {parties, ARRAY_LEN(parties), EINVOICE_DOC},
    {tax, ARRAY_LEN(tax), EINVOICE_VAT},
    {period, ARRAY_LEN(period), EINVOICE_DOC},
    {allowance, ARRAY_LEN(allowance), EINVOICE_ALLOWANCE},
    {charge, ARRAY_LEN(charge), EINVOICE_CHARGE},
    {sums, ARRAY_LEN(sums), EINVOICE_DOC},
};

/* ---- writing ------------------------------------------------------------ */

struct writer {
    struct buf *out;
    const struct einvoice *e;
    const char *open; /* path of the innermost open element, or "" */
    size_t open_n;    /* bytes of it */
};

/* Control characters, U+FFFE and U+FFFF are no characters of XML 1.0, not
 * even escaped: how many bytes to leave out at s. */
static size_t unwritable(const char *s)
{
    if ((unsigned char)*s < 0x20)
        return 1;
    return strncmp(s, "\xef\xbf\xbe", 3) == 0 ||
                   strncmp(s, "\xef\xbf\xbf", 3) == 0
               ? 3
               : 0;
}

static void escaped(struct buf *out, const char *s)
{
    for (size_t skip; *s; s += skip ? skip : 1) {
        skip = unwritable(s);
        if (skip)
            continue;
        switch (*s) {
        case '&':
            buf_str(out, "&amp;");
            break;
        case '<':
            buf_str(out, "&lt;");
            break;
        case '>':
            buf_str(out, "&gt;");
            break;
        case '"':
            buf_str(out, "&quot;");
            break;
        default:
            buf_char(out, *s);
        }
    }
}

/* Closes open elements until keep bytes of the path are left. */
static void close_to(struct writer *w, size_t keep)
{
    while (w->open_n > keep) {
        size_t at = w->open_n;
        while (at > 0 && w->open[at - 1] != '/')
            at--;
        buf_str(w->out, "</");
        buf_add(w->out, w->open + at, w->open_n - at);
        buf_char(w->out, '>');
        w->open_n = at > 0 ? at - 1 : 0;
    }
}

/* Bytes of whole elements that both paths begin with, the leaf excepted. */
static size_t common(const struct writer *w, const char *path, size_t n)
{
    size_t last = 0;
    for (size_t i = 0; i <= w->open_n && i <= n; i++) {
        const bool end = i == w->open_n || w->open[i] == '/';
        if (end && (i == n || path[i] == '/') && i > 0)
            last = i;
        if (i == w->open_n || i == n || w->open[i] != path[i])
            break;
    }
    return last;
}

/* Opens what leads to the leaf, and leaves the leaf itself to the caller. */
static const char *enter(struct writer *w, const char *path)
{
    const char *leaf = strrchr(path, '/') + 1;
    const size_t n = (size_t)(leaf - path) - 1;
    size_t at = common(w, path, n);
    close_to(w, at);
    while (at < n) {
        at += at > 0;
        const size_t len = strcspn(path + at, "/");
        buf_char(w->out, '<');
        buf_add(w->out, path + at, len);
        buf_char(w->out, '>');
        at += len;
    }
    w->open = path;
    w->open_n = n;
    return leaf;
}

static bool is_siren(const struct einvoice *e, enum einvoice_term t)
{
    const char *country = einvoice_text(e, t == BT_30 ? BT_40 : BT_55, 0);
    const char *s = einvoice_text(e, t, 0);
    return str_eq(country, "FR") && strlen(s) == 9 &&
           strspn(s, "0123456789") == 9;
}

static void attribute(struct writer *w, const struct row *r, uint16_t at)
{
    const char *value = NULL, *name = "schemeID";
    if (r->form == DATE)
        name = "format", value = "102";
    else if (r->form == VAT_ID)
        value = "VA";
    else if (r->form == LEGAL_ID && is_siren(w->e, r->term))
        value = "0002";
    else if (r->form == CURRENCY)
        name = "currencyID",
        value = einvoice_text(w->e, r->term == BT_111 ? BT_6 : BT_5, 0);
    else if (r->form == QUANTITY)
        name = "unitCode",
        value = einvoice_text(w->e, (enum einvoice_term)(r->term + 1), at);
    if (!value)
        return;
    buf_printf(w->out, " %s=\"", name);
    escaped(w->out, value);
    buf_char(w->out, '"');
}

static void content(struct writer *w, const struct row *r, const char *text)
{
    switch (r->form) {
    case IS_VAT:
        buf_str(w->out, "VAT");
        break;
    case IS_CHARGE:
        buf_str(w->out, "true");
        break;
    case IS_NOT:
        buf_str(w->out, "false");
        break;
    case DATE: /* kept as YYYY-MM-DD */
        buf_add(w->out, text, 4);
        buf_add(w->out, text + 5, 2);
        buf_add(w->out, text + 8, 2);
        break;
    default:
        escaped(w->out, text);
    }
}

/* VAT in a currency that is not told would read as the invoice's VAT. */
static bool is_nameless(const struct einvoice *e, const struct row *r)
{
    return r->term == BT_111 && !einvoice_text(e, BT_6, 0);
}

static void write_row(struct writer *w, const struct row *r, uint16_t at)
{
    const char *text = einvoice_text(w->e, r->term, at);
    int32_t day;
    if (r->form == ALWAYS && !text) {
        const char *leaf = enter(w, r->path);
        buf_printf(w->out, "<%s/>", leaf);
        return;
    }
    if (!text || r->form == ALWAYS || is_nameless(w->e, r) ||
        (r->form == DATE && !einvoice_day(w->e, r->term, at, &day)))
        return;
    const char *leaf = enter(w, r->path);
    buf_printf(w->out, "<%s", leaf);
    attribute(w, r, at);
    buf_char(w->out, '>');
    content(w, r, text);
    buf_printf(w->out, "</%s>", leaf);
}

/* How much of the path stays open between two of a group. */
static size_t group_root(enum einvoice_group g)
{
    return g == EINVOICE_LINE ? sizeof T - 2 : sizeof PAY - 2;
}

static void write_part(struct writer *w, const struct part *p)
{
    for (uint16_t at = 0; at < w->e->n[p->group]; at++) {
        if (p->group != EINVOICE_DOC && w->open_n > group_root(p->group))
            close_to(w, group_root(p->group));
        for (size_t i = 0; i < p->n; i++)
            write_row(w, &p->rows[i], at);
    }
}

void cii_write(struct buf *out, const struct einvoice *e)
{
    static const char root[] = "rsm:CrossIndustryInvoice";
    static const char data[] = "urn:un:unece:uncefact:data:standard:";
    struct writer w = {.out = out, .e = e, .open = ""};
    buf_printf(out,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%s "
               "xmlns:rsm=\"%sCrossIndustryInvoice:100\" "
               "xmlns:ram=\"%sReusableAggregateBusinessInformationEntity:100\" "
               "xmlns:udt=\"%sUnqualifiedDataType:100\">",
               root, data, data, data);
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        write_part(&w, &parts[i]);
    close_to(&w, 0);
    buf_printf(out, "</%s>\n", root);
}
