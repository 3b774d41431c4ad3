/* Number, date and due date of invoices that bill no energy, by labels of
 * several languages and by place. */
#include "base/clock.h"
#include "invoice/invoice.h"
#include "invoice/reference.h"
#include "paper.h"
#include "tap.h"

static struct arena *mem;
static struct reference *ref;

static struct invoice *read_text(const char *text)
{
    return invoice_read(mem, paper_read(mem, text, false), ref);
}

static void number_is(const char *text, const char *want)
{
    const char *got = invoice_text(read_text(text), F_invoice_number);
    if (want)
        tap_is_str(got, want, "%s", want);
    else
        tap_ok(!got, "no number");
}

static void numbers(void)
{
    number_is("Handelsrechnung Nr. TX-471102 vom 30.10.2018\n", "TX-471102");
    number_is("Invoice # RE-20190610/507 issued at 2019-06-10\n",
              "RE-20190610/507");
    number_is("Invoice INV/2023/03/0008\n", "INV/2023/03/0008");
    number_is("Klant        Factuur       Vervaldatum\n"
              "SCON03       VF10051930    22-9-2022\n", "VF10051930");
    number_is("Handelsrechnung (380) Nr. 47110815 vom 01.12.2025\n",
              "47110815");
    number_is("Facture de décompte n° 700123456\n", "700123456");
    number_is("Avoir AV-2017-0005\nFacture liée  FA-2017-0010\n",
              "AV-2017-0005");
    number_is("Sammy\n                  INVOICE\n                 "
              "# invoice_number_1\n", "invoice_number_1");
    number_is("Rechnung  Seite 1\n", NULL);
}

static void dates_are(const char *text, int32_t issued, int32_t due)
{
    struct invoice *inv = read_text(text);
    tap_is_int(invoice_num(inv, F_invoice_date, 0), issued, "issued");
    tap_is_int(invoice_num(inv, F_due_date, 0), due, "due");
}

static void dates(void)
{
    dates_are("Invoice 12345\nInvoice Date:    Due Date:\n"
              "03/20/2023       04/04/2023\n", clock_days(2023, 3, 20),
              clock_days(2023, 4, 4));
    dates_are("Rechnung Nr. 471102 vom 05.03.2018\nLieferdatum 01.03.2018\n"
              "Zahlbar innerhalb 30 Tagen netto bis 04.04.2018, 3% Skonto "
              "innerhalb 10 Tagen bis 15.03.2018\n", clock_days(2018, 3, 5),
              clock_days(2018, 4, 4));
    dates_are("Factuur 123456\nFactuurdatum: 19 april 2014\n"
              "Orderdatum: 18 april 2014\n", clock_days(2014, 4, 19), 0);
    dates_are("Invoice 123456\nDate 01/02/2020\nDue date 01/02/2009\n",
              clock_days(2020, 2, 1), 0);
}

/* A date that no label names: near the top, beside nothing, or on a
 * receipt. */
static void bare_dates(void)
{
    dates_are("2019-06-10\nInvoice RE-2019\n", clock_days(2019, 6, 10), 0);
    dates_are("Invoice RE-2019\n-1,014.22    2019-06-10    344.85\n", 0, 0);
    dates_are("Tax Invoice\nTel 05.22.95\nLe 30/03/2018 12:36\nCash 5.00\n",
              clock_days(2018, 3, 30), 0);
}

static void refusals(void)
{
    struct invoice *inv = read_text("Minutes of 01/02/2020\nTotal  12.00\n");
    tap_ok(!inv->f[F_total_ttc].present && inv->paper != PAPER_INVOICE,
           "no invoice, no totals");
    inv = read_text("Invoice No. 12\nDate 01/02/2020\nTotal  12.00\n");
    tap_is_int(inv->paper, PAPER_INVOICE, "an invoice");
    tap_is_int(inv->energy, ENERGY_NONE, "that bills no energy");
}

int main(void)
{
    mem = arena_new(1 << 16);
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    if (!ref)
        return 1;
    numbers();
    dates();
    bare_dates();
    refusals();
    reference_free(ref);
    arena_free(mem);
    return tap_done();
}
