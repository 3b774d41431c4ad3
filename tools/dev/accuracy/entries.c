/* Matches expected lines, VAT rows and meters with those read. */
#include "entries.h"
#include <math.h>
#include <string.h>
#include "base/clock.h"
#include "base/str.h"
#include "compare.h"

static int64_t scaled(const json_t *object, const char *key, double by)
{
    return llround(json_number_value(json_object_get(object, key)) * by);
}

static const char *text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static const char *fixed(struct arena *a, int64_t n, int64_t by, int decimals)
{
    return arena_printf(a, "%.*f", decimals, (double)n / (double)by);
}

static const char *day(struct arena *a, bool has, int32_t days)
{
    int y, m, d;
    if (!has)
        return NULL;
    clock_civil(days, &y, &m, &d);
    return arena_printf(a, "%04d-%02d-%02d", y, m, d);
}

static const char *or_null(const char *s)
{
    return s && *s ? s : NULL;
}

/* A leaf of a line as text: NULL when absent or unknown. */
static const char *line_leaf(struct arena *a, const struct line *l,
                             const char *key)
{
    if (str_eq(key, "component"))
        return component_name(l->component);
    if (str_eq(key, "label"))
        return l->label;
    if (str_eq(key, "energy"))
        return or_null(energy_name(l->energy));
    if (str_eq(key, "register"))
        return l->registr;
    if (str_eq(key, "unit"))
        return or_null(unit_name(l->unit));
    if (str_eq(key, "quantity"))
        return l->has_quantity ? fixed(a, l->quantity_milli, 1000, 3) : NULL;
    if (str_eq(key, "unit_price_ht"))
        return l->has_price ? fixed(a, l->price_micro, 1000000, 6) : NULL;
    if (str_eq(key, "vat_rate"))
        return l->has_rate ? fixed(a, l->rate_bp, 100, 2) : NULL;
    if (str_eq(key, "amount_ht"))
        return l->has_amount ? fixed(a, l->amount_cents, 100, 2) : NULL;
    if (str_eq(key, "period_start"))
        return day(a, l->has_period, l->start);
    return str_eq(key, "period_end") ? day(a, l->has_period, l->end) : NULL;
}

static const char *vat_leaf(struct arena *a, const struct vat_line *v,
                            const char *key)
{
    if (str_eq(key, "rate"))
        return fixed(a, v->rate_bp, 100, 2);
    return fixed(a, str_eq(key, "amount") ? v->amount_cents : v->base_cents,
                 100, 2);
}

static const char *meter_leaf(struct arena *a, const struct meter *m,
                              const char *key)
{
    if (str_eq(key, "register"))
        return m->registr;
    if (str_eq(key, "unit"))
        return or_null(unit_name(m->unit));
    if (str_eq(key, "kind_start"))
        return or_null(reading_name(m->kind_start));
    if (str_eq(key, "kind_end"))
        return or_null(reading_name(m->kind_end));
    if (str_eq(key, "consumption"))
        return m->has_consumption ? fixed(a, m->consumption, 1, 0) : NULL;
    return fixed(a, str_eq(key, "index_end") ? m->end : m->start, 1, 0);
}

/* What is expected of a leaf, in the wording of the three above. */
static const char *wanted_leaf(struct arena *a, const char *key,
                               const json_t *v)
{
    static const struct {
        const char *key;
        int decimals;
    } numbers[] = {{"quantity", 3},  {"unit_price_ht", 6}, {"vat_rate", 2},
                   {"amount_ht", 2}, {"rate", 2},          {"base_ht", 2},
                   {"amount", 2}};
    if (!json_is_number(v))
        return json_string_value(v);
    int decimals = 0;
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        if (str_eq(key, numbers[i].key))
            decimals = numbers[i].decimals;
    }
    return arena_printf(a, "%.*f", decimals, json_number_value(v));
}

typedef const char *(*leaf_fn)(struct arena *a, const void *entry,
                               const char *key);

static const char *any_line(struct arena *a, const void *p, const char *key)
{
    return line_leaf(a, p, key);
}
static const char *any_vat(struct arena *a, const void *p, const char *key)
{
    return vat_leaf(a, p, key);
}
static const char *any_meter(struct arena *a, const void *p, const char *key)
{
    return meter_leaf(a, p, key);
}

