/* One pass over the parts; errors are collected, not thrown. */
#include "web/input.h"
#include <string.h>
#include <strings.h>
#include "base/conf.h"
#include "base/str.h"
#include "wire/multipart.h"

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
    default:
        *type = "not_a_file";
        return "must be a file";
    }
}

struct reading {
    struct req *r;
    const char **values;
    json_t *errors;
    const char *where;   /* body or query */
    int64_t *counts;     /* files per row */
    const char *missing; /* a required file that did not come */
    uint64_t file_bytes;
    bool empty_file;
};

static void complain(struct reading *rd, const char *name, const char *msg,
                     const char *type)
{
    json_array_append_new(rd->errors,
                          json_pack("{s:[s,s],s:s,s:s}", "loc", rd->where, name,
                                    "msg", msg, "type", type));
}

static bool is_file(const struct field *f)
{
    return f->kind == IN_FILE || f->kind == IN_FILES;
}

static void take_file(struct reading *rd, size_t row,
                      const struct multipart_part *part)
{
    struct req *r = rd->r;
    if (!*part->filename && !part->data.n)
        return; /* a browser's file field that was left empty */
    rd->counts[row]++;
    rd->file_bytes += part->data.n;
    rd->empty_file |= part->data.n == 0;
    r->files[r->n_files++] =
        (struct file_part){part->name, part->filename, part->type, part->data};
}

static void take_text(struct reading *rd, size_t row,
                      const struct multipart_part *part)
{
    const struct field *f = &rd->r->route->in[row];
    const char *type;
    struct arena *a = rd->r->arena;
    if (rd->values[row]) {
        complain(rd, f->name, "must be given once", "duplicate");
        return;
    }
    if (!part->data.n && !is_file(f))
        return; /* an empty form field is one not filled in */
    const char *problem = input_problem(a, f, part->data, &type);
    if (problem)
        complain(rd, f->name, problem, type);
    else
        rd->values[row] =
            arena_strndup(a, (const char *)part->data.p, part->data.n);
}

static void take_part(struct reading *rd, const struct multipart_part *part)
{
    const struct field *in = rd->r->route->in;
    size_t row = 0;
    while (in[row].name && !str_eq(in[row].name, part->name))
        row++;
    if (!in[row].name)
        complain(rd, part->name, "is not a field of this route",
                 "unknown_field");
    else if (!part->filename)
        take_text(rd, row, part);
    else if (is_file(&in[row]))
        take_file(rd, row, part);
    else
        complain(rd, in[row].name, "must not be a file", "unexpected_file");
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'                     ? c - '0'
           : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                    : -1;
}

/* n bytes of a query, %XX and + undone. */
static struct bytes query_text(struct arena *a, const char *s, size_t n)
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

/* Fields that may stand behind the ?; what else stands there is not ours. */
static void take_query(struct reading *rd)
{
    const struct field *in = rd->r->route->in;
    rd->where = "query";
    for (const char *s = rd->r->query; s && *s;) {
        const size_t n = strcspn(s, "&");
        const char *eq = memchr(s, '=', n);
        const size_t name = eq ? (size_t)(eq - s) : n;
        const size_t skip = name + (eq != NULL);
        for (size_t row = 0; in[row].name; row++)
            if (in[row].in_query && strlen(in[row].name) == name &&
                memcmp(in[row].name, s, name) == 0)
                take_text(
                    rd, row,
                    &(struct multipart_part){
                        .name = in[row].name,
                        .data = query_text(rd->r->arena, s + skip, n - skip)});
        s += n + (s[n] == '&');
    }
    rd->where = "body";
}

/* Required fields and counts of files. Missing and too many files have
 * errors of their own when nothing else is wrong. */
static enum err check_rows(struct reading *rd)
{
    const struct field *in = rd->r->route->in;
    enum err e = OK;
    for (size_t i = 0; in[i].name; i++) {
        if (!is_file(&in[i])) {
            if (in[i].required && !rd->values[i])
                complain(rd, in[i].name, "is required", "missing");
            continue;
        }
        int64_t most = in[i].kind == IN_FILE ? 1 : in[i].max;
        if (in[i].required && rd->counts[i] == 0) {
            rd->missing = in[i].name;
            e = ERR_FILE_MISSING;
        } else if (rd->counts[i] > most && in[i].kind == IN_FILES)
            e = ERR_TOO_MANY_FILES;
        else if (rd->counts[i] > most)
            complain(rd, in[i].name, "must be given once", "duplicate");
    }
    return e;
}

static enum err finish(struct reading *rd, json_t **errors)
{
    enum err e = check_rows(rd);
    if (json_array_size(rd->errors)) {
        if (rd->missing)
            complain(rd, rd->missing, "is required", "missing");
        *errors = rd->errors;
        return ERR_INVALID_FIELD;
    }
    json_decref(rd->errors);
    if (e)
        return e;
    if (rd->file_bytes > (uint64_t)conf_int(CONF_MAX_CONTENT_LENGTH))
        return ERR_TOO_LARGE;
    return rd->empty_file ? ERR_FILE_EMPTY : OK;
}

enum err input_read(struct req *r, json_t **errors)
{
    const char *content_type = req_param(r, "CONTENT_TYPE");
    struct multipart m;
    size_t rows = 0;
    *errors = NULL;
    if (!multipart_is(content_type))
        return ERR_UNSUPPORTED_MEDIA;
    enum err e = multipart_parse(r->arena, content_type, r->body, &m);
    if (e)
        return e;
    while (r->route->in[rows].name)
        rows++;
    struct reading rd = {
        .r = r,
        .values = ARENA_ARRAY(r->arena, rows, const char *),
        .counts = ARENA_ARRAY(r->arena, rows, int64_t),
        .errors = json_array(),
        .where = "body",
    };
    r->files = ARENA_ARRAY(r->arena, m.n, struct file_part);
    r->n_files = 0;
    r->values = rd.values;
    take_query(&rd);
    for (size_t i = 0; i < m.n; i++)
        take_part(&rd, &m.parts[i]);
    return finish(&rd, errors);
}
