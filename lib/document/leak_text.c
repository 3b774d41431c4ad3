/* The matching rules of the gate. Words match on word bounds, so that the
 * suppliers Eni, ÉS or SAVE do not match inside French words; digits match
 * whole groups of digits, so that a reference does not match across two
 * amounts that stand side by side. */
#include "document/leak_text.h"

#include <string.h>

#include "base/str.h"
#include "base/banned.h"

enum {
    SQUEEZED_LETTERS = 12, /* names from here also match without spaces */
    DIGITS_MIN = 5,        /* shorter ones are anybody's numbers */
    DIGITS_LONG = 8,       /* from here they match inside longer runs */
    BYTES_MIN = 8,
    POINT_DIGITS = 14,
    IBAN_MIN = 15,
};

/* Least digits by mode: numbers of five or six stand in drawing operators. */
static const size_t digits_min[] = {DIGITS_MIN, 7};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c & 0x80);
}

/* Bytes of a white space at s, 0 for anything else. */
static size_t space_at(const char *s)
{
    if (!(*s & 0x80))
        return *s == ' ' || (*s >= 9 && *s <= 13);
    if (str_starts(s, "\u00a0"))
        return 2;
    return str_starts(s, "\u202f") || str_starts(s, "\u2009") ||
                   str_starts(s, "\u2007")
               ? 3
               : 0;
}

/* Punctuation outside ASCII ends a word as well: « » ’ – … € ·. */
static size_t mark_at(const char *s)
{
    const char *p = s;
    uint32_t cp = (*s & 0x80) ? str_utf8_next(&p) : 0;
    bool mark = (cp >= 0x80 && cp < 0xC0) || cp == 0xD7 || cp == 0xF7 ||
                (cp >= 0x2000 && cp < 0x2100);
    return mark ? (size_t)(p - s) : 0;
}

static const char *to_words(struct arena *a, const char *folded)
{
    char *out = arena_alloc(a, strlen(folded) + 3), *p = out;
    *p++ = ' ';
    for (const char *s = folded; *s;) {
        size_t gap = *s & 0x80 ? space_at(s) : 0;
        if (!gap && (*s & 0x80))
            gap = mark_at(s);
        if (!gap && is_alnum(*s))
            *p++ = *s;
        else if (p[-1] != ' ')
            *p++ = ' ';
        s += gap ? gap : 1;
    }
    if (p[-1] != ' ')
        *p++ = ' ';
    *p = 0;
    return out;
}

static const char *without_spaces(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, strlen(s) + 1), *p = out;
    while (*s) {
        size_t gap = space_at(s);
        if (!gap)
            *p++ = *s;
        s += gap ? gap : 1;
    }
    *p = 0;
    return out;
}

void leak_text_prepare(struct arena *a, const char *utf8, struct leak_text *out)
{
    out->folded = str_fold(a, utf8);
    out->words = to_words(a, out->folded);
    out->squeezed = without_spaces(a, out->words);
    out->dense = without_spaces(a, out->folded);
}

/* ---- words ------------------------------------------------------------- */

static size_t count_letters(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += *s >= 'a' && *s <= 'z';
    return n;
}

static bool has_words(struct arena *a, const struct leak_text *t,
                      const struct leak_text *neutral,
                      const struct needle *needle)
{
    const char *w = to_words(a, str_fold(a, needle->text));
    const char *dense = without_spaces(a, w);
    size_t n = strlen(dense);
    if (n < 2)
        return false;
    if (strstr(t->words, w) && !strstr(neutral->words, w))
        return true;
    return needle->kind == NEEDLE_NAME &&
           count_letters(dense) >= SQUEEZED_LETTERS &&
           strstr(t->squeezed, dense) && !strstr(neutral->squeezed, dense);
}

/* ---- domains ----------------------------------------------------------- */

static bool bounded(const char *text, const char *at, size_t n)
{
    return (at == text || !is_alnum(at[-1])) && !is_alnum(at[n]);
}

static bool has_domain(struct arena *a, const struct leak_text *t,
                       const struct leak_text *neutral,
                       const struct needle *needle)
{
    const char *d = without_spaces(a, str_fold(a, needle->text));
    size_t n = strlen(d);
    if (n < 4 || strstr(neutral->folded, d))
        return false;
    for (const char *p = t->folded; (p = strstr(p, d)) != NULL; p++)
        if (bounded(t->folded, p, n))
            return true;
    return n >= 8 && strstr(t->dense, d) != NULL;
}

/* ---- digits ------------------------------------------------------------ */

static const char *only_digits(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, strlen(s) + 1), *p = out;
    for (; *s; s++)
        if (is_digit(*s))
            *p++ = *s;
    return out;
}

/* One separator between two groups of a reference, on the same line. */
static size_t separator(const char *s)
{
    if (*s == '\n' || *s == '\r')
        return 0;
    if (*s == '.' || *s == '-' || *s == '/' || *s == '_')
        return 1;
    return space_at(s);
}

