/* A reading as electronic invoice: what is written of it, and that nothing is
 * invented where the paper is silent. */
#include "invoice/export.h"
#include "base/str.h"
#include "einvoice/parse.h"
#include "tap.h"

static void set(struct invoice *inv, enum field_id id, const char *text,
                int64_t num)
{
    inv->f[id] = (struct value){.present = true,
                                .text = text,
                                .num = num,
                                .ev = {.conf = 1000, .page = 1}};
}

static struct line lines[3];
static struct vat_line vat[1];

/* 200 kWh and a subscription at 20 %: 40.00 + 12.00 = 52.00, 10.40, 62.40. */
static struct invoice sound(void)
{
    lines[0] = (struct line){.component = COMP_CONSUMPTION,
                             .label = "Consommation",
                             .has_quantity = true,
                             .quantity_milli = 200000,
                             .unit = UNIT_KWH,
                             .has_price = true,
                             .price_micro = 200000,
                             .price_decimals = 4,
                             .has_amount = true,
                             .amount_cents = 4000};
    lines[1] = (struct line){.component = COMP_SUBSCRIPTION,
                             .has_amount = true,
                             .amount_cents = 1500,
                             .has_period = true,
                             .start = 20454,
                             .end = 20484};
    lines[2] = (struct line){.component = COMP_DISCOUNT,
                             .label = "Remise",
                             .has_amount = true,
                             .amount_cents = -300};
    vat[0] = (struct vat_line){
        .rate_bp = 2000, .base_cents = 5200, .amount_cents = 1040};
    struct invoice inv = {.paper = PAPER_INVOICE,
                          .lines = lines,
                          .n_lines = 3,
                          .vat = vat,
                          .n_vat = 1};
    set(&inv, F_invoice_number, "F-1", 0);
    set(&inv, F_invoice_date, NULL, 20468);
    set(&inv, F_due_date, NULL, 20484);
    set(&inv, F_currency, "EUR", 0);
    set(&inv, F_supplier_name, "Lumio Exemple", 0);
    set(&inv, F_supplier_vat_id, "FR32123456789", 0);
    set(&inv, F_customer_name, "Camille Essai", 0);
    set(&inv, F_billing_address, "3 rue des Essais 69000 Exempleville", 0);
    set(&inv, F_pdl, "09123456789012", 0);
    set(&inv, F_total_ht, NULL, 5200);
    set(&inv, F_total_tva, NULL, 1040);
    set(&inv, F_total_ttc, NULL, 6240);
    set(&inv, F_amount_due, NULL, 6240);
    return inv;
}

static const char *got(const struct einvoice *e, enum einvoice_term t,
                       uint16_t at)
{
    const char *s = einvoice_text(e, t, at);
    return s ? s : "";
}

static void terms(struct arena *a)
{
    const struct invoice inv = sound();
    const struct einvoice *e = export_terms(a, &inv);
    tap_is_str(got(e, BT_2, 0), "2026-01-15", "the date");
    tap_is_str(got(e, BT_40, 0), "FR",
               "the seller's country by its VAT number");
    tap_is_str(got(e, BT_55, 0), "FR", "the buyer's by meter and postcode");
    tap_is_str(got(e, BT_129, 0), "200", "kWh");
    tap_is_str(got(e, BT_130, 0), "KWH", "their code");
    tap_is_str(got(e, BT_146, 0), "0.20", "and price");
    tap_is_str(got(e, BT_152, 0), "20", "the only rate");
    tap_is_str(got(e, BT_129, 1), "1", "a lump sum is one");
    tap_is_str(got(e, BT_153, 1), "Abonnement", "named by what it is");
    tap_is_str(got(e, BT_134, 1), "2026-01-01", "with its period");
    tap_is_str(got(e, BT_129, 2), "-1", "a discount is a negative quantity");
    tap_is_str(got(e, BT_146, 2), "3.00", "of a positive price");
    tap_is_str(got(e, BT_106, 0), "52.00", "the sum of lines");
    tap_is_str(got(e, BT_3, 0), "380", "an invoice");
}