/* Every leaf of one expected entry; entry NULL when none matched. */
static void compare_leaves(struct arena *a, struct score *s, const char *list,
                           size_t index, const json_t *want, leaf_fn leaf,
                           const void *entry)
{
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)(uintptr_t)want, key, v)
    {
        if (str_eq(key, "defect"))
            continue;
        const char *wanted = wanted_leaf(a, key, v);
        const char *found = entry ? leaf(a, entry, key) : NULL;
        score_field(s, arena_printf(a, "%s[%zu].%s", list, index, key), wanted,
                    found, entry && compare_equal(a, wanted, found));
    }
}

/* One wrong for each entry that nothing expected. */
static void tell_extra(struct arena *a, struct score *s, const char *list,
                       size_t index, const char *what)
{
    score_field(s, arena_printf(a, "%s[+%zu]", list, index), NULL, what, false);
}

void entries_lines(struct arena *a, struct score *s, const json_t *wanted,
                   const struct invoice *inv)
{
    size_t i, n = inv ? inv->n_lines : 0;
    bool *used = ARENA_ARRAY(a, n + 1, bool);
    json_t *want;
    json_array_foreach(wanted, i, want)
    {
        const struct line *match = NULL;
        for (size_t k = 0; k < n && !match; k++) {
            const struct line *l = &inv->lines[k];
            if (!used[k] && l->has_amount &&
                l->amount_cents == scaled(want, "amount_ht", 100) &&
                str_eq(component_name(l->component), text(want, "component"))) {
                match = l;
                used[k] = true;
            }
        }
        compare_leaves(a, s, "lines", i, want, any_line, match);
    }
    for (size_t k = 0; k < n; k++) {
        const struct line *l = &inv->lines[k];
        if (!used[k])
            tell_extra(a, s, "lines", k,
                       arena_printf(a, "%s|%s|%s", component_name(l->component),
                                    l->label ? l->label : "",
                                    fixed(a, l->amount_cents, 100, 2)));
    }
}

void entries_vat(struct arena *a, struct score *s, const json_t *wanted,
                 const struct invoice *inv)
{
    size_t i, n = inv ? inv->n_vat : 0;
    bool *used = ARENA_ARRAY(a, n + 1, bool);
    json_t *want;
    if (json_is_null(wanted)) {
        score_field(s, "vat", NULL, n ? arena_printf(a, "%zu rows", n) : NULL,
                    n == 0);
        return;
    }
    json_array_foreach(wanted, i, want)
    {
        const struct vat_line *match = NULL;
        for (size_t k = 0; k < n && !match; k++) {
            if (!used[k] && inv->vat[k].rate_bp == scaled(want, "rate", 100)) {
                match = &inv->vat[k];
                used[k] = true;
            }
        }
        compare_leaves(a, s, "vat", i, want, any_vat, match);
    }
    for (size_t k = 0; k < n; k++) {
        if (!used[k])
            tell_extra(a, s, "vat", k,
                       arena_printf(a, "%s|%s",
                                    vat_leaf(a, &inv->vat[k], "rate"),
                                    vat_leaf(a, &inv->vat[k], "amount")));
    }
}

void entries_meters(struct arena *a, struct score *s, const json_t *wanted,
                    const struct invoice *inv)
{
    size_t i, n = inv ? inv->n_meters : 0;
    bool *used = ARENA_ARRAY(a, n + 1, bool);
    json_t *want;
    json_array_foreach(wanted, i, want)
    {
        const struct meter *match = NULL;
        for (size_t k = 0; k < n && !match; k++) {
            if (!used[k] &&
                str_eq(inv->meters[k].registr, text(want, "register"))) {
                match = &inv->meters[k];
                used[k] = true;
            }
        }
        compare_leaves(a, s, "meters", i, want, any_meter, match);
    }
    for (size_t k = 0; k < n; k++) {
        const struct meter *m = &inv->meters[k];
        if (!used[k])
            tell_extra(a, s, "meters", k,
                       arena_printf(a, "%s|%lld|%lld",
                                    m->registr ? m->registr : "",
                                    (long long)m->start, (long long)m->end));
    }
}