/* Whether the digits begin at s, separators between groups skipped when
 * joined; *end points behind the last one. */
static bool digits_here(const char *s, const char *digits, bool joined,
                        const char **end)
{
    for (; *digits; digits++, s++) {
        if (*s != *digits && joined)
            s += separator(s);
        if (*s != *digits)
            return false;
    }
    *end = s;
    return true;
}

static bool digits_in(const char *text, const char *digits, size_t n,
                      bool joined)
{
    for (const char *p = text; (p = strchr(p, *digits)) != NULL; p++) {
        const char *end;
        if (!digits_here(p, digits, joined, &end))
            continue;
        if (n >= DIGITS_LONG)
            return true;
        if ((p == text || !is_digit(p[-1])) && !is_digit(*end))
            return true;
    }
    return false;
}

static bool has_digits(struct arena *a, enum leak_mode mode,
                       const struct leak_text *t,
                       const struct leak_text *neutral,
                       const struct needle *needle)
{
    const char *digits = only_digits(a, needle->text);
    size_t n = strlen(digits);
    bool joined = mode == LEAK_PROSE;
    return n >= digits_min[mode] && digits_in(t->folded, digits, n, joined) &&
           !digits_in(neutral->folded, digits, n, true);
}

/* A name without a letter, such as the number of a street, is digits. */
static enum needle_kind kind_of(const struct needle *needle)
{
    for (const char *s = needle->text; *s; s++)
        if ((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
            (*s & 0x80))
            return needle->kind;
    return NEEDLE_DIGITS;
}

bool leak_text_has(struct arena *a, enum leak_mode mode,
                   const struct leak_text *t, const struct leak_text *neutral,
                   const struct needle *needle)
{
    switch (kind_of(needle)) {
    case NEEDLE_DOMAIN:
        return has_domain(a, t, neutral, needle);
    case NEEDLE_DIGITS:
        return has_digits(a, mode, t, neutral, needle);
    default:
        return has_words(a, t, neutral, needle);
    }
}

/* ---- bytes ------------------------------------------------------------- */

void leak_text_prepare_bytes(struct arena *a, struct bytes b,
                             struct leak_text *out)
{
    char *all = arena_alloc(a, b.n + 1), *dense = arena_alloc(a, b.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < b.n; i++) {
        uint8_t c = b.p[i];
        c = c >= 'A' && c <= 'Z' ? c + 32 : c;
        all[i] = (char)(c ? c : ' ');
        if (c)
            dense[n++] = (char)c;
    }
    *out = (struct leak_text){"", "", dense, all};
}

bool leak_text_in_bytes(struct arena *a, const struct leak_text *t,
                        const struct leak_text *neutral,
                        const struct needle *needle)
{
    const char *f = needle->kind == NEEDLE_DIGITS
                        ? only_digits(a, needle->text)
                        : str_fold(a, str_trim(a, needle->text));
    if (strlen(f) < BYTES_MIN || strstr(neutral->folded, f))
        return false;
    return strstr(t->folded, f) || strstr(t->dense, f);
}

/* ---- always a leak ----------------------------------------------------- */

/* A PDF date, "D:" and 14 digits, is no point of delivery. */
static bool is_pdf_date(const char *text, const char *at)
{
    return at - text >= 2 && at[-1] == ':' && at[-2] == 'd';
}

static bool has_point(const char *text)
{
    for (const char *p = text; *p; p++) {
        if (!is_digit(*p))
            continue;
        const char *from = p;
        size_t n = 0;
        while (is_digit(*p)) {
            n++;
            p++;
            size_t gap = separator(p);
            if (gap && is_digit(p[gap]) && !strchr("/_", *p))
                p += gap;
        }
        if (n == POINT_DIGITS && !is_pdf_date(text, from))
            return true;
        p--;
    }
    return false;
}

/* Two letters and two digits, then letters and digits in groups of four. */
static bool has_iban(const char *text)
{
    for (const char *p = text; *p; p++) {
        bool start = (p == text || !is_alnum(p[-1])) && p[0] >= 'a' &&
                     p[0] <= 'z' && p[1] >= 'a' && p[1] <= 'z' &&
                     is_digit(p[2]) && is_digit(p[3]);
        if (!start)
            continue;
        size_t n = 0, digits = 0;
        for (const char *q = p; is_alnum(*q) && !(*q & 0x80);) {
            digits += is_digit(*q);
            n++;
            q++;
            size_t gap = n % 4 == 0 ? space_at(q) : 0;
            q += gap && *q != '\n' ? gap : 0;
        }
        if (n >= IBAN_MIN && digits >= 10)
            return true;
    }
    return false;
}

const char *leak_text_suspect(const struct leak_text *t)
{
    if (strstr(t->dense, "http://") || strstr(t->dense, "https://"))
        return "link";
    if (has_iban(t->folded))
        return "iban";
    return has_point(t->folded) ? "digits" : NULL;
}
