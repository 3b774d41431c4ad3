/* What is due now and then, once a period however many workers there are: the
 * row of a task is locked while it is done, and moves on in the same
 * transaction. */
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "domain/invoice_record.h"
#include "domain/job.h"
#include "domain/reseal.h"
#include "domain/webhook.h"
#include "lane.h"
#include "sql/backup.h"
#include "sql/charge.h"
#include "sql/idempotency.h"
#include "sql/invoice.h"
#include "sql/invoice_record.h"
#include "sql/job.h"
#include "sql/license.h"
#include "sql/period.h"
#include "store/blob.h"
#include "store/blob_object.h"
#include "store/db_value.h"
#include "wire/s3.h"
#include "wire/seal.h"

enum {
    NAMES_BYTES = 4096,
    BLOCK = 64 << 10,
    MINUTE = 60,
    HOUR = 3600,
    DAY = 86400,
    RESEAL_US = 5000000, /* other periodic work waits; the rest next time */
    RESEAL_QUIET_US = 600000000
};

/* ---- tasks --------------------------------------------------------------- */

static enum err number(struct db *db, struct arena *a, const struct db_query *q,
                       const char *param, int64_t *n)
{
    const char *const params[] = {param};
    PGresult *row;
    const enum err e = db_one(db, a, q, param ? 1 : 0, params, &row);
    *n = e ? 0 : db_value_i64(row, 0, 0);
    return e;
}

static enum err partitions(struct db *db, struct arena *a, int64_t *n)
{
    return number(db, a, &SQL_JOB_PARTITIONS,
                  db_value_text(a, conf_int(CONF_JOB_HISTORY_MONTHS)), n);
}

static enum err blobs(struct db *db, struct arena *a, int64_t *n)
{
    enum err e;
    int64_t some = 1;
    for (*n = 0; !(e = blob_expire(db, a, &some)) && some; *n += some)
        ;
    return e;
}

static enum err webhooks(struct db *db, struct arena *a, int64_t *n)
{
    enum err e;
    int64_t some = 1;
    for (*n = 0; !(e = webhook_purge(db, a, &some)) && some; *n += some)
        ;
    return e;
}

static enum err charges(struct db *db, struct arena *a, int64_t *n)
{
    return number(db, a, &SQL_CHARGE_EXPIRE, NULL, n);
}

static enum err plans(struct db *db, struct arena *a, int64_t *n)
{
    return number(db, a, &SQL_CHARGE_PLANS, NULL, n);
}

static enum err licenses(struct db *db, struct arena *a, int64_t *n)
{
    return number(db, a, &SQL_PERIOD_EXPIRE_LICENSES, NULL, n);
}

static enum err leases(struct db *db, struct arena *a, int64_t *n)
{
    return number(db, a, &SQL_LICENSE_SETTLE_OVERDUE, NULL, n);
}

static enum err answers(struct db *db, struct arena *a, int64_t *n)
{
    return number(db, a, &SQL_IDEMPOTENCY_PURGE,
                  db_value_text(a, conf_int(CONF_IDEMPOTENCY_HOURS)), n);
}

/* With INVOICE_STORE=none nothing is to be kept, whatever RETENTION says. */
static enum err invoices(struct db *db, struct arena *a, int64_t *n)
{
    const bool none = str_eq(conf_str(CONF_INVOICE_STORE), "none");
    return number(db, a, &SQL_INVOICE_HISTORY_PURGE,
                  db_value_text(a, none ? 0 : conf_int(CONF_RETENTION)), n);
}

static enum err records(struct db *db, struct arena *a, int64_t *n)
{
    const int64_t days = invoice_record_is_on() ? conf_int(CONF_RETENTION) : 0;
    return number(db, a, &SQL_INVOICE_RECORD_PURGE, db_value_text(a, days), n);
}

static enum err runs(struct db *db, struct arena *a, int64_t *n)
{
    return number(db, a, &SQL_BACKUP_PURGE,
                  db_value_text(a, conf_int(CONF_BACKUP_RUN_DAYS)), n);
}

static enum err accounts(struct db *db, struct arena *a, int64_t *n)
{
    return number(db, a, &SQL_PERIOD_PURGE_ACCOUNTS,
                  db_value_text(a, conf_int(CONF_PURGE_DAYS)), n);
}

/* Prices come from the operator: all that can be done is to say so in time. */
static enum err reference(struct db *db, struct arena *a, int64_t *n)
{
    PGresult *res;
    const enum err e =
        db_many(db, a, &SQL_PERIOD_REFERENCE_GAPS, 0, NULL, &res);
    *n = e ? 0 : PQntuples(res);
    for (int i = 0; i < *n; i++)
        log_warning("reference_outdated", "{s:s}", "table",
                    PQgetvalue(res, i, 0));
    return e;
}

/* Of what lies under older keys as much as fits into some seconds, over a
 * connection of its own: the transaction that holds the task stays open.
 * Whoever changes DATA_KEYS starts this process anew: others may not have the
 * new key for a moment, and once nothing is left it is looked for less often.
 */
