/* Derived values take part in nothing: what they were computed from stands
 * in their place, or the identity would prove itself. */
#include "invoice/repair_identity.h"
#include "invoice/marks.h"
#include "base/str.h"

typedef __int128 wide;

/* ---- building ----------------------------------------------------------- */

static void begin(struct repair_set *s, enum repair_kind kind, int32_t extra)
{
    s->list[s->n] = (struct repair_identity){
        .kind = kind, .first = (uint32_t)s->n_terms, .extra = extra};
}

static void term(struct repair_set *s, int64_t *num, const uint32_t *ink,
                 struct evidence *ev, int32_t factor)
{
    size_t i = 0;
    while (i < s->n_slots && s->slots[i].num != num)
        i++;
    if (i == s->n_slots)
        s->slots[s->n_slots++] = (struct repair_slot){num, ink, ev};
    s->terms[s->n_terms++] = (struct repair_term){(uint16_t)i, factor};
}

/* Keeps the identity begun when at least two numbers take part. */
static void end(struct repair_set *s, bool complete)
{
    struct repair_identity *id = &s->list[s->n];
    id->n = (uint32_t)s->n_terms - id->first;
    if (complete && id->n >= 2)
        s->n++;
    else
        s->n_terms = id->first;
}

static bool printed(const struct invoice *inv, enum field_id id)
{
    return inv->f[id].present && !inv->f[id].ev.derived;
}

static void field(struct repair_set *s, struct invoice *inv, enum field_id id,
                  int32_t factor)
{
    struct value *v = &inv->f[id];
    if (v->present)
        term(s, &v->num, &v->ink, &v->ev, factor);
}

static bool lines(struct repair_set *s, struct invoice *inv, int32_t rate_bp)
{
    bool any = false;
    for (size_t i = 0; i < inv->n_lines; i++) {
        struct line *l = &inv->lines[i];
        if (!l->has_amount || (rate_bp >= 0 && !l->has_rate))
            return false;
        if (rate_bp >= 0 && l->rate_bp != rate_bp)
            continue;
        term(s, &l->amount_cents, &l->amount_ink, &l->ev, 1);
        any = true;
    }
    return any;
}

static bool vat(struct repair_set *s, struct invoice *inv, bool bases)
{
    for (size_t i = 0; i < inv->n_vat; i++) {
        struct vat_line *v = &inv->vat[i];
        if (bases)
            term(s, &v->base_cents, &v->base_ink, &v->ev, 1);
        else
            term(s, &v->amount_cents, &v->amount_ink, &v->ev, 1);
    }
    return inv->n_vat > 0;
}

/* 1: net + VAT = gross, of what is printed or of its parts. */
static void build_total(struct repair_set *s, struct invoice *inv)
{
    bool ok = true;
    begin(s, REPAIR_SUM, 0);
    if (printed(inv, F_total_ht))
        field(s, inv, F_total_ht, 1);
    else
        ok = lines(s, inv, -1);
    if (printed(inv, F_total_tva))
        field(s, inv, F_total_tva, 1);
    else
        ok &= vat(s, inv, false);
    field(s, inv, F_total_ttc, -1);
    end(s, ok && printed(inv, F_total_ttc));
}

/* 2: each rate's part, their sums, and the lines of each rate. */
static void build_vat(struct repair_set *s, struct invoice *inv)
{
    for (size_t i = 0; i < inv->n_vat; i++) {
        struct vat_line *v = &inv->vat[i];
        begin(s, REPAIR_RATE, v->rate_bp);
        term(s, &v->base_cents, &v->base_ink, &v->ev, 1);
        term(s, &v->amount_cents, &v->amount_ink, &v->ev, 1);
        end(s, !v->ev.derived && v->base_cents && !v->base_derived);
        begin(s, REPAIR_SUM, 0);
        bool ok = lines(s, inv, v->rate_bp);
        term(s, &v->base_cents, &v->base_ink, &v->ev, -1);
        end(s, ok && !v->ev.derived && !v->base_derived);
    }
    begin(s, REPAIR_SUM, 0);
    vat(s, inv, false);
    field(s, inv, F_total_tva, -1);
    end(s, inv->n_vat && printed(inv, F_total_tva));
    begin(s, REPAIR_SUM, 0);
    vat(s, inv, true);
    field(s, inv, F_total_ht, -1);
    end(s, inv->n_vat && printed(inv, F_total_ht));
}

