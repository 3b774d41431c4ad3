/* The cheapest offer is found among those that fit; savings are against
 * offers or against the reference, never against both. */
#include "invoice/offers.h"
#include "invoice/audit.h"
#include "sample_change.h"
#include "tap.h"

static struct reference *ref;

static const struct offer_row rows[] = {
    /* 2025 to 2026: 9 kVA Base, dearer HP/HC, 6 kVA, gas of both classes */
    {20000, 21000, false, "BASE", 9, 18000000, 180000, -1, -1},
    {20000, 21000, false, "HPHC", 9, 18000000, -1, 250000, 200000},
    {20000, 21000, false, "BASE", 6, 1000000, 1000, -1, -1},
    {20000, 21000, true, "", 0, 25000000, 90000, -1, -1},
    {20000, 21000, true, "T1", 0, 1000000, 1000, -1, -1},
    {10000, 11000, false, "BASE", 9, 1000000, 1000, -1, -1},
    {20000, 21000, false, "BASE", 9, 1000000, -1, -1, -1},
};

static void load(size_t from, size_t n)
{
    ref->offers = (struct offer_row *)rows + from;
    ref->n_offers = n;
    ref->offers_day = 20500;
}

static struct audit_result position(struct arena *a, const char *id,
                                    const char *changes)
{
    struct audit_result r = {.invoice = sample_invoice(a, id, NULL)};
    sample_change(a, r.invoice, changes);
    market_compute(a, ref, r.invoice, 500, &r);
    return r;
}

static void cheapest(struct arena *a)
{
    load(0, ARRAY_LEN(rows));
    struct market m = position(a, "S2", "").overall;
    tap_is_int(m.offers_day, 20500, "the day of loading is told");
    /* 252.16 - (2 x 18 + 900 x 0.18) */
    tap_is_int(m.saving_cents, 5416, "saving of S2 in the cheapest offer");
    tap_is_int(m.saving_pct, 21, "in percent, rounded down");
    tap_is_int(m.gap_pm, 142, "the position stays that of the reference");
    tap_is_int(m.above_cents, 3135, "and so does what is above it");
    m = position(a, "S2", "kva_reached=5").overall;
    tap_is_int(m.saving_cents, 5416, "no other power is added to it");
    tap_is_int(m.power_cents, 0, "nor told");
    tap_ok(!m.has_annual, "no year without a printed one");
    m = position(a, "S2", "annual_kwh=5400").overall;
    tap_ok(m.has_annual && llabs(m.annual_cents - 6 * 5416) <= 6,
           "six times in a year of six times the kWh and months");
    load(1, 1);
    m = position(a, "S2", "").overall;
    /* 36 + 742 x 0.25 + 158 x 0.20 = 253.10 */
    tap_is_int(m.saving_cents, 0, "a dearer offer saves nothing");
    tap_is_int(m.offers_day, 20500, "and is still what was compared");
}

static void none(struct arena *a)
{
    load(2, 5);
    struct market m = position(a, "S2", "").overall;
    tap_is_int(m.offers_day, 0, "other powers, past or unpriced: no offer");
    tap_is_int(m.saving_cents, 3135, "the saving is against the reference");
    load(3, 1);
    m = position(a, "S3", "").overall;
    tap_ok(m.offers_day == 20500 && m.saving_cents > 0, "gas of any class");
    load(4, 1);
    m = position(a, "S3", "").overall;
    tap_is_int(m.offers_day, 0, "T1 is no offer for T2");
}

static void dual(struct arena *a)
{
    load(0, ARRAY_LEN(rows));
    struct audit_result r = position(a, "S5", "");
    tap_is_int(r.overall.saving_cents,
               r.market[0].saving_cents + r.market[1].saving_cents,
               "both energies against offers");
    tap_is_int(r.overall.offers_day, 20500, "and told");
    load(0, 1);
    r = position(a, "S5", "");
    tap_ok(!r.overall.offers_day && !r.market[0].offers_day,
           "an offer for one energy only is not used");
    tap_is_int(r.overall.saving_cents, 13103, "nor mixed in");
}

int main(void)
{
    struct arena *a = arena_new(65536);
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    cheapest(a);
    none(a);
    dual(a);
    arena_free(a);
    reference_free(ref);
    return tap_done();
}
