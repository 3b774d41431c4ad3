/* No locale anywhere: the same input gives the same answer on every host. */
#include "base/str.h"
#include "base/buf.h"
#include <string.h>

bool str_eq(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool str_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

bool str_to_i64(const char *s, int64_t *out)
{
    return str_to_scaled(s, 0, out);
}

char *str_from_i64(char out[STR_I64_BYTES], int64_t v)
{
    char digits[STR_I64_BYTES];
    size_t n = 0, at = 0;
    uint64_t left = v < 0 ? -(uint64_t)v : (uint64_t)v;
    do
        digits[n++] = (char)('0' + left % 10);
    while (left /= 10);
    if (v < 0)
        out[at++] = '-';
    while (n)
        out[at++] = digits[--n];
    out[at] = '\0';
    return out;
}

static bool push_digit(int64_t *v, char c)
{
    if (c < '0' || c > '9')
        return false;
    return !__builtin_mul_overflow(*v, 10, v) &&
           !__builtin_sub_overflow(*v, c - '0', v);
}

bool str_to_scaled(const char *s, int scale, int64_t *out)
{
    bool neg = *s == '-';
    int64_t v = 0; /* kept negative: INT64_MIN has no positive twin */
    const char *p = s + neg;
    if (!*p || *p == '.')
        return false;
    for (; *p && *p != '.'; p++)
        if (!push_digit(&v, *p))
            return false;
    if (*p == '.' && (scale == 0 || !p[1]))
        return false;
    if (*p == '.')
        p++;
    for (; scale > 0; scale--) {
        char c = *p ? *p++ : '0';
        if (!push_digit(&v, c))
            return false;
    }
    if (*p)
        return false;
    if (neg) {
        *out = v;
        return true;
    }
    return !__builtin_sub_overflow((int64_t)0, v, out);
}

static int sequence_len(unsigned char c)
{
    if (c < 0x80)
        return 1;
    if (c >= 0xC2 && c <= 0xDF)
        return 2;
    if ((c & 0xF0) == 0xE0)
        return 3;
    if (c >= 0xF0 && c <= 0xF4)
        return 4;
    return 0;
}

uint32_t str_utf8_next(const char **s)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)*s;
    if (!*p)
        return 0;
    int n = sequence_len(*p);
    uint32_t cp = n == 1   ? *p
                  : n == 2 ? *p & 0x1Fu
                  : n == 3 ? *p & 0x0Fu
                           : *p & 0x07u;
    for (int i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            n = 0;
            break;
        }
        cp = cp << 6 | (p[i] & 0x3Fu);
    }
    bool bad = n == 0 || cp < least[n] || cp > 0x10FFFF ||
               (cp >= 0xD800 && cp <= 0xDFFF);
    *s += bad ? 1 : n;
    return bad ? 0xFFFD : cp;
}

bool str_utf8_ok(const char *s, size_t n)
{
    const char *end = s + n;
    while (s < end) {
        const char *from = s;
        if (sequence_len((unsigned char)*s) > end - s)
            return false; /* the bytes after end are not ours to read */
        uint32_t cp = str_utf8_next(&s);
        if (cp == 0 || (cp == 0xFFFD && s - from == 1))
            return false;
    }
    return true;
}

size_t str_utf8_put(char out[4], uint32_t cp)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

/* Base letters of U+00C0..U+00FF; '*' marks letters spelled with two. */
static const char latin1_base[] = "aaaaaa*ceeeeiiii"
                                  "dnooooo*ouuuuy**"
                                  "aaaaaa*ceeeeiiii"
                                  "dnooooo*ouuuuy*y";

static const char *two_letters(uint32_t cp)
{
    switch (cp) {
    case 0xC6:
    case 0xE6:
        return "ae";
    case 0xDE:
    case 0xFE:
        return "th";
    case 0xDF:
        return "ss";
    case 0x152:
    case 0x153:
        return "oe";
    case 0x178:
        return "y";
    default:
        return NULL;
    }
}

/* What one code point folds to, written to out; never longer than it was. */
static size_t fold_one(char *out, uint32_t cp)
{
    const char *two = two_letters(cp);
    if (two) {
        out[0] = two[0];
        if (two[1])
            out[1] = two[1];
        return two[1] ? 2 : 1;
    }
    if (cp >= 0xC0 && cp <= 0xFF && latin1_base[cp - 0xC0] != '*') {
        out[0] = latin1_base[cp - 0xC0];
        return 1;
    }
    if ((cp >= 0x300 && cp <= 0x36F) || cp == 0xFFFD)
        return 0; /* a combining accent: its letter is already out */
    return str_utf8_put(out, cp);
}

const char *str_fold(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, strlen(s) + 4), *p = out;
    while (*s) {
        if (!(*s & 0x80)) {
            *p++ = (char)(*s >= 'A' && *s <= 'Z' ? *s + 32 : *s);
            s++;
        } else {
            p += fold_one(p, str_utf8_next(&s));
        }
    }
    *p = 0;
    return out;
}

static bool is_space(uint32_t cp)
{
    return cp == ' ' || (cp >= 9 && cp <= 13) || cp == 0xA0 || cp == 0x202F ||
           cp == 0x2009 || cp == 0x2007;
}

const char *str_trim(struct arena *a, const char *s)
{
    const char *from = s, *p = s, *end = NULL;
    for (uint32_t cp; (cp = str_utf8_next(&p)) != 0;) {
        if (!is_space(cp))
            end = p;
        else if (!end)
            from = p;
    }
    return end ? arena_strndup(a, from, (size_t)(end - from)) : "";
}

size_t str_split(struct arena *a, const char *s, char sep, const char **out,
                 size_t max)
{
    size_t n = 0;
    while (n < max) {
        const char *end = strchr(s, sep);
        out[n++] =
            end ? arena_strndup(a, s, (size_t)(end - s)) : arena_strdup(a, s);
        if (!end)
            break;
        s = end + 1;
    }
    return n;
}
