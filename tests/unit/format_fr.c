/* Runs tests/rules/format_fr.tsv: one row, one sentence of expectation. */
#include "invoice/format_fr.h"
#include "base/str.h"
#include "invoice/sheet.h"
#include "tap.h"

static const char *run(struct arena *a, const struct sheet *s, size_t row)
{
    const char *fn = sheet_cell(s, row, "function");
    const char *cell = sheet_cell(s, row, "value");
    int64_t v = 0, scale = 0, decimals = 0;
    int32_t day = 0;
    if (!sheet_date(cell, &day) && !str_to_i64(cell, &v))
        return "bad value";
    if (!str_to_i64(sheet_cell(s, row, "scale"), &scale) ||
        !str_to_i64(sheet_cell(s, row, "decimals"), &decimals))
        scale = decimals = 0;
    if (str_eq(fn, "euros"))
        return format_fr_euros(a, v);
    if (str_eq(fn, "round"))
        return format_fr_euros_round(a, v);
    if (str_eq(fn, "number"))
        return format_fr_number(a, v, (int)scale, (int)decimals);
    if (str_eq(fn, "trim"))
        return format_fr_trim(a, v, (int)scale, (int)decimals);
    if (str_eq(fn, "rate"))
        return format_fr_rate(a, (int32_t)v);
    if (str_eq(fn, "date"))
        return format_fr_date(a, day);
    if (str_eq(fn, "month"))
        return format_fr_month(a, day);
    return str_eq(fn, "long") ? format_fr_long_date(a, day) : "no function";
}

int main(void)
{
    struct arena *a = arena_new(4096);
    struct sheet s;
    const bool found = sheet_from_tsv(a, "tests/rules/format_fr.tsv", &s);
    tap_ok(found, "table");
    for (size_t i = 0; found && i < s.n_rows; i++)
        tap_is_str(run(a, &s, i), sheet_cell(&s, i, "expected"), "%s %s",
                   sheet_cell(&s, i, "function"), sheet_cell(&s, i, "value"));
    arena_free(a);
    return tap_done();
}
