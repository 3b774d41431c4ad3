#include "invoice/marks.h"
#include "base/clock.h"
#include "paper.h"
#include "tap.h"

static struct arena *mem;
static struct mark m[MARKS_MAX];

static size_t scan(const char *text)
{
    struct document *doc = paper_read(mem, text, false);
    struct layout *l = layout_build(mem, doc);
    return l->n_rows ? marks_scan(&l->rows[0], m) : 0;
}

static void a_line(void)
{
    size_t n = scan("Abonnement du 12/03/2025 au 11/05/2025  2 mois  "
                    "11,18000 €/mois  22,36 €  5,5 %");
    tap_is_int(n, 5, "five values");
    tap_is_int(m[0].kind, MARK_PERIOD, "a period");
    tap_is_int(m[0].start, clock_days(2025, 3, 12), "its start");
    tap_is_int(m[1].kind, MARK_QUANTITY, "a quantity");
    tap_is_int(m[1].unit, UNIT_MONTH, "of months");
    tap_is_int(m[2].kind, MARK_PRICE, "a price");
    tap_is_int(m[2].micro, 11180000, "in micro-euros");
    tap_is_int(m[3].kind, MARK_MONEY, "money");
    tap_is_int(m[3].n.digits, 2236, "in cents");
    tap_is_int(m[4].kind, MARK_RATE, "a rate");
}

static void odd_ones(void)
{
    tap_is_int(scan("T2 C5 ATRD7 n°12"), 1, "digits inside words are none");
    tap_is_int(scan("0,05 € /appel"), 1, "a charge a call");
    tap_ok(m[0].kind != MARK_MONEY, "is no amount");
    scan("48,00 € CR");
    tap_is_int(m[0].n.digits, -4800, "a credit is negative");
    scan("-16,44");
    tap_is_int(m[0].n.digits, -1644, "so is a minus");
    scan("3,370 c€/kWh");
    tap_is_int(m[0].micro, 33700, "cents a kWh");
    tap_is_int(scan("sans valeur"), 0, "nothing");
}

static void identities(void)
{
    tap_ok(marks_product_ok(742000, 169000, 4, 12540), "742 x 0,1690");
    tap_ok(!marks_product_ok(742000, 169000, 4, 12640), "not 126,40");
    tap_ok(marks_product_ok(25427000, 1060, 5, 2695), "a rounded price");
    tap_ok(!marks_product_ok(18000, 17200000, 2, 30900), "60 cents off");
    tap_ok(marks_vat_ok(2600, 550, 143), "5,5 per cent of 26,00");
    tap_ok(!marks_vat_ok(2600, 550, 153), "not 1,53");
}

int main(void)
{
    mem = arena_new(1 << 16);
    a_line();
    odd_ones();
    identities();
    arena_free(mem);
    return tap_done();
}
