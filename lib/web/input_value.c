/* One text against one declared field. */
#include <string.h>
#include <strings.h>
#include "base/clock.h"
#include "base/str.h"
#include "web/input.h"

enum { NUMBER_BYTES = 40, DECIMALS = 9 };

static const char *range_text(struct arena *a, const struct field *f)
{
    if (f->kind == IN_DECIMAL)
        return arena_printf(a,
                            "must be a number from %lld.%03lld to "
                            "%lld.%03lld",
                            (long long)f->min / 1000, (long long)f->min % 1000,
                            (long long)f->max / 1000, (long long)f->max % 1000);
    return arena_printf(a, "must be a whole number from %lld to %lld",
                        (long long)f->min, (long long)f->max);
}

/* The number scaled by 10^DECIMALS; further decimals must still be digits
 * but are cut, as no range of ours ends there. */
static bool parse_decimal(struct arena *a, const char *s, int64_t *out)
{
    const char *dot = strchr(s, '.');
    if (dot && strlen(dot) > DECIMALS + 1) {
        const char *rest = dot + DECIMALS + 1;
        if (strspn(rest, "0123456789") != strlen(rest))
            return false;
        s = arena_strndup(a, s, (size_t)(rest - s));
    }
    return str_to_scaled(s, DECIMALS, out);
}

static const char *number_problem(struct arena *a, const struct field *f,
                                  const char *s, const char **type)
{
    int64_t v, unit = f->kind == IN_DECIMAL ? 1000000 : 1;
    bool ok =
        f->kind == IN_DECIMAL ? parse_decimal(a, s, &v) : str_to_i64(s, &v);
    *type = ok ? "out_of_range" : "not_a_number";
    return ok && v >= f->min * unit && v <= f->max * unit ? NULL
                                                          : range_text(a, f);
}

static bool is_bool(const char *s)
{
    static const char *const words[] = {"true", "false", "1",  "0",
                                        "yes",  "no",    "on", "off"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcasecmp(s, words[i]) == 0)
            return true;
    return false;
}

static bool is_choice(const char *choices, const char *s)
{
    size_t n = strlen(s);
    if (!n || strchr(s, '|'))
        return false;
    for (const char *p = choices; p; p = strchr(p, '|')) {
        p += *p == '|';
        if (strncmp(p, s, n) == 0 && (p[n] == '|' || !p[n]))
            return true;
    }
    return false;
}

static bool has_control(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            return true;
    return false;
}

static const char *text_problem(struct arena *a, const struct field *f,
                                const char *s, const char **type)
{
    int64_t n = (int64_t)strlen(s);
    *type = "bad_text";
    if (has_control(s))
        return "must not hold control characters";
    *type = "too_long";
    if (n > f->max || n < f->min)
        return arena_printf(a, "must have from %lld to %lld bytes",
                            (long long)f->min, (long long)f->max);
    return NULL;
}

/* Each word of a list: a choice where there are choices, else a text. */
static const char *texts_problem(struct arena *a, const struct field *f,
                                 const char *s, const char **type)
{
    const char *words[REQ_TEXTS];
    const size_t n = str_split(a, s, ' ', words, REQ_TEXTS);
    *type = "bad_count";
    if ((int64_t)n < f->min || (int64_t)n > f->max)
        return arena_printf(a, "must hold from %lld to %lld items",
                            (long long)f->min, (long long)f->max);
    *type = f->choices ? "not_a_choice" : "bad_text";
    for (size_t i = 0; i < n; i++)
        if (f->choices ? !is_choice(f->choices, words[i])
                       : has_control(words[i]))
            return f->choices
                       ? arena_printf(a, "must each be one of %s", f->choices)
                       : "must not hold control characters";
    return NULL;
}

const char *input_problem(struct arena *a, const struct field *f,
                          struct bytes text, const char **type)
{
    *type = "bad_text";
    if (!str_utf8_ok((const char *)text.p, text.n))
        return "must be UTF-8 text";
    const char *s = arena_strndup(a, (const char *)text.p, text.n);
    switch (f->kind) {
    case IN_INT:
    case IN_DECIMAL:
        if (text.n <= NUMBER_BYTES)
            return number_problem(a, f, s, type);
        *type = "not_a_number";
        return range_text(a, f);
    case IN_BOOL:
        *type = "not_a_boolean";
        return is_bool(s) ? NULL : "must be true or false";
    case IN_ENUM:
        *type = "not_a_choice";
        return is_choice(f->choices, s)
                   ? NULL
                   : arena_printf(a, "must be one of %s", f->choices);
    case IN_TEXT:
        return text_problem(a, f, s, type);
    case IN_JSON:
        *type = "too_long";
        return (int64_t)text.n <= f->max ? NULL : "is too large";
    case IN_TEXTS:
        return texts_problem(a, f, s, type);
    default:
        *type = "not_a_file";
        return "must be a file";
    }
}

const char *input_time(struct arena *a, const char *text, const char **clean)
{
    int64_t ms;
    char out[25];
    if (!clock_from_rfc3339(text, &ms))
        return "must be a time such as 2026-12-31T23:59:59Z (RFC 3339) or a "
               "date";
    clock_rfc3339(ms, out);
    *clean = arena_strdup(a, out);
    return NULL;
}
