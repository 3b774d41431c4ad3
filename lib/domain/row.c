/* The server says what type a column has; its numbers are those of pg_type.h,
 * which never change. */
#include "domain/row.h"
#include <string.h>
#include "base/str.h"

static json_t *bool_value(const char *s)
{
    return json_boolean(*s == 't');
}

static json_t *int_value(const char *s)
{
    int64_t v;
    return str_to_i64(s, &v) ? json_integer(v) : json_string(s);
}

static json_t *json_value(const char *s)
{
    json_t *v = json_loads(s, JSON_DECODE_ANY, NULL);
    return v ? v : json_string(s);
}

/* "2026-11-21 10:07:26.123456" as RFC 3339. */
static json_t *time_value(const char *s)
{
    char text[40];
    const size_t n = strlen(s);
    if (n > sizeof text - 2)
        return json_string(s);
    memcpy(text, s, n);
    char *space = memchr(text, ' ', n);
    if (space)
        *space = 'T';
    text[n] = 'Z';
    return json_stringn(text, n + 1);
}

static const struct kind {
    Oid type;
    json_t *(*value)(const char *s);
} kinds[] = {{16, bool_value},  {20, int_value},   {21, int_value},
             {23, int_value},   {114, json_value}, {3802, json_value},
             {1114, time_value}};

static json_t *value_of(Oid type, const char *s)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (kinds[i].type == type)
            return kinds[i].value(s);
    return json_string(s);
}

json_t *row_to_json(const PGresult *res, int row)
{
    json_t *o = json_object();
    for (int i = 0; i < PQnfields(res); i++) {
        const char *name = PQfname(res, i);
        if (str_eq(name, "page_key"))
            continue;
        json_object_set_new(
            o, name,
            PQgetisnull(res, row, i)
                ? json_null()
                : value_of(PQftype(res, i), PQgetvalue(res, row, i)));
    }
    return o;
}
