/* Integers to the end: nothing is rounded here. */
#include "billing/money.h"
#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "base/banned.h"

enum { MICRO = 1000000, TEXT_BYTES = 64, DIGITS = 24 };

static uint64_t magnitude(int64_t v)
{
    return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

static void put_grouped(struct buf *b, uint64_t v, const char *between)
{
    char digits[DIGITS];
    const int n =
        snprintf(digits, sizeof digits, "%llu", (unsigned long long)v);
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            buf_str(b, between);
        buf_char(b, digits[i]);
    }
}

/* At least two decimals, no needless zero behind them. */
static void put_decimals(struct buf *b, uint64_t micro)
{
    char digits[DIGITS];
    int n = snprintf(digits, sizeof digits, "%06u", (unsigned)(micro % MICRO));
    while (n > 2 && digits[n - 1] == '0')
        n--;
    buf_add(b, digits, (size_t)n);
}

static const char *amount(struct arena *a, int64_t micro_euros, bool french,
                          const char *between)
{
    struct buf b;
    const uint64_t v = magnitude(micro_euros);
    buf_init(&b, a, TEXT_BYTES);
    put_grouped(&b, v / MICRO, between);
    buf_char(&b, french ? ',' : '.');
    put_decimals(&b, v);
    return buf_cstr(&b);
}

const char *money_text(struct arena *a, int64_t micro_euros, bool french)
{
    const char *sign = micro_euros < 0 ? "-" : "";
    if (french)
        return arena_printf(a, "%s%s\u202F€", sign,
                            amount(a, micro_euros, true, "\u202F"));
    return arena_printf(a, "%s€%s", sign, amount(a, micro_euros, false, ","));
}

const char *money_plain(struct arena *a, int64_t micro_euros, bool french)
{
    return arena_printf(a, "%s%s", micro_euros < 0 ? "-" : "",
                        amount(a, micro_euros, french, ""));
}

const char *money_count(struct arena *a, int64_t n, bool french)
{
    struct buf b;
    buf_init(&b, a, TEXT_BYTES);
    if (n < 0)
        buf_char(&b, '-');
    put_grouped(&b, magnitude(n), french ? "\u202F" : ",");
    return buf_cstr(&b);
}
