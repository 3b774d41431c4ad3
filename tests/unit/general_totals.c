/* Net, VAT, gross and due of any invoice: labels propose, arithmetic
 * decides, and what does not add up stays as printed. */
#include "invoice/invoice.h"
#include "invoice/reference.h"
#include "paper.h"
#include "tap.h"

static struct arena *mem;
static struct reference *ref;

static void totals_are(const char *text, int64_t net, int64_t vat,
                       int64_t gross, int64_t due)
{
    enum { NONE = -9999 };
    struct invoice *inv = invoice_read(mem, paper_read(mem, text, false), ref);
    tap_is_int(invoice_num(inv, F_total_ht, NONE), net, "net");
    tap_is_int(invoice_num(inv, F_total_tva, NONE), vat, "VAT");
    tap_is_int(invoice_num(inv, F_total_ttc, NONE), gross, "gross");
    tap_is_int(invoice_num(inv, F_amount_due, NONE), due, "due");
}

static void labelled(void)
{
    totals_are("Rechnung Nr. 12\nZwischensumme  100,00\nMwSt. 19 %  19,00\n"
               "Gesamtbetrag  119,00 EUR\n", 10000, 1900, 11900, 11900);
    totals_are("Invoice No. 12\nNet total  1,000.00\nVAT total  200.00\n"
               "Grand total  1,200.00\nAmount paid  700.00\n"
               "Balance due  500.00\n", 100000, 20000, 120000, 50000);
    totals_are("Avoir n° A-12\nTotal HT  -218,48 €\nTaxes  14,99 €\n"
               "Total TTC  -233,47 €\n", -21848, -1499, -23347, -23347);
}

static void arithmetic(void)
{
    totals_are("Invoice INV-78\nTotal charges (excluding VAT)    99.30\n"
               "VAT at 5%    4.97\nTotal charges including VAT    104.27\n",
               9930, 497, 10427, 10427);
    totals_are("Invoice INV-79\nSubtotal  1,500.00\nGST 5%  75.00\n"
               "PST 7%  105.00\nTotal  $1,680.00\n", 150000, 18000, 168000,
               168000);
    totals_are("Factuur 2020-17\nArtikel  Aantal  Prijs  Totaal\n"
               "Boek  1  49,99  49,99\nFactuur totaal EUR  49,99\n"
               "BTW %  Grondslag  BTW bedrag  Totaal\n"
               "21 %  41,31  8,68  49,99\n", 4131, 868, 4999, 4999);
    totals_are("Invoice INV-77\nTotal HT  TOTAL TVA  TOTAL TTC\n"
               "100,00    4,90    104,90\n", 10000, 490, 10490, 10490);
}

/* Rates of other countries, and discounts that look like VAT. */
static void vat_rows(void)
{
    struct invoice *inv = invoice_read(mem, paper_read(mem,
        "Rechnung Nr. 4711\nRabatt  5,00 %  auf 100,00  5,00\n"
        "USt. 7 %  100,00  7,00\nUSt. 19 %  200,00  38,00\n"
        "Summe netto  300,00\nGesamtbetrag  345,00\n", false), ref);
    tap_ok(inv->n_vat == 2 && inv->vat[0].rate_bp == 700 &&
               inv->vat[1].base_cents == 20000, "the rows that add up");
    inv = invoice_read(mem, paper_read(mem,
        "Facture n° 4711\nTotal HT  46,68 €\nTVA 20% : 9,34 €\n"
        "Total TTC  56,02 €\n", false), ref);
    tap_ok(inv->n_vat == 1 && inv->vat[0].base_cents == 4668,
           "one rate: the net total is its base");
}

static void honest(void)
{
    totals_are("Invoice No. 12\nNet total  100.00\nTotal VAT  25.00\n"
               "Grand total  120.00\n", 10000, 2500, 12000, 12000);
    totals_are("Receipt No 5\nTotal  9.00\nCash  10.00\nChange  1.00\n",
               -9999, -9999, 900, -9999);
    totals_are("Rechnung Nr. 5\nAlle Preise ohne MwSt.\nTotal EUR  9,00\n",
               900, -9999, 900, 900);
    totals_are("Bill date 01/02/2020\nPrevious account balance  $94.96\n"
               "Payments  -94.96\nTotal new charges  $47.48\n"
               "Total amount due  $47.48\n", -9999, -9999, 4748, 4748);
    totals_are("Rechnung 4711 vom 01.02.2020\nDanke\n", -9999, -9999, -9999,
               -9999);
}

int main(void)
{
    mem = arena_new(1 << 16);
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    if (!ref)
        return 1;
    labelled();
    arithmetic();
    vat_rows();
    honest();
    reference_free(ref);
    arena_free(mem);
    return tap_done();
}
