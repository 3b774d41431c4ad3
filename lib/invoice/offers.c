/* Which of the loaded offers is the cheapest for a bill. */
#include "invoice/offers.h"
#include "base/str.h"

static bool fits(const struct offer_row *o, const struct basket *b)
{
    if (o->gas != (b->energy == ENERGY_GAS) || b->end < o->from ||
        o->to < b->end || o->month_ttc < 0)
        return false;
    if (o->gas)
        return !*o->option || str_eq(o->option, b->heating ? "T2" : "T1");
    return o->kva == b->kva;
}

/* False when the offer lacks a price, or the bill the registers it needs. */
static bool energy_cost(const struct offer_row *o, const struct basket *b,
                        __int128 *cost)
{
    const int64_t hp = b->kwh_milli[BASKET_HP], hc = b->kwh_milli[BASKET_HC];
    if (str_eq(o->option, "HPHC")) {
        *cost = (__int128)o->hp * hp + (__int128)o->hc * hc;
        return o->hp >= 0 && o->hc >= 0 && hp + hc == b->all_kwh_milli;
    }
    *cost = (__int128)o->base * b->all_kwh_milli;
    return o->base >= 0;
}

bool offers_cheapest(const struct reference *ref, const struct basket *b,
                     struct offers_cost *best)
{
    bool found = false;
    for (size_t i = 0; i < ref->n_offers; i++) {
        const struct offer_row *o = &ref->offers[i];
        struct offers_cost c;
        if (!fits(o, b) || !energy_cost(o, b, &c.energy))
            continue;
        c.subscription = (__int128)o->month_ttc * b->months_milli;
        if (!found ||
            c.subscription + c.energy < best->subscription + best->energy)
            *best = c;
        found = true;
    }
    return found;
}
