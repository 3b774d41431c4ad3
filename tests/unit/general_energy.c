/* Utilities' bills in English: period, kWh by readings and by repetition,
 * the total of a bill of many sites, days that are no date of issue. */
#include "base/clock.h"
#include "invoice/invoice.h"
#include "invoice/reference.h"
#include "paper.h"
#include "tap.h"

static struct arena *mem;
static struct reference *ref;

#define TALK                                                                   \
    "This is the bill for your service and thank you for the payment\n"        \
    "Please return this part with your check to us\n"

static struct invoice *read_text(const char *text)
{
    return invoice_read(mem, paper_read(mem, text, false), ref);
}

static void period_is(const char *text, int32_t start, int32_t end,
                      const char *what)
{
    struct invoice *inv = read_text(text);
    tap_is_int(invoice_num(inv, F_period_start, 0), start, "%s", what);
    tap_is_int(invoice_num(inv, F_period_end, 0), end, "to its end");
    tap_ok(!inv->f[F_invoice_date].present, "no day of it is the issue");
}

static void periods(void)
{
    const int32_t may = clock_days(2019, 5, 21), june = clock_days(2019, 6, 20);
    period_is(TALK "Service Period: 05/21/2019   To: 06/20/2019\n"
                   "Amount Due   $ 344.85   Due Date   07/22/2019\n",
              may, june, "behind its label");
    period_is(TALK "Service Period            Meter Reading\n"
                   "06/20/19                  100\n"
                   "05/21/19                  0\n"
                   "Amount Due   $ 344.85   Due Date   07/22/19\n",
              may, june, "one day above the other, the later first");
    period_is(TALK "METER       SERVICE PERIOD                ELAPSED\n"
                   "NUMBER      From          To              DAYS\n"
                   "13714552    May 21, 2019  Jun 20, 2019    30\n"
                   "Amount Due   $ 344.85   Due Date   07/22/2019\n",
              may, june, "in a table under it");
}

static void kwh_is(const char *text, int64_t kwh, const char *what)
{
    struct invoice *inv = read_text(text);
    tap_is_int(inv->energy, ENERGY_ELEC, "electricity");
    tap_is_int(invoice_num(inv, F_billed_kwh, -1), kwh, "%s", what);
}

static void kwhs(void)
{
    static const char head[] =
        TALK "Electric service\nAmount Due $ 44.85  Due Date 07/22/2019\n";
    kwh_is(arena_printf(mem,
                        "%s111  1000  1010  1,000.0  10,000 onkwh\n"
                        "222  500  507  100  700 kWh\n"
                        "333  500  507  100  700 kVarh\n"
                        "Energy charge  2,000 kWh  0.10  200.00\n",
                        head),
           10700, "readings x multiplier, of two meters");
    kwh_is(arena_printf(mem, "%s477  477  0 kWh\n", head), 0, "nothing used");
    kwh_is(arena_printf(mem,
                        "%sEnergy Charges (42,438 kWh)  3,745.49\n"
                        "Off-Peak 13,955.000 kWh x $0.04835  674.72\n"
                        "System Usage (42,438.000 kWh x $0.00689)  292.40\n",
                        head),
           42438, "what is said most often");
}

static void total_is(const char *text, int64_t total, int64_t due,
                     const char *what)
{
    struct invoice *inv = read_text(text);
    tap_is_int(invoice_num(inv, F_total_ttc, 0), total, "%s", what);
    tap_is_int(invoice_num(inv, F_amount_due, 0), due, "and what is due");
}

static void totals(void)
{
    total_is(TALK "Amount Due   $ 883.25   Due Date   07/22/2019\n"
                  "Site 1\nTotal New Charges   850.40\n"
                  "Site 2\nTotal New Charges   0.00\n"
                  "Site 3\nTotal New Charges   32.85\n",
             88325, 88325, "the sum of the sites");
    total_is(TALK "Previous Amount Due   1,000.00\nPayments   1,000.00\n"
                  "Balance Forward   0.00\nCurrent Charges   200.00\n"
                  "Other Charges   50.00\n"
                  "Amount Due   $ 250.00   Due Date   07/22/2019\n",
             25000, 25000, "nothing was left over");
    total_is(TALK "Previous Amount Due   1,000.00\nPayments   900.00\n"
                  "Balance Forward   100.00\nTotal New Charges   200.00\n"
                  "Amount Due   $ 300.00   Due Date   07/22/2019\n",
             20000, 30000, "what was left over is no part of the bill");
}

int main(void)
{
    mem = arena_new(1 << 20);
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    tap_ok(ref != NULL, "the reference tables are read");
    periods();
    kwhs();
    totals();
    arena_free(mem);
    reference_free(ref);
    return tap_done();
}