/* 3 and 4: quantity x price = amount; the lines are the net total. */
static void build_lines(struct repair_set *s, struct invoice *inv)
{
    for (size_t i = 0; i < inv->n_lines; i++) {
        struct line *l = &inv->lines[i];
        if (!l->has_quantity || !l->has_price || !l->has_amount ||
            l->amount_derived)
            continue;
        begin(s, REPAIR_PRODUCT, l->price_decimals);
        term(s, &l->quantity_milli, &l->quantity_ink, &l->ev, 1);
        term(s, &l->price_micro, &l->price_ink, &l->ev, 1);
        term(s, &l->amount_cents, &l->amount_ink, &l->ev, 1);
        end(s, true);
    }
    begin(s, REPAIR_SUM, 0);
    bool ok = lines(s, inv, -1);
    field(s, inv, F_total_ht, -1);
    end(s, ok && printed(inv, F_total_ht));
}

/* 5: the new index less the old one; an index that wrapped says nothing. */
static void build_meters(struct repair_set *s, struct invoice *inv)
{
    for (size_t i = 0; i < inv->n_meters; i++) {
        struct meter *m = &inv->meters[i];
        begin(s, REPAIR_SUM, 0);
        term(s, &m->start, &m->start_ink, &m->ev, -1);
        term(s, &m->end, &m->end_ink, &m->ev, 1);
        term(s, &m->consumption, &m->consumption_ink, &m->ev, -1);
        end(s, m->has_consumption && !m->consumption_derived);
    }
}

/* Quantities in kWh of the gas that is billed. */
static bool gas_lines(struct repair_set *s, struct invoice *inv)
{
    bool any = false;
    for (size_t i = 0; i < inv->n_lines; i++) {
        struct line *l = &inv->lines[i];
        bool gas = l->energy == ENERGY_GAS || inv->energy == ENERGY_GAS;
        if (l->component != COMP_CONSUMPTION || !gas)
            continue;
        if (!l->has_quantity || l->unit != UNIT_KWH)
            return false;
        term(s, &l->quantity_milli, &l->quantity_ink, &l->ev, 1);
        any = true;
    }
    return any;
}

static size_t gas_meters(struct repair_set *s, struct invoice *inv)
{
    size_t n = 0;
    for (size_t i = 0; i < inv->n_meters; i++) {
        struct meter *m = &inv->meters[i];
        if (m->energy != ENERGY_GAS && m->unit != UNIT_M3 &&
            inv->energy != ENERGY_GAS)
            continue;
        term(s, &m->consumption, &m->consumption_ink, &m->ev, 1000);
        n++;
    }
    return n;
}

/* 6: cubic metres x coefficient = kWh. */
static void build_gas(struct repair_set *s, struct invoice *inv)
{
    begin(s, REPAIR_SUM, 0);
    bool ok = gas_meters(s, inv) > 0;
    field(s, inv, F_volume_m3, -1);
    end(s, ok && printed(inv, F_volume_m3));
    begin(s, REPAIR_GAS, 0);
    if (printed(inv, F_volume_m3)) {
        field(s, inv, F_volume_m3, 1);
        ok = true;
    } else {
        ok = gas_meters(s, inv) == 1;
    }
    field(s, inv, F_conversion, 1);
    ok &= printed(inv, F_conversion) && gas_lines(s, inv);
    end(s, ok && !inv->several_points);
}

/* 7: gross - instalments - cheque + balance = due; and the parts of a dual
 * invoice are the whole. Instalments that are not listed explain a smaller
 * sum: without any the due amount is the total or says nothing. */
static void build_due(struct repair_set *s, struct invoice *inv)
{
    bool any = inv->f[F_deposits].present || inv->f[F_cheque_energie].present ||
               inv->f[F_previous_balance].present;
    int64_t ttc = invoice_num(inv, F_total_ttc, 0);
    begin(s, REPAIR_SUM, 0);
    field(s, inv, F_total_ttc, 1);
    field(s, inv, F_deposits, -1);
    field(s, inv, F_cheque_energie, -1);
    field(s, inv, F_previous_balance, 1);
    field(s, inv, F_amount_due, -1);
    end(s, printed(inv, F_total_ttc) && printed(inv, F_amount_due) &&
               (any || inv->f[F_total_ttc].ink || inv->f[F_amount_due].ink ||
                inv->f[F_amount_due].num == ttc));
    begin(s, REPAIR_SUM, 0);
    field(s, inv, F_electricite_ttc, 1);
    field(s, inv, F_gaz_ttc, 1);
    field(s, inv, F_total_ttc, -1);
    end(s, printed(inv, F_electricite_ttc) && printed(inv, F_gaz_ttc) &&
               printed(inv, F_total_ttc));
}

