/* Whether a quote says a value: the same parsers as the reader's. */
#include "invoice/quote.h"
#include <string.h>
#include "base/buf.h"
#include "base/str.h"
#include "invoice/french.h"
#include "base/banned.h"

enum { LETTERS_LEAST = 2 };

const char *quote_squeeze(struct arena *a, const char *s)
{
    struct buf b;
    size_t n = strlen(s);
    buf_init(&b, a, n * 2 + 16);
    while (*s)
        buf_str(&b, french_fold(str_utf8_next(&s)));
    return buf_cstr(&b);
}

static size_t digits_at(const char *s)
{
    return strspn(s, "0123456789");
}

/* A number may begin here: not inside another, whose minus sign and thousands
 * belong to it. */
static bool may_begin(const char *text, const char *at)
{
    if (at == text)
        return true;
    if (at > text + 1 && at[-1] == ' ' && digits_at(at - 2) == 1 &&
        digits_at(at) == 3)
        return false;
    char c = at[-1];
    bool digit = *at >= '0' && *at <= '9';
    return !(c >= '0' && c <= '9') && c != ',' && c != '.' &&
           !(digit && c == '-');
}

static bool says_number(const char *quote, int scale, int64_t num)
{
    struct french_number n;
    for (const char *s = quote; *s; s++)
        if (may_begin(quote, s) && french_number(s, &n) && n.decimals <= 6 &&
            french_scaled(&n, scale) == num)
            return true;
    return false;
}

static bool says_date(const char *quote, int64_t num)
{
    int32_t day, end;
    for (const char *s = quote; *s; s++) {
        if (s > quote && s[-1] >= '0' && s[-1] <= '9')
            continue;
        if (french_date(s, &day) && day == num)
            return true;
        if (french_period(s, &day, &end) && (day == num || end == num))
            return true;
        if (french_month(s, &day, &end) && (day == num || end == num))
            return true;
    }
    return false;
}

static bool says_text(struct arena *a, const char *text, const char *quote)
{
    const char *want = quote_squeeze(a, text);
    return strlen(want) >= LETTERS_LEAST &&
           strstr(quote_squeeze(a, quote), want) != NULL;
}

bool quote_says(struct arena *a, enum field_type type, const char *text,
                int64_t num, const char *quote)
{
    const char *plain = french_normalise(a, quote);
    switch (type) {
    case FIELD_TEXT:
    case FIELD_ENUM:
        return text && says_text(a, text, plain);
    case FIELD_DATE:
        return says_date(plain, num);
    case FIELD_CENTS:
        return says_number(plain, 2, num);
    case FIELD_INT:
        return says_number(plain, 0, num);
    case FIELD_MILLI:
        return says_number(plain, 3, num);
    default:
        return false;
    }
}
