/* The row of the licence is locked by the UPDATE that counts its leases, so
 * that no number is given twice. */
#include "domain/license_lend.h"
#include <string.h>
#include "base/str.h"
#include "sql/license.h"
#include "store/db_value.h"

enum { HOLD_S = 315360000 }; /* ten years: a lease is settled long before */

/* Before anything else: charges lock the meter, then the licence. */
static enum err hold_slice(struct db *db, struct arena *a,
                           const struct license_wish *w, struct charge *out)
{
    const struct charge_request q = {.kind = "license",
                                     .id = w->license_id,
                                     .meter = "lease",
                                     .units = w->slice,
                                     .results = w->slice,
                                     .request_id = w->request_id,
                                     .hold_s = HOLD_S};
    *out = (struct charge){.id = 0};
    return w->slice ? charge_reserve(db, a, &q, out) : OK;
}

enum err license_lend(struct db *db, struct arena *a,
                      const struct license_wish *w, struct license_lease *out,
                      int64_t *grace_s, struct charge *charge)
{
    enum { SEQ, NOW, UNTIL, END, LIST, GRACE };
    PGresult *row;
    const char *const params[] = {db_value_text(a, w->license_id),
                                  db_value_text(a, w->hours)};
    enum err e = hold_slice(db, a, w, charge);
    if (e)
        return e;
    e = db_one(db, a, &SQL_LICENSE_LEND, 2, params, &row);
    if (e)
        return e == ERR_NOT_FOUND ? ERR_LICENSE_EXPIRED : e;
    *out = (struct license_lease){.license_id = w->license_id,
                                  .seq = db_value_i64(row, 0, SEQ),
                                  .issued_s = db_value_i64(row, 0, NOW),
                                  .expires_s = db_value_i64(row, 0, UNTIL),
                                  .license_end_s = db_value_i64(row, 0, END),
                                  .slice = w->slice,
                                  .list = db_value_i64(row, 0, LIST)};
    *grace_s = db_value_i64(row, 0, GRACE);
    const char *const lent[] = {
        params[0], PQgetvalue(row, 0, SEQ), PQgetvalue(row, 0, UNTIL),
        db_value_text(a, w->slice),
        charge->id ? db_value_text(a, charge->id) : NULL};
    return db_exec(db, a, &SQL_LICENSE_LEASE, 5, lent);
}

enum err license_lend_list(struct db *db, struct arena *a,
                           struct license_list *out)
{
    enum { NUMBER, NOW, ID };
    PGresult *res;
    const char *const most[] = {db_value_text(a, LICENSE_LEASE_LISTED)};
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
            ids[out->n++] = db_value_i64(res, i, ID);
    out->ids = ids;
    out->number = db_value_i64(res, 0, NUMBER);
    out->now_s = db_value_i64(res, 0, NOW);
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
    const char *const params[] = {id, u->transaction, seq,
                                  db_value_text(a, u->units),
                                  db_value_text(a, u->used_s)};
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

static enum err keep_all(struct db *db, struct arena *a, const char *id,
                         const char *seq, const json_t *uses,
                         struct license_report *out)
{
    struct use u;
    enum err e = OK;
    for (size_t i = 0; !e && i < json_array_size(uses); i++) {
        out->bad = i;
        e = use_ok(json_array_get(uses, i), &u) ? keep(db, a, id, seq, &u, out)
                                                : ERR_INVALID_FIELD;
    }
    return e;
}

/* What goes beyond the slice is charged like any other use; where neither
 * quota nor credit is left it is known, and owed. */
static enum err charge_excess(struct db *db, struct arena *a,
                              const struct license_told *told, int64_t left,
                              struct license_report *out)
{
    const int64_t excess = out->units > left ? out->units - left : 0;
    const struct charge_request q = {.kind = "license",
                                     .id = told->license_id,
                                     .meter = "offline",
                                     .units = excess,
                                     .results = excess,
                                     .request_id = told->request_id};
    struct charge done;
    if (!excess)
        return OK;
    /* 100 uses of a million units each are more than one charge takes */
    const enum err e = excess > LICENSE_LEND_UNITS
                           ? ERR_MONTHLY_QUOTA
                           : charge_now(db, a, &q, &done);
    const bool refused = e == ERR_MONTHLY_QUOTA || e == ERR_CREDIT;
    out->charged = refused ? 0 : excess;
    out->uncharged = refused ? excess : 0;
    return refused ? OK : e;
}

enum err license_lend_report(struct db *db, struct arena *a,
                             const struct license_told *told,
                             struct license_report *out)
{
    enum { SEQ, SLICE, REPORTED, SETTLED };
    PGresult *row;
    const char *const which[] = {db_value_text(a, told->license_id),
                                 db_value_text(a, told->seq)};
    *out = (struct license_report){.accepted = 0};
    if (!json_is_array(told->uses) ||
        json_array_size(told->uses) > LICENSE_LEND_USES ||
        (json_array_size(told->uses) < 1 && !told->close))
        return ERR_INVALID_FIELD;
    enum err e = db_one(db, a, &SQL_LICENSE_LEASE_FIND, 2, which, &row);
    if (e)
        return e == ERR_NOT_FOUND ? ERR_LEASE_UNKNOWN : e;
    const int64_t unused =
        db_value_i64(row, 0, SLICE) - db_value_i64(row, 0, REPORTED);
    out->closed = *PQgetvalue(row, 0, SETTLED) == 't';
    e = keep_all(db, a, which[0], which[1], told->uses, out);
    if (!e)
        e = charge_excess(db, a, told, out->closed || unused < 0 ? 0 : unused,
                          out);
    const char *const more[] = {which[0], which[1],
                                db_value_text(a, out->units)};
    if (!e)
        e = db_one(db, a, &SQL_LICENSE_REPORTED, 3, more, &row);
    if (e)
        return e;
    out->reported = db_value_i64(row, 0, 0);
    out->slice = db_value_i64(row, 0, 1);
    if (!told->close || out->closed)
        return OK;
    out->closed = true;
    const char *const all[] = {which[0], which[1],
                               db_value_text(a, out->reported < out->slice
                                                    ? out->reported
                                                    : out->slice)};
    return db_exec(db, a, &SQL_LICENSE_SETTLE, 3, all);
}

enum err license_lend_overdue(struct db *db, struct arena *a, int64_t *n)
{
    PGresult *row;
    const enum err e =
        db_one(db, a, &SQL_LICENSE_SETTLE_OVERDUE, 0, NULL, &row);
    *n = e ? 0 : db_value_i64(row, 0, 0);
    return e;
}