void repair_identity_build(struct arena *a, struct invoice *inv,
                           struct repair_set *set)
{
    static void (*const builders[])(struct repair_set *, struct invoice *) = {
        build_total,  build_vat, build_lines,
        build_meters, build_gas, build_due};
    size_t rows = inv->n_lines + inv->n_vat + inv->n_meters + 8;
    *set = (struct repair_set){
        .slots = ARENA_ARRAY(a, 3 * rows + F_MAX, struct repair_slot),
        .terms = ARENA_ARRAY(a, (12 + inv->n_vat) * rows, struct repair_term),
        .list = ARENA_ARRAY(a, 3 * rows, struct repair_identity)};
    for (size_t i = 0; i < ARRAY_LEN(builders); i++)
        builders[i](set, inv);
}

/* ---- judging ------------------------------------------------------------ */

static wide magnitude(wide v)
{
    return v < 0 ? -v : v;
}

static int64_t at(const struct repair_set *s, const struct repair_identity *id,
                  uint32_t i)
{
    return *s->slots[s->terms[id->first + i].slot].num;
}

static enum repair_fit fit_of(wide off, wide exact, wide near)
{
    off = magnitude(off);
    return off <= exact  ? REPAIR_EXACT
           : off <= near ? REPAIR_NEAR
                         : REPAIR_BROKEN;
}

/* Sums of money may be off by two cents of rounding; sums of readings and of
 * volumes are exact. */
static enum repair_fit sum_fit(const struct repair_set *s,
                               const struct repair_identity *id)
{
    wide off = 0;
    for (uint32_t i = 0; i < id->n; i++)
        off += (wide)at(s, id, i) * s->terms[id->first + i].factor;
    return fit_of(off, 0, 2);
}

/* Millionths of a kWh; the coefficient is printed with two or three
 * decimals, kWh in whole ones. */
static enum repair_fit gas_fit(const struct repair_set *s,
                               const struct repair_identity *id)
{
    const struct repair_term *t = &s->terms[id->first];
    wide volume = (wide)at(s, id, 0) * t[0].factor, kwh = 0;
    wide coef = (wide)at(s, id, 1), ulp = at(s, id, 1) % 10 ? 1 : 10;
    for (uint32_t i = 2; i < id->n; i++)
        kwh += (wide)at(s, id, i) * 1000;
    /* volumes of meters count thousandths here too */
    wide near = magnitude(volume) * ulp / 2 + magnitude(coef) * 500;
    near = near < 1000000 ? 1000000 : near;
    return fit_of(volume * coef - kwh, 501000, near);
}

enum repair_fit repair_identity_fit(const struct repair_set *s,
                                    const struct repair_identity *id)
{
    switch (id->kind) {
    case REPAIR_SUM:
        return sum_fit(s, id);
    case REPAIR_PRODUCT: {
        int64_t q = at(s, id, 0), p = at(s, id, 1), cents = at(s, id, 2);
        wide off = (wide)q * p - (wide)cents * 10000000;
        if (magnitude(off) <= 5100000)
            return REPAIR_EXACT;
        return marks_product_ok(q, p, id->extra, cents) ? REPAIR_NEAR
                                                        : REPAIR_BROKEN;
    }
    case REPAIR_RATE:
        return fit_of((wide)at(s, id, 0) * id->extra -
                          (wide)at(s, id, 1) * 10000,
                      5100, 20000);
    case REPAIR_GAS:
        return gas_fit(s, id);
    }
    return REPAIR_EXACT;
}

bool repair_identity_has(const struct repair_set *s,
                         const struct repair_identity *id, size_t slot)
{
    for (uint32_t i = 0; i < id->n; i++)
        if (s->terms[id->first + i].slot == slot)
            return true;
    return false;
}
