/* The rules are the database's (0007_billing): they hold for every program
 * and for psql alike. */
#include "domain/charge.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "sql/charge.h"
#include "store/db_value.h"

static enum err outcome_error(const char *kind, const char *outcome)
{
    if (str_eq(outcome, "ok"))
        return OK;
    if (str_eq(outcome, "credit"))
        return ERR_CREDIT;
    if (str_eq(outcome, "quota"))
        return str_eq(kind, "license") ? ERR_MONTHLY_QUOTA : ERR_QUOTA_EXCEEDED;
    return ERR_NOT_FOUND;
}

static enum err take(const struct charge_request *q, const PGresult *row,
                     struct charge *out)
{
    enum { OUTCOME, ID, CHARGED, MICRO, COUNTER, MOST, USED, END, LEFT };
    *out = (struct charge){.id = db_value_i64(row, 0, ID),
                           .units = db_value_i64(row, 0, CHARGED),
                           .micro_euros = db_value_i64(row, 0, MICRO),
                           .quota = PQgetvalue(row, 0, COUNTER),
                           .limit = db_value_i64(row, 0, MOST),
                           .used = db_value_i64(row, 0, USED),
                           .period_end = PQgetvalue(row, 0, END),
                           .period_left_s = db_value_i64(row, 0, LEFT)};
    return outcome_error(q->kind, PQgetvalue(row, 0, OUTCOME));
}

enum err charge_reserve(struct db *db, struct arena *a,
                        const struct charge_request *q, struct charge *out)
{
    const char *const params[] = {
        q->kind,
        db_value_text(a, q->id),
        q->meter,
        db_value_text(a, q->units),
        db_value_text(a, q->results),
        db_value_text(a, q->hold_s ? q->hold_s
                                   : conf_int(CONF_IDEMPOTENCY_LEASE_S)),
        q->request_id ? q->request_id : ""};
    PGresult *row;
    *out = (struct charge){.id = 0};
    const enum err e = db_one(db, a, &SQL_CHARGE_RESERVE, 7, params, &row);
    return e ? e : take(q, row, out);
}

enum err charge_now(struct db *db, struct arena *a,
                    const struct charge_request *q, struct charge *out)
{
    const char *const params[] = {q->kind,
                                  db_value_text(a, q->id),
                                  q->meter,
                                  db_value_text(a, q->units),
                                  db_value_text(a, q->results),
                                  q->request_id ? q->request_id : "",
                                  q->key_hash};
    PGresult *row;
    *out = (struct charge){.id = 0};
    const enum err e = db_one(db, a, &SQL_CHARGE_NOW, 7, params, &row);
    return e ? e : take(q, row, out);
}

enum err charge_commit(struct db *db, struct arena *a, const struct charge *c,
                       int64_t units, const char *key_hash)
{
    const char *const params[] = {db_value_text(a, c->id),
                                  units < 0 ? NULL : db_value_text(a, units),
                                  key_hash};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_CHARGE_COMMIT, 3, params, &row);
    if (e != ERR_NOT_FOUND)
        return e;
    log_warning("charge_outlived", "{s:I}", "charge", (json_int_t)c->id);
    return ERR_UNAVAILABLE;
}

enum err charge_refund(struct db *db, struct arena *a, const struct charge *c)
{
    const char *const params[] = {db_value_text(a, c->id)};
    return db_exec(db, a, &SQL_CHARGE_REFUND, 1, params);
}

json_t *charge_refusal(const struct charge *c, enum err e)
{
    if (e == ERR_CREDIT)
        return json_pack("{s:I}", "needed_micro_euros",
                         (json_int_t)c->micro_euros);
    if (e != ERR_QUOTA_EXCEEDED && e != ERR_MONTHLY_QUOTA)
        return NULL;
    return json_pack("{s:s,s:I,s:I,s:s}", "quota", c->quota, "limit",
                     (json_int_t)c->limit, "used", (json_int_t)c->used,
                     "period_end", c->period_end);
}

enum err charge_usage(struct db *db, struct arena *a,
                      const struct charge_request *of, const char *month,
                      struct charge_usage *out, size_t *n)
{
    enum { COUNTER, MOST, USED, RESERVED, MONTH, END };
    const char *const params[] = {of->kind, db_value_text(a, of->id), month,
                                  of->meter};
    const size_t max = *n;
    PGresult *res;
    *n = 0;
    const enum err e = db_many(db, a, &SQL_CHARGE_USAGE, 4, params, &res);
    for (int i = 0; !e && i < PQntuples(res) && *n < max; i++)
        out[(*n)++] =
            (struct charge_usage){.quota = PQgetvalue(res, i, COUNTER),
                                  .limit = db_value_i64(res, i, MOST),
                                  .used = db_value_i64(res, i, USED),
                                  .reserved = db_value_i64(res, i, RESERVED),
                                  .month = PQgetvalue(res, i, MONTH),
                                  .period_end = PQgetvalue(res, i, END)};
    return e;
}
