/* Which lines are compared, and how kWh, months and class are found. */
#include "invoice/basket.h"
#include "sample_change.h"
#include "tap.h"

static struct reference *ref;

static const char *fill(struct arena *a, const char *id, const char *change,
                        enum energy e, struct basket *b)
{
    struct invoice *inv = sample_invoice(a, id, NULL);
    sample_change(a, inv, change);
    return basket_fill(a, ref, inv, e, b);
}

/* Powers go by steps up to 36 kVA, by single kVA above. */
static void powers(void)
{
    static const struct {
        int64_t kva, reached;
        int32_t lower;
    } rows[] = {
        {9, 5, 6},    {9, 6, 0},    {9, 7, 0},    {12, 8, 9},      {12, 9, 0},
        {36, 10, 12}, {36, 11, 15}, {36, 16, 18}, {3, 1, 0},       {60, 41, 46},
        {60, 42, 0},  {60, 20, 37}, {37, 10, 0},  {250, 100, 110}, {9, 0, 0},
        {0, 0, 0},    {-9, -20, 0}, {9, 12, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tap_is_int(basket_lower_power(rows[i].kva, rows[i].reached),
                   rows[i].lower, "%d of %d kVA reached", (int)rows[i].reached,
                   (int)rows[i].kva);
    tap_is_int(basket_power_step(4), 6, "the next step");
    tap_is_int(basket_power_step(36), 36, "the last one");
    tap_is_int(basket_power_step(66), 66, "and none above");
}

static void networks(struct arena *a)
{
    struct invoice *inv = sample_invoice(a, "S3", NULL);
    tap_ok(!basket_own_network(ref, inv), "an unknown supplier");
    inv->f[F_supplier_name].text = "ENGIE";
    inv->f[F_supplier_siren].text = "542107651";
    tap_ok(!basket_own_network(ref, inv), "a national one");
    inv->f[F_supplier_siren].text = "502941479";
    tap_ok(basket_own_network(ref, inv), "a local one, by its SIREN");
    inv->f[F_supplier_siren].present = false;
    tap_ok(!basket_own_network(ref, inv), "not by the name of another");
    inv->f[F_supplier_name].text = "Gaz de Bordeaux";
    tap_ok(basket_own_network(ref, inv), "but by its own");
}

int main(void)
{
    struct arena *a = arena_new(65536);
    struct basket b;
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    tap_ok(!fill(a, "S2", "", ENERGY_ELEC, &b), "S2");
    tap_is_int(b.months_milli, 2000, "months");
    tap_is_int(b.kwh_milli[BASKET_HP], 742000, "HP");
    tap_is_int(b.kwh_milli[BASKET_HC], 158000, "HC");
    tap_is_str(b.option, "HPHC", "option");
    tap_is_int((int64_t)(b.cost_subscription / 100), 3654 * 10550 / 100,
               "subscription and CTA, without the service");
    tap_ok(!fill(a, "S2", "option=BASE", ENERGY_ELEC, &b), "heading says Base");
    tap_is_str(b.option, "HPHC", "off-peak kWh decide");
    tap_ok(!fill(a, "S1", "line0.qty=-", ENERGY_ELEC, &b), "no months printed");
    tap_is_int(b.months_milli, 61 * 10000000LL / 304375, "days / 30.4375");
    tap_ok(!fill(a, "S3", "gas_class=-; car_kwh=3999", ENERGY_GAS, &b), "CAR");
    tap_ok(!b.heating, "below 4 MWh: cooking");
    tap_ok(!fill(a, "S3", "gas_class=-; car_kwh=4000", ENERGY_GAS, &b), "CAR");
    tap_ok(b.heating && b.annual_kwh == 4000, "from 4 MWh: heating");
    tap_ok(!fill(a, "S5", "gas_class=-; line6.qty=4000000", ENERGY_GAS, &b),
           "4 MWh in two months");
    tap_ok(b.heating, "can only be heating");
    tap_ok(!fill(a, "S5", "", ENERGY_GAS, &b), "dual: gas part");
    tap_is_int(b.all_kwh_milli, 2961000, "only gas kWh");
    tap_ok(fill(a, "S1", "period_start=2025-06-01", ENERGY_ELEC, &b) != NULL,
           "a period that ends before it starts");
    tap_ok(fill(a, "S1", "line2.amount=-", ENERGY_ELEC, &b) != NULL,
           "an unread amount");
    powers();
    networks(a);
    struct line l = {
        .has_quantity = true, .unit = UNIT_MWH, .quantity_milli = 1500};
    tap_is_int(basket_line_kwh(&l), 1500000, "1.5 MWh");
    l.quantity_milli = INT64_MAX;
    tap_is_int(basket_line_kwh(&l), 0, "an absurd one counts nothing");
    reference_free(ref);
    arena_free(a);
    return tap_done();
}
