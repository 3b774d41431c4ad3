/* French typography: decimal comma, U+202F between thousands. */
#include "invoice/format_fr.h"
#include <stdbool.h>
#include <string.h>
#include "base/buf.h"
#include "base/clock.h"

#define NARROW "\u202f"
#define EURO   NARROW "€"

int64_t format_fr_round(int64_t v, int64_t by)
{
    const int64_t q = v / by, r = v % by; /* r has the sign of v */
    const int64_t away = v < 0 ? -r : r;
    return away >= by - away ? q + (v < 0 ? -1 : 1) : q;
}

static int64_t power(int n)
{
    int64_t p = 1;
    while (n-- > 0)
        p *= 10;
    return p;
}

/* Digits in groups of three from the right. */
static void grouped(struct buf *b, uint64_t v)
{
    char digits[24];
    int n = 0;
    do {
        digits[n++] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    while (n-- > 0) {
        buf_char(b, digits[n]);
        if (n && n % 3 == 0)
            buf_str(b, NARROW);
    }
}

static uint64_t magnitude(int64_t v)
{
    return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

const char *format_fr_number(struct arena *a, int64_t value, int scale,
                             int decimals)
{
    struct buf b;
    buf_init(&b, a, 96);
    if (decimals < scale)
        value = format_fr_round(value, power(scale - decimals));
    const int kept = decimals < scale ? decimals : scale;
    const uint64_t v = magnitude(value), unit = (uint64_t)power(kept);
    if (value < 0)
        buf_char(&b, '-');
    grouped(&b, v / unit);
    if (decimals > 0)
        buf_char(&b, ',');
    if (kept > 0)
        buf_printf(&b, "%0*llu", kept, (unsigned long long)(v % unit));
    for (int i = kept; i < decimals; i++)
        buf_char(&b, '0');
    return buf_cstr(&b);
}

const char *format_fr_trim(struct arena *a, int64_t value, int scale, int min)
{
    int decimals = scale;
    for (int64_t v = value; decimals > min && v % 10 == 0; v /= 10)
        decimals--;
    return format_fr_number(a, value, scale, decimals);
}

const char *format_fr_euros(struct arena *a, int64_t cents)
{
    return arena_printf(a, "%s" EURO, format_fr_number(a, cents, 2, 2));
}

const char *format_fr_euros_round(struct arena *a, int64_t cents)
{
    return arena_printf(a, "%s" EURO, format_fr_number(a, cents, 2, 0));
}

const char *format_fr_rate(struct arena *a, int32_t bp)
{
    return format_fr_trim(a, bp, 2, 0);
}

const char *format_fr_date(struct arena *a, int32_t days)
{
    int y, m, d;
    clock_civil(days, &y, &m, &d);
    return arena_printf(a, "%02d/%02d/%04d", d, m, y);
}

static const char *month_name(int m)
{
    static const char *const names[12] = {
        "janvier", "février", "mars",      "avril",   "mai",      "juin",
        "juillet", "août",    "septembre", "octobre", "novembre", "décembre"};
    return names[m - 1];
}

const char *format_fr_month(struct arena *a, int32_t days)
{
    int y, m, d;
    clock_civil(days, &y, &m, &d);
    return arena_printf(a, "%s %d", month_name(m), y);
}

const char *format_fr_long_date(struct arena *a, int32_t days)
{
    int y, m, d;
    clock_civil(days, &y, &m, &d);
    return arena_printf(a, "%d%s %s %d", d, d == 1 ? "er" : "", month_name(m),
                        y);
}
