/* The rules are the database's (0013_job): they hold for every worker and for
 * psql alike. */
#include "domain/job.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "sql/job.h"
#include "store/db_value.h"

enum { ATTEMPTS = 5, ARRAY_BYTES = 1 << 20 };

static const char *result_s(struct arena *a)
{
    return db_value_text(a, conf_int(CONF_JOB_RESULT_S));
}

/* ---- putting in ---------------------------------------------------------- */

enum err job_enqueue(struct db *db, struct arena *a,
                     const struct job_request *q, const char **task_id)
{
    const char *const params[] = {
        q->kind,
        q->lane,
        q->owner,
        q->tenant_id ? db_value_text(a, q->tenant_id) : NULL,
        db_value_text(a, q->priority),
        db_value_text(a, q->delay_ms),
        q->payload ? q->payload : "{}",
        q->unique_key,
        q->webhook_url,
        db_value_text(a, q->attempts_max ? q->attempts_max : ATTEMPTS),
        q->task_id};
    const char *const twin[] = {q->owner, q->unique_key};
    PGresult *row;
    enum err e = db_one(db, a, &SQL_JOB_ENQUEUE, 11, params, &row);
    if (e == ERR_NOT_FOUND && q->unique_key)
        e = db_one(db, a, &SQL_JOB_TWIN, 2, twin, &row);
    if (!e)
        *task_id = PQgetvalue(row, 0, 0);
    return e;
}

/* ---- taking -------------------------------------------------------------- */

static void json_free(void *p)
{
    json_decref(p);
}

static struct job job_from_row(struct arena *a, const PGresult *res, int i)
{
    enum {
        ID,
        TASK,
        LANE,
        KIND,
        OWNER,
        TOKEN,
        WEBHOOK,
        TENANT,
        ATTEMPT,
        ATTEMPTS_MAX,
        PAYLOAD
    };
    json_t *payload =
        json_loads(PQgetvalue(res, i, PAYLOAD), JSON_DECODE_ANY, NULL);
    if (payload)
        arena_defer(a, json_free, payload);
    return (struct job){.id = db_value_i64(res, i, ID),
                        .task_id = PQgetvalue(res, i, TASK),
                        .lane = PQgetvalue(res, i, LANE),
                        .kind = PQgetvalue(res, i, KIND),
                        .owner = PQgetvalue(res, i, OWNER),
                        .token = PQgetvalue(res, i, TOKEN),
                        .webhook_url = PQgetisnull(res, i, WEBHOOK)
                                           ? NULL
                                           : PQgetvalue(res, i, WEBHOOK),
                        .tenant_id = db_value_i64(res, i, TENANT),
                        .attempt = (int)db_value_i64(res, i, ATTEMPT),
                        .attempts_max = (int)db_value_i64(res, i, ATTEMPTS_MAX),
                        .payload = payload};
}

static void take(struct arena *a, const PGresult *res, int most,
                 struct job *out, size_t *n)
{
    for (int i = 0; i < PQntuples(res) && i < most; i++)
        out[(*n)++] = job_from_row(a, res, i);
}

enum err job_claim(struct db *db, struct arena *a, const struct job_want *w,
                   struct job *out, size_t *n)
{
    const char *const params[] = {w->lane,
                                  w->kinds ? arena_printf(a, "{%s}", w->kinds)
                                           : NULL,
                                  db_value_text(a, w->most),
                                  w->behind ? w->behind : "",
                                  w->worker,
                                  db_value_text(a, conf_int(CONF_JOB_LEASE_S))};
    PGresult *res;
    *n = 0;
    const enum err e = db_many(db, a, &SQL_JOB_CLAIM, 6, params, &res);
    if (!e)
        take(a, res, w->most, out, n);
    return e;
}

enum err job_exhausted(struct db *db, struct arena *a, const struct job_want *w,
                       struct job *out, size_t *n)
{
    const char *const params[] = {w->lane, db_value_text(a, w->most), w->worker,
                                  db_value_text(a, conf_int(CONF_JOB_LEASE_S))};
    PGresult *res;
    *n = 0;
    const enum err e = db_many(db, a, &SQL_JOB_EXHAUSTED, 4, params, &res);
    if (!e)
        take(a, res, w->most, out, n);
    return e;
}

/* ---- holding ------------------------------------------------------------- */

/* Ids and tokens as PostgreSQL's arrays: '{1,2}', '{uuid,uuid}'. */
static void claims(struct arena *a, const struct job *jobs, size_t n,
                   const char *params[2])
{
    struct buf ids, tokens;
    buf_init(&ids, a, ARRAY_BYTES);
    buf_init(&tokens, a, ARRAY_BYTES);
    for (size_t i = 0; i < n; i++) {
        buf_char(&ids, i ? ',' : '{');
        buf_i64(&ids, jobs[i].id);
        buf_char(&tokens, i ? ',' : '{');
        buf_str(&tokens, jobs[i].token);
    }
    buf_str(&ids, n ? "}" : "{}");
    buf_str(&tokens, n ? "}" : "{}");
    params[0] = buf_cstr(&ids);
    params[1] = buf_cstr(&tokens);
}

/* The row of the answer whose first column is the id; -1: none. */
static int row_of(const PGresult *res, int64_t id)
{
    for (int i = 0; i < PQntuples(res); i++)
        if (db_value_i64(res, i, 0) == id)
            return i;
    return -1;
}