static size_t problems(struct arena *a, const struct invoice *inv,
                       const struct cii_problem **p)
{
    struct bytes xml;
    size_t n;
    const enum err e = export_cii(a, inv, &xml, p, &n);
    return e == OK ? 0 : n;
}

static bool names(const struct cii_problem *p, size_t n, const char *term)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(p[i].term, term))
            return true;
    return false;
}

static void silent(struct arena *a)
{
    static const struct {
        enum field_id id;
        const char *term;
    } rows[] = {{F_invoice_number, "BT-1"}, {F_invoice_date, "BT-2"},
                {F_currency, "BT-5"},       {F_due_date, "BT-9"},
                {F_supplier_name, "BT-27"}, {F_supplier_vat_id, "BT-31"},
                {F_customer_name, "BT-44"}, {F_pdl, "BT-55"},
                {F_total_ht, "BT-109"},     {F_total_ttc, "BT-112"},
                {F_amount_due, "BT-115"}};
    const struct cii_problem *p;
    struct invoice inv = sound();
    tap_is_int(problems(a, &inv, &p), 0, "a whole reading is an invoice");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        inv = sound();
        inv.f[rows[i].id].present = false;
        const size_t n = problems(a, &inv, &p);
        tap_ok(names(p, n, rows[i].term), "without %s: %s is named",
               field_infos[rows[i].id].name, rows[i].term);
    }
    inv = sound();
    inv.n_lines = 0;
    tap_ok(names(p, problems(a, &inv, &p), "BG-25"), "without lines");
    inv = sound();
    inv.n_vat = 0;
    tap_ok(names(p, problems(a, &inv, &p), "BG-23"), "without VAT rows");
    inv = sound();
    lines[0].amount_cents = 4100;
    tap_ok(names(p, problems(a, &inv, &p), "BT-109"),
           "lines that are not the total");
    inv = sound();
    set(&inv, F_amount_due, NULL, 1240);
    tap_ok(names(p, problems(a, &inv, &p), "BT-115"),
           "a difference nobody explains");
    set(&inv, F_deposits, NULL, 5000);
    tap_is_int(problems(a, &inv, &p), 0, "instalments explain it");
}

static void embedded(struct arena *a)
{
    struct invoice inv = sound();
    const struct parse_limits limits = {1 << 20, 24};
    struct bytes xml;
    const struct cii_problem *p;
    size_t n;
    if (export_cii(a, &inv, &xml, &p, &n) != OK)
        return;
    struct einvoice *e = parse_xml(a, xml, &limits);
    tap_ok(e && !e->malformed && e->n[EINVOICE_LINE] == 3,
           "the file is read again");
    struct invoice blank = {.paper = PAPER_UNKNOWN, .xml = e};
    struct bytes again;
    tap_ok(export_cii(a, &blank, &again, &p, &n) == OK && again.n == xml.n &&
               memcmp(again.p, xml.p, xml.n) == 0,
           "embedded with its lines, it is given back as it is");
    struct einvoice *few = einvoice_new(a, 4); /* a profile without lines */
    few->syntax = EINVOICE_CII;
    tap_ok(einvoice_set(few, BT_3, 0, "386"), "a prepayment invoice");
    inv.xml = few;
    tap_is_str(got(export_terms(a, &inv), BT_3, 0), "386",
               "keeps the type that its XML tells");
    inv.xml = NULL;
    inv.paper = PAPER_CREDIT;
    tap_is_str(got(export_terms(a, &inv), BT_3, 0), "381", "a credit note");
}

int main(void)
{
    struct arena *a = arena_new(1 << 16);
    terms(a);
    silent(a);
    embedded(a);
    arena_free(a);
    return tap_done();
}
