/* The counting rule of the accuracy figure. */
#include "compare.h"
#include <math.h>
#include <string.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "entries.h"

static const char *const not_counted[] = {"market", "green", "offer_type",
                                          "vat_recomputed"};

static bool is_counted(const char *key)
{
    for (size_t i = 0; i < ARRAY_LEN(not_counted); i++) {
        if (str_eq(key, not_counted[i]))
            return false;
    }
    return true;
}

enum field_id compare_field(const char *key)
{
    int id = 0;
    while (id < F_MAX && !str_eq(field_infos[id].name, key))
        id++;
    return (enum field_id)id;
}

json_t *compare_known(const json_t *samples)
{
    json_t *known = json_object(), *one, *v, *sub;
    size_t i;
    const char *key;
    json_array_foreach(json_object_get(samples, "invoices"), i, one)
    {
        json_object_foreach(json_object_get(one, "expected"), key, v)
        {
            if (is_counted(key) && !json_is_array(v) && !json_is_object(v))
                json_object_set_new(known, key, json_true());
        }
        sub = json_object_get(json_object_get(one, "expected"), "subtotals");
        json_object_foreach(sub, key, v)
            json_object_set_new(known, key, json_true());
    }
    return known;
}

static const char *number_text(struct arena *a, enum field_type type, int64_t n)
{
    long long whole = n, part = n < 0 ? -n : n;
    int y, m, d;
    switch (type) {
    case FIELD_DATE:
        clock_civil((int32_t)n, &y, &m, &d);
        return arena_printf(a, "%04d-%02d-%02d", y, m, d);
    case FIELD_CENTS:
        return arena_printf(a, "%s%lld.%02lld", n < 0 ? "-" : "", part / 100,
                            part % 100);
    case FIELD_MILLI:
        return arena_printf(a, "%s%lld.%03lld", n < 0 ? "-" : "", part / 1000,
                            part % 1000);
    case FIELD_BOOL:
        return n ? "true" : "false";
    default:
        return arena_printf(a, "%lld", whole);
    }
}

const char *compare_found(struct arena *a, const struct invoice *inv,
                          enum field_id id)
{
    const struct value *v = &inv->f[id];
    enum field_type type = field_infos[id].type;
    if (!v->present)
        return NULL;
    if (type == FIELD_TEXT || type == FIELD_ENUM)
        return v->text;
    return number_text(a, type, v->num);
}

const char *compare_wanted(struct arena *a, enum field_id id, const json_t *v)
{
    enum field_type type = field_infos[id].type;
    if (json_is_string(v))
        return json_string_value(v);
    if (json_is_boolean(v))
        return json_is_true(v) ? "true" : "false";
    if (!json_is_number(v))
        return NULL;
    double scale = type == FIELD_CENTS ? 100 : type == FIELD_MILLI ? 1000 : 1;
    return number_text(a, type, llround(json_number_value(v) * scale));
}

static const char *plain(struct arena *a, const char *text)
{
    struct buf b;
    buf_init(&b, a, 4096);
    bool gap = false;
    for (uint32_t c; (c = str_utf8_next(&text)) != 0;) {
        char out[4];
        if (c == ' ' || c == '\t' || c == 0xA0 || c == 0x202F) {
            gap = b.n > 0;
            continue;
        }
        if (gap)
            buf_char(&b, ' ');
        gap = false;
        c = c == 0x2019 ? '\'' : c == 0x2013 || c == 0x2014 ? '-' : c;
        buf_add(&b, out, str_utf8_put(out, c));
    }
    return buf_cstr(&b);
}

bool compare_equal(struct arena *a, const char *x, const char *y)
{
    if (!x || !y)
        return x == y;
    return str_eq(plain(a, x), plain(a, y));
}

static void compare_scalar(struct arena *a, struct score *s, const char *key,
                           const json_t *want, const struct invoice *inv)
{
    enum field_id id = compare_field(key);
    const char *found = inv && id != F_MAX ? compare_found(a, inv, id) : NULL;
    const char *wanted =
        id == F_MAX ? "(no such field)" : compare_wanted(a, id, want);
    bool is_right = id != F_MAX && compare_equal(a, wanted, found);
    score_field(s, key, wanted, found, is_right);
    if (str_eq(key, "energy_type")) {
        s->energy_right += is_right;
        s->energy_wrong += !is_right;
    }
}

static void compare_extra(struct arena *a, struct score *s,
                          const json_t *expected, const json_t *known,
                          const struct invoice *inv)
{
    const json_t *sub = json_object_get(expected, "subtotals");
    for (int id = 0; inv && id < F_MAX; id++) {
        const char *key = field_infos[id].name;
        if (!inv->f[id].present || !json_object_get(known, key) ||
            json_object_get(expected, key) || json_object_get(sub, key))
            continue;
        score_field(s, key, NULL, compare_found(a, inv, (enum field_id)id),
                    false);
    }
}

void compare_invoice(struct arena *a, struct score *s, const json_t *expected,
                     const json_t *known, const struct invoice *inv)
{
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)(uintptr_t)expected, key, v)
    {
        if (!is_counted(key))
            continue;
        if (str_eq(key, "lines"))
            entries_lines(a, s, v, inv);
        else if (str_eq(key, "vat"))
            entries_vat(a, s, v, inv);
        else if (str_eq(key, "meters"))
            entries_meters(a, s, v, inv);
        else if (str_eq(key, "subtotals")) {
            const char *part;
            json_t *amount;
            json_object_foreach(v, part, amount)
                compare_scalar(a, s, part, amount, inv);
        } else
            compare_scalar(a, s, key, v, inv);
    }
    compare_extra(a, s, expected, known, inv);
}
