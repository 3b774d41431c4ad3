/* One pass over what came; errors are collected, not thrown. */
#include "web/input.h"
#include <string.h>
#include <strings.h>
#include "base/conf.h"
#include "base/str.h"
#include "web/input_take.h"
#include "wire/multipart.h"

void input_take_complain(struct reading *rd, const char *name, const char *msg,
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

void input_take_text(struct reading *rd, size_t row, struct bytes text)
{
    const struct field *f = &rd->r->route->in[row];
    const char *type;
    struct arena *a = rd->r->arena;
    if (rd->values[row]) {
        input_take_complain(rd, f->name, "must be given once", "duplicate");
        return;
    }
    if (!text.n && !is_file(f))
        return; /* an empty form field is one not filled in */
    const char *problem = input_problem(a, f, text, &type);
    const char *value = arena_strndup(a, (const char *)text.p, text.n);
    if (!problem && f->check) {
        problem = f->check(a, value, &value);
        type = "bad_value";
    }
    if (problem)
        input_take_complain(rd, f->name, problem, type);
    else
        rd->values[row] = value;
}

size_t input_take_row(const struct reading *rd, const char *name, size_t n)
{
    const struct field *in = rd->r->route->in;
    size_t row = 0;
    while (in[row].name &&
           (strlen(in[row].name) != n || memcmp(in[row].name, name, n) != 0))
        row++;
    return row;
}

static void take_part(struct reading *rd, const struct multipart_part *part)
{
    const struct field *in = rd->r->route->in;
    const size_t row = input_take_row(rd, part->name, strlen(part->name));
    if (!in[row].name)
        input_take_complain(rd, part->name, "is not a field of this route",
                            "unknown_field");
    else if (!part->filename)
        input_take_text(rd, row, part->data);
    else if (is_file(&in[row]))
        take_file(rd, row, part);
    else
        input_take_complain(rd, in[row].name, "must not be a file",
                            "unexpected_file");
}

/* Told of already: a field that came and was wrong is not missing too. */
static bool is_told(const struct reading *rd, const char *name)
{
    size_t i;
    json_t *o;
    json_array_foreach(rd->errors, i, o)
    {
        const json_t *loc = json_object_get(o, "loc");
        if (str_eq(json_string_value(json_array_get(loc, 1)), name))
            return true;
    }
    return false;
}

/* Required fields and counts of files. Missing and too many files have
 * errors of their own when nothing else is wrong. */
static enum err check_rows(struct reading *rd)
{
    const struct field *in = rd->r->route->in;
    enum err e = OK;
    for (size_t i = 0; in[i].name; i++) {
        if (!is_file(&in[i])) {
            if (in[i].required && !rd->values[i] && !is_told(rd, in[i].name))
                input_take_complain(rd, in[i].name, "is required", "missing");
            continue;
        }
        int64_t most = in[i].kind == IN_FILE ? 1 : in[i].max;
        if (in[i].required && rd->counts[i] == 0) {
            rd->missing = in[i].name;
            e = ERR_FILE_MISSING;
        } else if (rd->counts[i] > most && in[i].kind == IN_FILES)
            e = ERR_TOO_MANY_FILES;
        else if (rd->counts[i] > most)
            input_take_complain(rd, in[i].name, "must be given once",
                                "duplicate");
    }
    return e;
}

static enum err finish(struct reading *rd, json_t **errors)
{
    enum err e = check_rows(rd);
    if (json_array_size(rd->errors)) {
        if (rd->missing)
            input_take_complain(rd, rd->missing, "is required", "missing");
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

static enum err take_multipart(struct reading *rd, const char *content_type)
{
    struct req *r = rd->r;
    struct multipart m;
    const enum err e = multipart_parse(r->arena, content_type, r->body, &m);
    if (e)
        return e;
    r->files = ARENA_ARRAY(r->arena, m.n, struct file_part);
    for (size_t i = 0; i < m.n; i++)
        take_part(rd, &m.parts[i]);
    return OK;
}

static bool is_type(const char *content_type, const char *type)
{
    const size_t n = strlen(type);
    return strncasecmp(content_type, type, n) == 0 &&
           strspn(content_type + n, "; \t") + !content_type[n] > 0;
}

/* In the first way of the row's that the content type names. */
static enum err take_body(struct reading *rd)
{
    const struct req *r = rd->r;
    const int takes = r->route->takes ? r->route->takes : TAKES_MULTIPART;
    const char *type = req_param(r, "CONTENT_TYPE");
    if (!type || !*type)
        return r->body.n || takes == TAKES_MULTIPART ? ERR_UNSUPPORTED_MEDIA
                                                     : OK;
    if (takes & TAKES_MULTIPART && multipart_is(type))
        return take_multipart(rd, type);
    if (takes & TAKES_JSON && is_type(type, "application/json"))
        return r->body.n ? input_take_json(rd, r->body) : OK;
    if (!(takes & TAKES_FORM) ||
        !is_type(type, "application/x-www-form-urlencoded"))
        return ERR_UNSUPPORTED_MEDIA;
    input_take_pairs(rd, (const char *)r->body.p, r->body.n);
    return OK;
}

static void take_query(struct reading *rd)
{
    rd->where = "query";
    input_take_pairs(rd, rd->r->query, strlen(rd->r->query));
    rd->where = "body";
}

enum err input_read(struct req *r, json_t **errors)
{
    size_t rows = 0;
    *errors = NULL;
    while (r->route->in[rows].name)
        rows++;
    struct reading rd = {
        .r = r,
        .values = ARENA_ARRAY(r->arena, rows, const char *),
        .counts = ARENA_ARRAY(r->arena, rows, int64_t),
        .errors = json_array(),
        .where = "body",
    };
    r->n_files = 0;
    r->values = rd.values;
    take_query(&rd);
    const enum err e = r->route->body_limit ? take_body(&rd) : OK;
    if (!e)
        return finish(&rd, errors);
    json_decref(rd.errors);
    return e;
}
