/* French typography of what reports print. */
#include "invoice/typo.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "invoice/format_fr.h"
#include "base/banned.h"

#define NBSP "\u00a0"

const char *typo_percent(struct arena *a, int32_t pm, bool plus)
{
    return arena_printf(a, "%s%s" NBSP "%%", plus && pm > 0 ? "+" : "",
                        format_fr_trim(a, pm, 1, 0));
}

const char *typo_plural(int64_t n, const char *one, const char *many)
{
    return n >= 2 || n <= -2 ? many : one;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool starts_with_one(const char *s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_starts(s, list[i]))
            return true;
    return false;
}

/* A mark that never begins a line. */
static bool is_mark(const char *s)
{
    static const char *const marks[] = {":", ";", "!", "?", "%", "€", "»"};
    return starts_with_one(s, marks, ARRAY_LEN(marks));
}

static bool is_unit(const char *s)
{
    static const char *const units[] = {"kWh",   "MWh",  "kVA", "kW",   "m³",
                                        "jours", "mois", "c€",  "pages"};
    return starts_with_one(s, units, ARRAY_LEN(units));
}

const char *typo_spaces(struct arena *a, const char *s)
{
    struct buf b;
    buf_init(&b, a, strlen(s) * 3 + 1);
    const char *from = s;
    for (; *s; s++) {
        bool digit_before = s > from && is_digit(s[-1]);
        if (*s == ' ') {
            bool bound = is_mark(s + 1) ||
                         (digit_before && (is_digit(s[1]) || is_unit(s + 1)));
            bound = bound || (s - from >= 2 && str_starts(s - 2, "«"));
            buf_str(&b, bound ? NBSP : " ");
        } else if (*s == '%' && digit_before) {
            buf_str(&b, NBSP "%");
        } else {
            buf_char(&b, *s);
        }
    }
    return buf_cstr(&b);
}