enum err job_heartbeat(struct db *db, struct arena *a, const struct job *jobs,
                       size_t n, enum job_hold *holds)
{
    const char *params[3];
    PGresult *res;
    claims(a, jobs, n, params);
    params[2] = db_value_text(a, conf_int(CONF_JOB_LEASE_S));
    const enum err e = db_many(db, a, &SQL_JOB_HEARTBEAT, 3, params, &res);
    for (size_t i = 0; !e && i < n; i++) {
        const int row = row_of(res, jobs[i].id);
        holds[i] = row < 0                                ? JOB_LOST
                   : str_eq(PQgetvalue(res, row, 1), "t") ? JOB_UNWANTED
                                                          : JOB_HELD;
    }
    return e;
}

enum err job_progress(struct db *db, struct arena *a, const struct job *j,
                      int percent, bool *unwanted)
{
    const char *const params[] = {db_value_text(a, j->id), j->token,
                                  db_value_text(a, percent)};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_JOB_PROGRESS, 3, params, &row);
    *unwanted = !e && str_eq(PQgetvalue(row, 0, 0), "t");
    return e == ERR_NOT_FOUND ? ERR_CONFLICT : e;
}

/* ---- ending -------------------------------------------------------------- */

enum err job_finish(struct db *db, struct arena *a, const struct job *j,
                    enum job_end end, const char *error, int64_t delay_ms)
{
    static const char *const words[JOB_END_MAX] = {[JOB_DONE] = "done",
                                                   [JOB_RETRY] = "retry",
                                                   [JOB_DEAD] = "dead",
                                                   [JOB_CANCELLED] =
                                                       "cancelled",
                                                   [JOB_SNOOZE] = "snooze"};
    const char *const params[] = {
        db_value_text(a, j->id),    j->token,   words[end], error,
        db_value_text(a, delay_ms), result_s(a)};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_JOB_END, 6, params, &row);
    if (e || !PQgetisnull(row, 0, 0))
        return e;
    log_warning("job_lost", "{s:s,s:s,s:s}", "task_id", j->task_id, "kind",
                j->kind, "end", words[end]);
    return ERR_CONFLICT;
}

bool job_is_last_attempt(const struct job *j)
{
    return j->attempt >= j->attempts_max;
}

enum err job_finish_many(struct db *db, struct arena *a, const struct job *jobs,
                         size_t n, bool *ended)
{
    const char *params[3];
    PGresult *res;
    claims(a, jobs, n, params);
    params[2] = result_s(a);
    const enum err e = db_many(db, a, &SQL_JOB_DONE, 3, params, &res);
    for (size_t i = 0; !e && i < n; i++)
        ended[i] = row_of(res, jobs[i].id) >= 0;
    return e;
}

enum err job_put_off(struct db *db, struct arena *a, const struct job *jobs,
                     const int64_t *delays_ms, size_t n)
{
    const char *params[3];
    struct buf delays;
    claims(a, jobs, n, params);
    buf_init(&delays, a, ARRAY_BYTES);
    for (size_t i = 0; i < n; i++) {
        buf_char(&delays, i ? ',' : '{');
        buf_i64(&delays, delays_ms[i]);
    }
    buf_char(&delays, '}');
    params[2] = buf_cstr(&delays);
    return db_exec(db, a, &SQL_JOB_PUT_OFF, 3, params);
}

enum err job_hand_back(struct db *db, struct arena *a, const struct job *jobs,
                       size_t n)
{
    const char *params[3];
    claims(a, jobs, n, params);
    params[2] = result_s(a);
    return db_exec(db, a, &SQL_JOB_HAND_BACK, 3, params);
}

enum err job_reap(struct db *db, struct arena *a, int64_t *n)
{
    const char *const params[] = {
        db_value_text(a, conf_int(CONF_JOB_REAP_DELAY_S)), result_s(a)};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_JOB_REAP, 2, params, &row);
    *n = e ? 0 : db_value_i64(row, 0, 0);
    return e;
}

/* ---- looking ------------------------------------------------------------- */

bool job_is_task_id(const char *s)
{
    size_t n = 0;
    for (; s && s[n] && n < JOB_TASK_CHARS; n++) {
        const bool dash = n == 8 || n == 13 || n == 18 || n == 23;
        const bool hex =
            (s[n] >= '0' && s[n] <= '9') || (s[n] >= 'a' && s[n] <= 'f');
        if (dash ? s[n] != '-' : !hex)
            return false;
    }
    return n == JOB_TASK_CHARS && !s[n];
}

enum err job_enter(struct db *db, struct arena *a, int64_t tenant_id)
{
    const char *const params[] = {db_value_text(a, tenant_id)};
    return db_exec(db, a, &SQL_JOB_ENTER, 1, params);
}

enum err job_cancel(struct db *db, struct arena *a, const char *task_id,
                    const char *owner, const char **state)
{
    const char *const params[] = {task_id, owner, result_s(a)};
    PGresult *row;
    if (!job_is_task_id(task_id))
        return ERR_NOT_FOUND;
    const enum err e = db_one(db, a, &SQL_JOB_CANCEL, 3, params, &row);
    if (!e)
        *state = PQgetvalue(row, 0, 0);
    return !e && PQgetisnull(row, 0, 0) ? ERR_NOT_FOUND : e;
}

enum err job_counts(struct db *db, struct arena *a, PGresult **out)
{
    return db_many(db, a, &SQL_JOB_COUNTS, 0, NULL, out);
}
