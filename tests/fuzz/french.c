/* Any text as a French number, price, date, period or unit. */
#include "invoice/french.h"
#include <string.h>
#include "base/str.h"
#include "fuzz.h"

static void numbers(const char *s, size_t n)
{
    struct french_number number;
    struct french_price price;
    if (french_number(s, &number)) {
        FUZZ_CHECK(number.len > 0 && number.len <= n);
        FUZZ_CHECK(number.decimals >= 0 && number.decimals <= 6);
        for (int scale = 0; scale <= 6; scale++)
            (void)french_scaled(&number, scale);
    }
    if (french_price(s, &price)) {
        FUZZ_CHECK(price.len > 0 && price.len <= n);
        FUZZ_CHECK(price.unit > UNIT_NONE && price.unit < UNIT_MAX);
    }
}

static void dates(const char *s, size_t n)
{
    int32_t day, first, last;
    size_t len = french_date(s, &day);
    FUZZ_CHECK(len <= n);
    if (len) /* 1950 to 2099: no bill is older, no contract ends later */
        FUZZ_CHECK(day >= -7305 && day < 47482);
    len = french_month(s, &first, &last);
    FUZZ_CHECK(len <= n);
    if (len)
        FUZZ_CHECK(last >= first + 27 && last <= first + 30);
    len = french_period(s, &first, &last);
    FUZZ_CHECK(len <= n);
    if (len)
        FUZZ_CHECK(first <= last);
}

static void units(const char *s, size_t n)
{
    enum unit unit = UNIT_NONE;
    int per_euro = 0;
    FUZZ_CHECK(french_unit(s, &unit) <= n);
    FUZZ_CHECK(unit >= UNIT_NONE && unit < UNIT_MAX);
    size_t len = french_currency(s, &per_euro);
    FUZZ_CHECK(len <= n && (!len || per_euro == 1 || per_euro == 100));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096)
        return 0;
    struct arena *a = arena_new(4096);
    /* Words come checked from page_unpack: UTF-8 without NUL. */
    if (str_utf8_ok((const char *)data, size)) {
        const char *raw = arena_strndup(a, (const char *)data, size);
        const char *s = french_normalise(a, raw);
        size_t n = strlen(s);
        FUZZ_CHECK(str_utf8_ok(s, n));
        numbers(s, n);
        dates(s, n);
        units(s, n);
    }
    arena_free(a);
    return 0;
}
