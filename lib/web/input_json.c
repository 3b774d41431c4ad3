/* A JSON object to texts by field: types are strict, "5" is no number. */
#include <stdlib.h>
#include <string.h>
#include "base/auto.h"
#include "base/buf.h"
#include "base/str.h"
#include "web/input_take.h"

enum { DEPTH = 32, LIST_BYTES = 4096 };

/* jansson's own limit is 2,048 levels: counted here before it recurses. */
static bool is_shallow(struct bytes body)
{
    int depth = 0;
    bool in_text = false;
    for (size_t i = 0; i < body.n; i++) {
        const uint8_t c = body.p[i];
        if (in_text) {
            i += c == '\\';
            in_text = c != '"';
        } else if (c == '{' || c == '[') {
            if (++depth > DEPTH)
                return false;
        } else {
            in_text = c == '"';
            depth -= c == '}' || c == ']';
        }
    }
    return true;
}

/* What a field's JSON value must be, in words for the 422. */
static const char *wanted(const struct field *f)
{
    switch (f->kind) {
    case IN_INT:
        return "must be a whole number";
    case IN_DECIMAL:
        return "must be a number";
    case IN_BOOL:
        return "must be true or false";
    case IN_TEXTS:
        return "must be a list of texts";
    case IN_JSON:
        return "must be a JSON value";
    case IN_FILE:
    case IN_FILES:
        return "must be a file in a multipart body";
    default:
        return "must be a text";
    }
}

static bool fits(const struct field *f, const json_t *v)
{
    switch (f->kind) {
    case IN_INT:
        return json_is_integer(v);
    case IN_DECIMAL:
        return json_is_number(v);
    case IN_BOOL:
        return json_is_boolean(v);
    case IN_TEXTS:
        return json_is_array(v);
    case IN_JSON:
        return true;
    case IN_FILE:
    case IN_FILES:
        return false;
    default:
        return json_is_string(v);
    }
}

/* A list as one text with spaces between; NULL when an element is no text or
 * holds a space itself. */
static const char *joined(struct arena *a, const json_t *list)
{
    struct buf b;
    size_t i;
    json_t *v;
    buf_init(&b, a, LIST_BYTES);
    json_array_foreach((json_t *)list, i, v)
    {
        const char *s = json_string_value(v);
        if (!s || !*s || strchr(s, ' '))
            return NULL;
        buf_str(&b, i ? " " : "");
        buf_str(&b, s);
    }
    return buf_ok(&b) ? buf_cstr(&b) : NULL;
}

static const char *text_of(struct arena *a, const struct field *f,
                           const json_t *v)
{
    if (f->kind == IN_TEXTS)
        return joined(a, v);
    if (json_is_string(v) && f->kind != IN_JSON)
        return json_string_value(v);
    char *s =
        json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    if (s)
        arena_defer(a, free, s);
    return s;
}

static void take_member(struct reading *rd, const char *name, json_t *v)
{
    const size_t row = input_take_row(rd, name, strlen(name));
    const struct field *f = &rd->r->route->in[row];
    if (!f->name) {
        input_take_complain(rd, name, "is not a field of this route",
                            "unknown_field");
        return;
    }
    /* an empty text is a form's way to say null */
    const bool is_empty = json_is_string(v) && !*json_string_value(v);
    if (json_is_null(v) || (is_empty && f->nullable && f->kind != IN_JSON)) {
        if (f->nullable)
            rd->values[row] = req_null;
        return; /* else as if it were not there */
    }
    const char *s = fits(f, v) ? text_of(rd->r->arena, f, v) : NULL;
    if (!s)
        input_take_complain(rd, f->name, wanted(f), "wrong_type");
    else if (!*s && (f->required || f->min > 0 || f->kind == IN_ENUM))
        input_take_complain(rd, f->name, "must not be empty", "too_short");
    else
        input_take_text(rd, row, (struct bytes){(const uint8_t *)s, strlen(s)});
}

enum err input_take_json(struct reading *rd, struct bytes body)
{
    const char *name;
    json_t *v;
    AUTO_JSON root = is_shallow(body) ? json_loadb((const char *)body.p, body.n,
                                                   JSON_REJECT_DUPLICATES, NULL)
                                      : NULL;
    if (!json_is_object(root))
        return ERR_BAD_JSON;
    json_object_foreach(root, name, v) take_member(rd, name, v);
    return OK;
}
