/* From the record to what is remembered of it. */
#include "invoice/history.h"
#include <stdlib.h>
#include "base/str.h"
#include "invoice/basket.h"
#include "invoice/plausible.h"

enum { SPAN_MAX = 4000 };

static const struct value *sure(const struct invoice *inv, enum field_id id,
                                int16_t conf_min)
{
    const struct value *v = &inv->f[id];
    return v->present && v->ev.conf >= conf_min ? v : NULL;
}

static int64_t number(const struct invoice *inv, enum field_id id,
                      int16_t conf_min, int64_t fallback)
{
    const struct value *v = sure(inv, id, conf_min);
    return v ? v->num : fallback;
}

static const char *text(const struct invoice *inv, enum field_id id,
                        int16_t conf_min)
{
    const struct value *v = sure(inv, id, conf_min);
    return v && v->text ? v->text : "";
}

int64_t history_kwh(const struct invoice *inv, enum energy energy,
                    int16_t conf_min)
{
    int64_t milli = 0;
    const struct value *billed = sure(inv, F_billed_kwh, conf_min);
    if (billed && inv->energy == energy)
        return billed->num;
    for (size_t i = 0; i < inv->n_lines; i++) {
        const struct line *l = &inv->lines[i];
        if (l->component != COMP_CONSUMPTION || !basket_line_is(inv, l, energy))
            continue;
        if (l->ev.conf < conf_min)
            return -1;
        milli += basket_line_kwh(l);
    }
    return milli > 0 ? milli / 1000 : -1;
}

/* The price for one kWh, whether printed in euros, cents or for a MWh: that
 * with which quantity and amount agree; -1 when none does. */
static int64_t price_of(const struct line *l, int64_t kwh_milli)
{
    static const int64_t per[] = {1, 100, 1000};
    for (size_t i = 0; i < ARRAY_LEN(per); i++) {
        const int64_t micro = l->price_micro / per[i];
        const int64_t cents =
            (int64_t)((__int128)kwh_milli * micro / (1000 * 10000));
        if (micro > 0 &&
            llabs(cents - l->amount_cents) <= 1 + llabs(l->amount_cents) / 200)
            return micro;
    }
    return -1;
}

static void add_price(struct history_fact *f, const struct line *l,
                      int64_t micro, int64_t kwh_milli)
{
    const char *name = l->registr && *l->registr ? l->registr : "BASE";
    for (size_t i = 0; i < f->n_prices; i++) {
        struct history_price *p = &f->prices[i];
        if (!str_eq(p->registr, name))
            continue;
        p->kwh_milli += kwh_milli;
        if (p->micro != micro)
            p->micro = -1;
        return;
    }
    if (f->n_prices < HISTORY_PRICES)
        f->prices[f->n_prices++] = (struct history_price){
            name, micro, kwh_milli, l->has_rate ? l->rate_bp : 0, l->ev};
}

static void add_prices(const struct invoice *inv, int16_t conf_min,
                       struct history_fact *f)
{
    for (size_t i = 0; i < inv->n_lines; i++) {
        const struct line *l = &inv->lines[i];
        const int64_t kwh = basket_line_kwh(l);
        if (l->component != COMP_CONSUMPTION || !l->has_price ||
            !l->has_amount || kwh <= 0 || l->ev.conf < conf_min ||
            !basket_line_is(inv, l, f->energy))
            continue;
        const int64_t micro = price_of(l, kwh);
        if (micro > 0)
            add_price(f, l, micro, kwh);
    }
}

static bool is_comparable(const struct invoice *inv)
{
    return !inv->is_foreign && !inv->several_points &&
           (inv->paper == PAPER_UNKNOWN || inv->paper == PAPER_INVOICE ||
            inv->paper == PAPER_ADJUSTMENT || inv->paper == PAPER_CREDIT);
}

static void fill_amount(const struct invoice *inv, int16_t conf_min,
                        struct history_fact *f)
{
    enum field_id id = F_total_ttc;
    if (inv->energy == ENERGY_DUAL)
        id = f->energy == ENERGY_GAS ? F_gaz_ttc : F_electricite_ttc;
    const struct value *v = sure(inv, id, conf_min);
    f->has_amount = v != NULL;
    f->amount_cents = v ? v->num : 0;
}

static bool fill(const struct invoice *inv, enum energy energy,
                 int16_t conf_min, struct history_fact *f)
{
    const enum field_id point = energy == ENERGY_GAS ? F_pce : F_pdl;
    const int64_t start = number(inv, F_period_start, conf_min, 0),
                  end = number(inv, F_period_end, conf_min, 0);
    const struct mention *replaces = &inv->mentions[MENTION_replaces];
    *f = (struct history_fact){
        .energy = energy,
        .point = text(inv, point, conf_min),
        .number = text(inv, F_invoice_number, conf_min),
        .paper = inv->paper,
        .replaces = replaces->present,
        .issued = (int32_t)number(inv, F_invoice_date, conf_min, 0),
        .start = (int32_t)start,
        .end = (int32_t)end,
        .kwh = history_kwh(inv, energy, conf_min),
        .offer_type = text(inv, F_offer_type, conf_min),
        .offer_end = (int32_t)number(inv, F_offer_end, conf_min, 0)};
    if (!*f->point || start <= 0 || end < start || end - start > SPAN_MAX)
        return false;
    fill_amount(inv, conf_min, f);
    add_prices(inv, conf_min, f);
    return true;
}

size_t history_facts(struct arena *a, const struct invoice *inv,
                     int16_t conf_min, struct history *out)
{
    static const enum energy energies[HISTORY_SIDES] = {ENERGY_ELEC,
                                                        ENERGY_GAS};
    size_t n = 0;
    if (!is_comparable(inv))
        return 0;
    inv = plausible_copy(a, inv);
    for (size_t i = 0; i < HISTORY_SIDES; i++) {
        if (inv->energy != energies[i] && inv->energy != ENERGY_DUAL)
            continue;
        out[n] = (struct history){.number_hash = ""};
        n += fill(inv, energies[i], conf_min, &out[n].now);
    }
    return n;
}
