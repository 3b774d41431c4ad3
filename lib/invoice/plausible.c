/* Wide limits: far above any bill, far below what integers hold. */
#include "invoice/plausible.h"
#include <string.h>

static const int64_t CENTS_MAX = 10000000000,        /* 100 M€ */
    MILLI_MAX = 10000000000000,                      /* 10^10 units */
    MICRO_MAX = 1000000000000,                       /* 1 M€ a unit */
    INDEX_MAX = 1000000000000, INT_FIELD_MAX = 1000000000,
    DAY_MIN = 7305, DAY_MAX = 47482;                 /* 1990 to 2099 */

static bool within(int64_t v, int64_t lo, int64_t hi)
{
    return lo <= v && v <= hi;
}

static bool field_ok(enum field_type type, int64_t v)
{
    switch (type) {
    case FIELD_CENTS:
        return within(v, -CENTS_MAX, CENTS_MAX);
    case FIELD_MILLI:
        return within(v, 0, MILLI_MAX);
    case FIELD_DATE:
        return within(v, DAY_MIN, DAY_MAX);
    case FIELD_INT:
        return within(v, 0, INT_FIELD_MAX);
    default:
        return true;
    }
}

/* An absent value is also zero: whoever forgets to ask adds nothing. */
static void clean(bool *has, int64_t *v, int64_t max)
{
    *has &= within(*v, -max, max);
    if (!*has)
        *v = 0;
}

static void clean_line(struct line *l)
{
    clean(&l->has_quantity, &l->quantity_milli, MILLI_MAX);
    l->has_price &= within(l->price_decimals, 0, 12);
    clean(&l->has_price, &l->price_micro, MICRO_MAX);
    clean(&l->has_amount, &l->amount_cents, CENTS_MAX);
    l->has_rate &= within(l->rate_bp, 0, 10000);
    l->has_period &= within(l->start, DAY_MIN, DAY_MAX) &&
                     within(l->end, l->start, DAY_MAX);
    if (!l->has_rate)
        l->rate_bp = 0;
    if (!l->has_period)
        l->start = l->end = 0;
}

static void clean_field(struct value *v, enum field_type type)
{
    v->present &= field_ok(type, v->num);
    if (!v->present)
        v->num = 0;
}

static void *copy_of(struct arena *a, const void *rows, size_t n, size_t size)
{
    void *copy = arena_array(a, n, size);
    if (n)
        memcpy(copy, rows, n * size);
    return copy;
}

static void clean_vat(struct invoice *inv)
{
    size_t kept = 0;
    for (size_t i = 0; i < inv->n_vat; i++) {
        const struct vat_line *v = &inv->vat[i];
        if (within(v->rate_bp, 0, 10000) &&
            within(v->base_cents, -CENTS_MAX, CENTS_MAX) &&
            within(v->amount_cents, -CENTS_MAX, CENTS_MAX))
            inv->vat[kept++] = *v;
    }
    inv->n_vat = kept;
}

static void clean_meters(struct invoice *inv)
{
    size_t kept = 0;
    for (size_t i = 0; i < inv->n_meters; i++) {
        const struct meter *m = &inv->meters[i];
        if (within(m->start, 0, INDEX_MAX) && within(m->end, 0, INDEX_MAX) &&
            within(m->consumption, -INDEX_MAX, INDEX_MAX))
            inv->meters[kept++] = *m;
    }
    inv->n_meters = kept;
}

const struct invoice *plausible_copy(struct arena *a,
                                     const struct invoice *inv)
{
    struct invoice *copy = ARENA_NEW(a, struct invoice);
    *copy = *inv;
    for (enum field_id f = 0; f < F_MAX; f++)
        clean_field(&copy->f[f], field_infos[f].type);
    copy->lines = copy_of(a, inv->lines, inv->n_lines, sizeof *copy->lines);
    copy->vat = copy_of(a, inv->vat, inv->n_vat, sizeof *copy->vat);
    copy->meters =
        copy_of(a, inv->meters, inv->n_meters, sizeof *copy->meters);
    for (size_t i = 0; i < copy->n_lines; i++)
        clean_line(&copy->lines[i]);
    clean_vat(copy);
    clean_meters(copy);
    return copy;
}
