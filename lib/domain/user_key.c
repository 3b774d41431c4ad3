/* The tenant's row is locked before its keys are counted: that, and no more,
 * keeps two requests from taking the last place together. */
#include "domain/user_key.h"
#include <stdlib.h>
#include "base/str.h"
#include "domain/audit.h"
#include "sql/user_key.h"
#include "store/db_value.h"
#include "wire/api_key.h"

static const char *column(const PGresult *row, const char *name)
{
    const int i = PQfnumber(row, name);
    return PQgetisnull(row, 0, i) ? NULL : PQgetvalue(row, 0, i);
}

static int64_t count_of(const PGresult *row)
{
    int64_t n;
    return str_to_i64(PQgetvalue(row, 0, 0), &n) ? n : 0;
}

static enum err note(struct db *db, struct arena *a,
                     const struct principal *who, const char *event,
                     const PGresult *key)
{
    json_t *scopes = json_loads(column(key, "scopes"), 0, NULL);
    const struct audit_event e = {
        .tenant_id = who->tenant_id,
        .actor = who->id,
        .event = event,
        .subject = arena_printf(a, "key:%s", column(key, "id")),
        .facts = json_pack("{s:s,s:s,s:o*}", "name", column(key, "name"),
                           "prefix", column(key, "prefix"), "scopes", scopes),
    };
    return audit_note(db, a, &e);
}

enum err user_key_expiry(struct db *db, struct arena *a, const char *time,
                         int64_t days, const char **out)
{
    const char *const params[] = {time, db_value_text(a, days)};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_USER_KEY_EXPIRY, 2, params, &row);
    if (e)
        return e;
    if (*column(row, "is_ahead") != 't' || *column(row, "is_near") != 't')
        return ERR_INVALID_FIELD;
    *out = column(row, "at");
    return OK;
}

/* ERR_QUOTA_EXCEEDED when no more key may be made. */
static enum err take_room(struct db *db, struct arena *a,
                          const struct principal *who,
                          struct user_key_made *out)
{
    const char *const params[] = {db_value_text(a, who->tenant_id)};
    PGresult *room, *used;
    enum err e = db_one(db, a, &SQL_USER_KEY_ROOM, 1, params, &room);
    if (!e)
        e = db_one(db, a, &SQL_USER_KEY_USED, 1, params, &used);
    if (e)
        return e;
    out->limit = count_of(room);
    out->used = count_of(used);
    return out->used < out->limit ? OK : ERR_QUOTA_EXCEEDED;
}

/* The row of a new key; its id in *id. */
static enum err insert(struct db *db, struct arena *a,
                       const struct principal *who,
                       const struct user_key_want *want,
                       struct user_key_made *out)
{
    const char *key = api_key_new(a);
    const char *const params[] = {db_value_text(a, who->tenant_id),
                                  db_value_text(a, who->user_id),
                                  want->name,
                                  api_key_prefix(a, key),
                                  api_key_last(a, key),
                                  api_key_hash(a, key),
                                  want->scopes,
                                  want->expires_at};
    PGresult *made, *row;
    enum err e = db_one(db, a, &SQL_USER_KEY_INSERT, 8, params, &made);
    if (!e)
        e = user_key_get(db, a, who, PQgetvalue(made, 0, 0), &row);
    if (e)
        return e;
    out->key = key;
    out->row = row;
    return OK;
}

enum err user_key_create(struct db *db, struct arena *a,
                         const struct principal *who,
                         const struct user_key_want *want,
                         struct user_key_made *out)
{
    enum err e = take_room(db, a, who, out);
    if (!e)
        e = insert(db, a, who, want, out);
    return e ? e : note(db, a, who, "key_create", out->row);
}

enum err user_key_list(struct db *db, struct arena *a,
                       const struct principal *who, const char *const page[2],
                       PGresult **out)
{
    const char *const params[] = {db_value_text(a, who->tenant_id),
                                  db_value_text(a, who->user_id), page[0],
                                  page[1]};
    return db_many(db, a, &SQL_USER_KEY_LIST, 4, params, out);
}

enum err user_key_get(struct db *db, struct arena *a,
                      const struct principal *who, const char *id,
                      PGresult **out)
{
    const char *const params[] = {db_value_text(a, who->tenant_id),
                                  db_value_text(a, who->user_id), id};
    return db_one(db, a, &SQL_USER_KEY_GET, 3, params, out);
}

const char *user_key_status(const PGresult *key)
{
    return column(key, "status");
}

enum err user_key_change(struct db *db, struct arena *a,
                         const struct principal *who, const char *id,
                         const json_t *change)
{
    char *text = json_dumps(change, JSON_COMPACT);
    if (!text)
        return ERR_INTERNAL;
    arena_defer(a, free, text);
    const char *const params[] = {db_value_text(a, who->tenant_id),
                                  db_value_text(a, who->user_id), id, text};
    PGresult *row;
    enum err e = db_exec(db, a, &SQL_USER_KEY_CHANGE, 4, params);
    if (!e)
        e = user_key_get(db, a, who, id, &row);
    return e ? e : note(db, a, who, "key_change", row);
}

enum err user_key_revoke(struct db *db, struct arena *a,
                         const struct principal *who, const char *id)
{
    const char *const params[] = {db_value_text(a, who->tenant_id),
                                  db_value_text(a, who->user_id), id};
    PGresult *row;
    enum err e = user_key_get(db, a, who, id, &row);
    if (e || str_eq(user_key_status(row), "revoked"))
        return e;
    e = db_exec(db, a, &SQL_USER_KEY_REVOKE, 3, params);
    return e ? e : note(db, a, who, "key_revoke", row);
}

/* A list of the database as words with spaces between: ["a", "b"]. */
static const char *words(struct arena *a, const char *json)
{
    char *out = arena_strdup(a, json), *to = out;
    for (const char *s = json; *s; s++)
        if (*s != '[' && *s != ']' && *s != '"' && *s != ' ')
            *to++ = *s == ',' ? ' ' : *s;
    *to = '\0';
    return out;
}

enum err user_key_rotate(struct db *db, struct arena *a,
                         const struct principal *who, const PGresult *key,
                         int64_t overlap_s, struct user_key_made *out)
{
    const char *tenant = db_value_text(a, who->tenant_id),
               *id = column(key, "id");
    const char *const end_params[] = {tenant, id};
    PGresult *end;
    enum err e = db_one(db, a, &SQL_USER_KEY_END_OF, 2, end_params, &end);
    if (e)
        return e;
    const struct user_key_want want = {column(key, "name"),
                                       words(a, column(key, "scopes")),
                                       column(end, "expires_at")};
    e = insert(db, a, who, &want, out);
    if (e)
        return e;
    const char *const params[] = {tenant, db_value_text(a, who->user_id), id,
                                  column(out->row, "id"),
                                  db_value_text(a, overlap_s)};
    e = db_exec(db, a, &SQL_USER_KEY_REPLACE, 5, params);
    return e ? e : note(db, a, who, "key_rotate", key);
}
