/* The row of the licence is locked by the UPDATE that counts its leases, so
 * that no number is given twice. */
#include "domain/license_lend.h"
#include <string.h>
#include "base/str.h"
#include "sql/license.h"

static const char *text(struct arena *a, int64_t v)
{
    return arena_printf(a, "%lld", (long long)v);
}

static int64_t number(const PGresult *res, int row, int column)
{
    int64_t v = 0;
    return str_to_i64(PQgetvalue(res, row, column), &v) ? v : 0;
}

enum err license_lend(struct db *db, struct arena *a, int64_t id, int hours,
                      int64_t slice, struct license_lease *out,
                      int64_t *grace_s)
{
    enum { SEQ, NOW, UNTIL, END, LIST, GRACE };
    PGresult *row;
    const char *const params[] = {text(a, id), text(a, hours)};
    enum err e = db_one(db, a, &SQL_LICENSE_LEND, 2, params, &row);
    if (e)
        return e == ERR_NOT_FOUND ? ERR_LICENSE_EXPIRED : e;
    *out = (struct license_lease){.license_id = id,
                                  .seq = number(row, 0, SEQ),
                                  .issued_s = number(row, 0, NOW),
                                  .expires_s = number(row, 0, UNTIL),
                                  .license_end_s = number(row, 0, END),
                                  .slice = slice,
                                  .list = number(row, 0, LIST)};
    *grace_s = number(row, 0, GRACE);
    const char *const lent[] = {params[0], PQgetvalue(row, 0, SEQ),
                                PQgetvalue(row, 0, UNTIL), text(a, slice)};
    return db_exec(db, a, &SQL_LICENSE_LEASE, 4, lent);
}

enum err license_lend_list(struct db *db, struct arena *a,
                           struct license_list *out)
{
    enum { NUMBER, NOW, ID };
    PGresult *res;
    const char *const most[] = {text(a, LICENSE_LEASE_LISTED)};
    const enum err e = db_many(db, a, &SQL_LICENSE_STOPPED, 1, most, &res);
    if (e)
        return e;
    const int rows = PQntuples(res);
    if (rows < 1)
        return ERR_INTERNAL;
    int64_t *ids = ARENA_ARRAY(a, (size_t)rows, int64_t);
    out->n = 0;
    for (int i = 0; i < rows; i++)
        if (!PQgetisnull(res, i, ID))
            ids[out->n++] = number(res, i, ID);
    out->ids = ids;
    out->number = number(res, 0, NUMBER);
    out->now_s = number(res, 0, NOW);
    return OK;
}

struct use {
    const char *transaction;
    int64_t units, used_s;
};

/* The same as the CHECK of license_usage, told before the database does. */
static bool use_ok(const json_t *o, struct use *u)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789._:-";
    u->transaction = json_string_value(json_object_get(o, "transaction_id"));
    u->units = json_integer_value(json_object_get(o, "units"));
    u->used_s = json_integer_value(json_object_get(o, "used_at"));
    const size_t n = u->transaction ? strlen(u->transaction) : 0;
    return json_object_size(o) == 3 && n >= 1 && n <= 100 &&
           strspn(u->transaction, allowed) == n &&
           json_is_integer(json_object_get(o, "units")) && u->units >= 1 &&
           u->units <= LICENSE_LEND_UNITS &&
           json_is_integer(json_object_get(o, "used_at")) && u->used_s >= 0 &&
           u->used_s <= 253402300799;
}

static enum err keep(struct db *db, struct arena *a, const char *id,
                     const char *seq, const struct use *u,
                     struct license_report *out)
{
    PGresult *res;
    const char *const params[] = {id, u->transaction, seq, text(a, u->units),
                                  text(a, u->used_s)};
    const enum err e = db_many(db, a, &SQL_LICENSE_USE, 5, params, &res);
    if (e)
        return e;
    if (PQntuples(res) == 0) {
        out->duplicates++;
        return OK;
    }
    out->accepted++;
    out->units += u->units;
    return OK;
}

enum err license_lend_report(struct db *db, struct arena *a, int64_t id,
                             int64_t seq, const json_t *uses,
                             struct license_report *out, size_t *bad)
{
    PGresult *row;
    struct use u;
    const char *const which[] = {text(a, id), text(a, seq)};
    *out = (struct license_report){.accepted = 0};
    *bad = 0;
    if (!json_is_array(uses) || json_array_size(uses) < 1 ||
        json_array_size(uses) > LICENSE_LEND_USES)
        return ERR_INVALID_FIELD;
    enum err e = db_one(db, a, &SQL_LICENSE_LEASE_FIND, 2, which, &row);
    if (e)
        return e == ERR_NOT_FOUND ? ERR_LEASE_UNKNOWN : e;
    for (size_t i = 0; !e && i < json_array_size(uses); i++) {
        *bad = i;
        e = use_ok(json_array_get(uses, i), &u)
                ? keep(db, a, which[0], which[1], &u, out)
                : ERR_INVALID_FIELD;
    }
    if (e)
        return e;
    const char *const told[] = {which[0], which[1], text(a, out->units)};
    e = db_one(db, a, &SQL_LICENSE_REPORTED, 3, told, &row);
    if (e)
        return e;
    out->reported = number(row, 0, 0);
    out->slice = number(row, 0, 1);
    return OK;
}