static enum err keys(struct db *db, struct arena *a, int64_t *n)
{
    static int64_t next_us;
    if (!next_us)
        next_us = clock_mono_us() + conf_int(CONF_DATA_KEYS_WAIT_S) * 1000000;
    struct reseal r = {0};
    (void)db;
    (void)a;
    *n = 0;
    if (!seal_ready() || clock_mono_us() < next_us)
        return OK;
    struct db *own = db_open(conf_str(CONF_DATABASE_URL), "worker");
    const enum err e = reseal_all(own, clock_mono_us() + RESEAL_US, &r);
    db_close(own);
    *n = r.sealed;
    if (!e && !r.is_cut && !r.sealed)
        next_us = clock_mono_us() + RESEAL_QUIET_US;
    return e;
}

static const struct task {
    const char *name;
    int period_s;
    enum err (*run)(struct db *db, struct arena *a, int64_t *n);
} tasks[] = {
    {"reap_leases", 5, job_reap},
    {"job_months", HOUR, partitions},
    {"expire_results", MINUTE, blobs},
    {"expire_charges", MINUTE, charges},
    {"monthly_plans", HOUR, plans},
    {"expire_licenses", HOUR, licenses},
    {"settle_leases", HOUR, leases},
    {"purge_answers", HOUR, answers},
    {"purge_invoices", DAY, invoices},
    {"purge_records", DAY, records},
    {"purge_runs", DAY, runs},
    {"purge_accounts", DAY, accounts},
    {"purge_webhooks", HOUR, webhooks},
    {"reference_dates", DAY, reference},
    {"purge_objects", MINUTE, blob_object_purge},
    {"sweep_objects", DAY, blob_object_sweep},
    {"reseal", MINUTE, keys},
};

/* ---- turns --------------------------------------------------------------- */

static const char *all_names(struct arena *a)
{
    struct buf b;
    buf_init(&b, a, NAMES_BYTES);
    for (size_t i = 0; i < ARRAY_LEN(tasks); i++) {
        buf_char(&b, i ? ',' : '{');
        buf_str(&b, tasks[i].name);
    }
    buf_char(&b, '}');
    return buf_cstr(&b);
}

static const struct task *by_name(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(tasks); i++)
        if (str_eq(tasks[i].name, name))
            return &tasks[i];
    return NULL;
}

/* Within the transaction: takes a task that is due, does it, moves it on. NULL
 * in *t: none is. */
static enum err take_and_do(struct db *db, struct arena *a,
                            const struct task **t)
{
    const char *const names[] = {all_names(a)};
    const int64_t since = clock_mono_us();
    int64_t n = 0;
    PGresult *row;
    *t = NULL;
    enum err e = db_one(db, a, &SQL_PERIOD_TAKE, 1, names, &row);
    if (e)
        return e == ERR_NOT_FOUND ? OK : e;
    *t = by_name(PQgetvalue(row, 0, 0));
    e = db_exec(db, a, &SQL_PERIOD_PATIENCE, 0, NULL);
    if (!e)
        e = (*t)->run(db, a, &n);
    const int64_t ms = (clock_mono_us() - since) / 1000;
    const char *const done[] = {(*t)->name, db_value_text(a, ms),
                                db_value_text(a, (*t)->period_s)};
    if (!e)
        e = db_exec(db, a, &SQL_PERIOD_DONE, 3, done);
    if (!e && n)
        log_info("period_done", "{s:s,s:I,s:I}", "task", (*t)->name, "rows",
                 (json_int_t)n, "ms", (json_int_t)ms);
    return e;
}

/* True when a task was due. */
static bool turn(struct db *db, struct arena *a)
{
    const struct task *t;
    enum err e = db_begin(db);
    if (e)
        return false;
    e = take_and_do(db, a, &t);
    if (!e)
        e = db_commit(db);
    const char *why = arena_strdup(a, e ? db_said(db) : "");
    db_rollback(db);
    if (e && t) {
        const char *const failed[] = {t->name, why,
                                      db_value_text(a, t->period_s)};
        log_error("period_failed", "{s:s,s:s}", "task", t->name, "reason", why);
        (void)!db_exec(db, a, &SQL_PERIOD_FAILED, 3, failed);
    }
    return t && !e;
}

static bool told_to_stop(int signals, int ms)
{
    struct pollfd p = {.fd = signals, .events = POLLIN};
    struct signalfd_siginfo s;
    return poll(&p, 1, ms) > 0 && read(signals, &s, sizeof s) == sizeof s &&
           s.ssi_signo != SIGCHLD;
}

int scheduler_run(const struct worker *w)
{
    struct arena *a = arena_new(BLOCK);
    const int signals = lane_signals();
    lane_metrics(LANE_MAX);
    struct db *db = db_open(conf_str(CONF_DATABASE_URL), "worker");
    bool known = false, stop = false;
    if (s3_ready() && !w->once)
        (void)!s3_probe(a); /* says so in the log; backups are tried anyway */
    do {
        const char *const names[] = {all_names(a)};
        known = known || !db_exec(db, a, &SQL_PERIOD_ADD, 1, names);
        while (known && !stop && turn(db, a)) {
            stop = told_to_stop(signals, 0);
            arena_reset(a);
        }
        arena_reset(a);
    } while (!w->once && !stop && !told_to_stop(signals, LANE_POLL_MS));
    db_close(db);
    arena_free(a);
    return w->once && !known;
}
