/* application/x-www-form-urlencoded (WHATWG URL, section 5.1), in a query and
 * as a body. */
#include <string.h>
#include "base/str.h"
#include "web/input_take.h"

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'                     ? c - '0'
           : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                    : -1;
}

/* n bytes of a pair, %XX and + undone. */
static struct bytes decoded(struct arena *a, const char *s, size_t n)
{
    uint8_t *out = arena_alloc(a, n + 1);
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        const int hi = s[i] == '%' && i + 2 < n ? hex_digit(s[i + 1]) : -1;
        const int lo = hi >= 0 ? hex_digit(s[i + 2]) : -1;
        out[len++] = (uint8_t)(lo >= 0       ? hi * 16 + lo
                               : s[i] == '+' ? ' '
                                             : s[i]);
        i += lo >= 0 ? 2 : 0;
    }
    return (struct bytes){out, len};
}

static void take_pair(struct reading *rd, const char *s, size_t n)
{
    const struct field *in = rd->r->route->in;
    struct arena *a = rd->r->arena;
    const bool query = *rd->where == 'q';
    const char *eq = memchr(s, '=', n);
    const size_t name_n = eq ? (size_t)(eq - s) : n;
    const size_t skip = name_n + (eq != NULL);
    const struct bytes name = decoded(a, s, name_n);
    if (!str_utf8_ok((const char *)name.p, name.n)) {
        if (!query)
            input_take_complain(rd, "", "must be UTF-8 text", "bad_text");
        return;
    }
    const size_t row = input_take_row(rd, (const char *)name.p, name.n);
    if (in[row].name && (!query || in[row].in_query))
        input_take_text(rd, row, decoded(a, s + skip, n - skip));
    else if (!query)
        input_take_complain(rd, (const char *)name.p,
                            "is not a field of this route", "unknown_field");
}

void input_take_pairs(struct reading *rd, const char *s, size_t n)
{
    while (n) {
        const char *amp = memchr(s, '&', n);
        const size_t len = amp ? (size_t)(amp - s) : n;
        if (len)
            take_pair(rd, s, len);
        s += len + (amp != NULL);
        n -= len + (amp != NULL);
    }
}
