/* Reads the samples file and words its values. */
#include "sample.h"
#include <err.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/str.h"

void sample_open(struct sample *s, struct arena *a, const char *path,
                 const char *id)
{
    json_error_t e;
    *s = (struct sample){.arena = a, .file = json_load_file(path, 0, &e)};
    if (!s->file)
        errx(1, "%s:%d: %s", path, e.line, e.text);
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(s->file, "invoices"), i, one)
    {
        if (str_eq(json_string_value(json_object_get(one, "id")), id))
            s->invoice = one;
    }
    if (!s->invoice)
        errx(1, "%s: no invoice %s", path, id);
    s->expected = json_object_get(s->invoice, "expected");
    const char *style =
        json_string_value(json_object_get(s->invoice, "number_style"));
    s->gap = str_eq(style, "plain space") ? " " : "\u00a0";
}

static const char *replaced(struct arena *a, const char *text, const char *old,
                            const char *new_text)
{
    struct buf b;
    buf_init(&b, a, 1 << 16);
    for (const char *hit; (hit = strstr(text, old)); text = hit + strlen(old)) {
        buf_add(&b, text, (size_t)(hit - text));
        buf_str(&b, new_text);
    }
    buf_str(&b, text);
    return buf_cstr(&b);
}

/* The samples nest four levels deep. */
static void replace_in(struct sample *s, json_t *v, const char *old,
                       const char *new_text)
{
    const char *key;
    json_t *inner;
    size_t i;
    if (json_is_string(v))
        json_string_set(
            v, replaced(s->arena, json_string_value(v), old, new_text));
    json_object_foreach(v, key, inner) replace_in(s, inner, old, new_text);
    json_array_foreach(v, i, inner) replace_in(s, inner, old, new_text);
}

void sample_replace(struct sample *s, const char *old, const char *new_text)
{
    replace_in(s, s->invoice, old, new_text);
}

void sample_footer(struct sample *s, const char *text)
{
    size_t i;
    json_t *page;
    json_array_foreach(json_object_get(s->invoice, "pages"), i, page)
        json_array_append_new(page,
                              json_pack("{s:s, s:s}", "s", "small", "t", text));
}

size_t sample_n_pages(const struct sample *s)
{
    return json_array_size(json_object_get(s->invoice, "pages"));
}

const char *sample_text(const struct sample *s, const char *key)
{
    return json_string_value(json_object_get(s->expected, key));
}

const char *sample_line(const struct sample *s, const char *start)
{
    size_t i, j;
    json_t *page, *line;
    json_array_foreach(json_object_get(s->invoice, "pages"), i, page)
    {
        json_array_foreach(page, j, line)
        {
            const char *t = json_string_value(json_object_get(line, "t"));
            if (t && str_starts(t, start))
                return t;
        }
    }
    return NULL;
}

const char *sample_after(const struct sample *s, const char *label)
{
    const char *line = sample_line(s, label);
    return line ? str_trim(s->arena, line + strlen(label)) : NULL;
}

const char *sample_number(const struct sample *s, double value, int decimals)
{
    struct buf b;
    char *plain = arena_printf(s->arena, "%.*f", decimals, fabs(value));
    size_t whole = strcspn(plain, ".");
    buf_init(&b, s->arena, 64);
    buf_str(&b, value < 0 ? "-" : "");
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0)
            buf_str(&b, s->gap);
        buf_char(&b, plain[i]);
    }
    if (plain[whole])
        buf_printf(&b, ",%s", plain + whole + 1);
    return buf_cstr(&b);
}

const char *sample_euros(const struct sample *s, double value)
{
    return arena_printf(s->arena, "%s%s€", sample_number(s, value, 2), s->gap);
}

const char *sample_date(const struct sample *s, const char *iso,
                        enum sample_dates how)
{
    static const char *const months[] = {
        "janvier", "février", "mars",      "avril",   "mai",      "juin",
        "juillet", "août",    "septembre", "octobre", "novembre", "décembre"};
    const char *part[3];
    int64_t day = 0, month = 0;
    if (!iso || str_split(s->arena, iso, '-', part, 3) != 3 ||
        !str_to_i64(part[2], &day) || !str_to_i64(part[1], &month) ||
        month < 1 || month > 12)
        return "";
    if (how == DATES_SHORT)
        return arena_printf(s->arena, "%s/%s/%s", part[2], part[1],
                            part[0] + 2);
    if (how == DATES_WORDS)
        return arena_printf(s->arena, "%d%s %s %s", (int)day,
                            day == 1 ? "er" : "", months[month - 1], part[0]);
    return arena_printf(s->arena, how == DATES_DOTS ? "%s.%s.%s" : "%s/%s/%s",
                        part[2], part[1], part[0]);
}

const char *sample_rate(const struct sample *s, double rate)
{
    int decimals = rate != floor(rate);
    return arena_printf(s->arena, "%s%s%%", sample_number(s, rate, decimals),
                        s->gap);
}

double sample_real(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

const char *sample_quantity(const struct sample *s, const json_t *line)
{
    double q = sample_real(line, "quantity");
    return arena_printf(s->arena, "%s%s%s",
                        sample_number(s, q, q == floor(q) ? 0 : 2), s->gap,
                        json_string_value(json_object_get(line, "unit")));
}
