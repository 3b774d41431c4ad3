/* Which identities a record's numbers take part in, and how well they hold:
 * broken, within rounding, exactly; derived values prove nothing. */
#include "invoice/repair_identity.h"
#include "tap.h"

static struct invoice bill(struct line *l, struct vat_line *v, struct meter *m)
{
    *l = (struct line){.component = COMP_CONSUMPTION,
                       .energy = ENERGY_GAS,
                       .unit = UNIT_KWH,
                       .has_quantity = true,
                       .quantity_milli = 2405000,
                       .has_price = true,
                       .price_micro = 66500,
                       .price_decimals = 5,
                       .has_amount = true,
                       .amount_cents = 15993,
                       .has_rate = true,
                       .rate_bp = 2000};
    *v = (struct vat_line){
        .rate_bp = 2000, .base_cents = 15993, .amount_cents = 3199};
    *m = (struct meter){.start = 4318,
                        .end = 4532,
                        .unit = UNIT_M3,
                        .energy = ENERGY_GAS,
                        .has_consumption = true,
                        .consumption = 214};
    struct invoice inv = {.energy = ENERGY_GAS,
                          .lines = l,
                          .n_lines = 1,
                          .vat = v,
                          .n_vat = 1,
                          .meters = m,
                          .n_meters = 1};
    static const struct {
        enum field_id id;
        int64_t num;
    } fields[] = {{F_total_ht, 15993},   {F_total_tva, 3199},
                  {F_total_ttc, 19192},  {F_amount_due, 19192},
                  {F_conversion, 11240}, {F_volume_m3, 214000}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        inv.f[fields[i].id] =
            (struct value){.present = true, .num = fields[i].num};
    return inv;
}

static size_t count(const struct repair_set *s, enum repair_fit fit)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        n += repair_identity_fit(s, &s->list[i]) == fit;
    return n;
}

int main(void)
{
    struct arena *a = arena_new(1 << 14);
    struct line l;
    struct vat_line v;
    struct meter m;
    struct invoice inv = bill(&l, &v, &m);
    struct repair_set s;
    repair_identity_build(a, &inv, &s);
    tap_is_int((long)s.n, 11, "eleven identities of a gas bill");
    tap_is_int((long)count(&s, REPAIR_EXACT), 11, "all hold exactly");
    inv.f[F_total_ttc].num += 2;
    tap_is_int((long)count(&s, REPAIR_NEAR), 2,
               "two cents: near, in the total and in what is due");
    inv.f[F_total_ttc].num += 98;
    tap_is_int((long)count(&s, REPAIR_BROKEN), 2, "a euro: broken");
    inv.f[F_total_ttc].num -= 100;
    m.end += 10;
    tap_is_int((long)count(&s, REPAIR_BROKEN), 1, "an index: broken");
    m.end -= 10;
    inv.f[F_conversion].num = 11340;
    tap_is_int((long)count(&s, REPAIR_BROKEN), 1, "a coefficient: broken");
    inv.f[F_conversion].num = 11240;
    l.price_micro = 66502;
    tap_is_int((long)count(&s, REPAIR_NEAR), 1,
               "a price rounded to its last decimal: near");

    inv = bill(&l, &v, &m);
    inv.f[F_total_ht].ev.derived = true;
    inv.f[F_total_ht].num = 99999;
    repair_identity_build(a, &inv, &s);
    tap_is_int((long)count(&s, REPAIR_BROKEN), 0,
               "a derived total takes part in nothing");
    m.consumption_derived = true;
    l.amount_derived = true;
    repair_identity_build(a, &inv, &s);
    bool product = false;
    for (size_t i = 0; i < s.n; i++)
        product |= s.list[i].kind == REPAIR_PRODUCT;
    tap_ok(!product, "nor does an amount that was computed from its factors");
    arena_free(a);
    return tap_done();
}
