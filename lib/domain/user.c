/* Columns to members by one table; written by hand rather than by the JSON
 * library, for GET /api/auth/me is asked at every page of a front end. */
#include "domain/user.h"
#include <string.h>
#include "domain/user_seal.h"

enum { USER_BYTES = 16384 };

enum shape { TEXT, NUMBER, BOOL, TIME, SEALED };

/* In the order of principal.sql's user, so that the next one is tried first. */
static const struct member {
    const char *name;
    enum shape shape;
} members[] = {
    {"id", NUMBER},          {"tenant_id", NUMBER},
    {"role", TEXT},          {"username", TEXT},
    {"email", TEXT},         {"full_name", TEXT},
    {"business_name", TEXT}, {"account_type", TEXT},
    {"business_type", TEXT}, {"estimated_products", NUMBER},
    {"siret", SEALED},       {"vat_number", SEALED},
    {"phone", SEALED},       {"country", TEXT},
    {"language", TEXT},      {"is_active", BOOL},
    {"is_verified", BOOL},   {"prediction_count", NUMBER},
    {"last_login", TIME},    {"created_at", TIME},
};

static const struct member *member_named(const char *name, size_t likely)
{
    if (likely < ARRAY_LEN(members) && strcmp(members[likely].name, name) == 0)
        return &members[likely];
    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        if (strcmp(members[i].name, name) == 0)
            return &members[i];
    return NULL;
}

/* "2026-11-21 10:07:26.123456" (UTC) as RFC 3339. */
static void write_time(struct buf *b, const char *s)
{
    const size_t day = strcspn(s, " ");
    buf_char(b, '"');
    buf_add(b, s, day);
    buf_char(b, 'T');
    buf_str(b, s + day + (s[day] == ' '));
    buf_str(b, "Z\"");
}

static void write_value(struct buf *b, enum shape shape, const char *s)
{
    switch (shape) {
    case NUMBER:
        buf_str(b, s);
        break;
    case BOOL:
        buf_str(b, *s == 't' ? "true" : "false");
        break;
    case TIME:
        write_time(b, s);
        break;
    case SEALED: /* opened before */
    case TEXT:
        buf_char(b, '"');
        buf_json(b, s);
        buf_char(b, '"');
        break;
    }
}

static const char *clear_value(struct arena *a, const PGresult *res, int row,
                               int i, const struct member *m)
{
    const char *s = PQgetvalue(res, row, i);
    const int id = m->shape == SEALED ? PQfnumber(res, "id") : -1;
    return id < 0 ? s
                  : user_seal_clear(a, m->name, PQgetvalue(res, row, id), s);
}

void user_write(struct buf *b, const PGresult *res, int row)
{
    const int columns = PQnfields(res);
    size_t likely = 0;
    char between = '{';
    for (int i = 0; i < columns; i++) {
        const struct member *m = member_named(PQfname(res, i), likely);
        if (!m)
            continue;
        likely = (size_t)(m - members) + 1;
        buf_char(b, between);
        buf_char(b, '"');
        buf_str(b, m->name);
        buf_str(b, "\":");
        if (PQgetisnull(res, row, i))
            buf_str(b, "null");
        else
            write_value(b, m->shape, clear_value(b->arena, res, row, i, m));
        between = ',';
    }
    buf_char(b, '}');
}

json_t *user_to_json(struct arena *a, const PGresult *res, int row)
{
    struct buf b;
    buf_init(&b, a, USER_BYTES);
    user_write(&b, res, row);
    return json_loads(buf_cstr(&b), 0, NULL);
}
