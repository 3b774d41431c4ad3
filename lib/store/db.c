/* One connection that heals itself: after a restart of the server the next
 * request reconnects, and statements are prepared again when first used. */
#include "store/db.h"
#include <assert.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "sql/db.h"
#include "store/db_dial.h"

enum {
    PREPARED_MAX = 256,
    BACKOFF_MIN_US = 50000,
    BACKOFF_MAX_US = 5000000,
    PING_US = 1000000,
    TENANTS_MAX = 500,  /* a backend's memory: 185 KB a tenant of 15 tables */
    TENANTS_ROOM = 1024 /* places of the set: a power of two above twice that */
};

struct db {
    struct arena *memory;
    const char *url, *role;
    struct db_dial *dial;
    PGconn *conn;
    bool in_transaction;
    bool is_bounded; /* left_us counts */
    int64_t left_us; /* how long the caller still waits, in all */
    int64_t next_try_us, backoff_us;
    const struct db_query *ahead; /* sent by db_ahead, not yet answered */
    /* Names prepared on this connection: static text of the SQL_ constants. */
    const char *prepared[PREPARED_MAX];
    size_t n_prepared;
    bool is_outdated; /* a plan is; all are prepared again after this one */
    int64_t tenants[TENANTS_ROOM]; /* served on this connection; 0: free */
    size_t n_tenants;
    bool is_worn; /* too many: the next statement outside gets a new one */
    char said[300];
};

static uint64_t failures;

uint64_t db_failures(void)
{
    return failures;
}

static void result_free(void *p)
{
    PQclear(p);
}

struct db *db_open(const char *url, const char *role)
{
    struct arena *memory = arena_new(sizeof(struct db) + 1024);
    struct db *db = ARENA_NEW(memory, struct db);
    db->memory = memory;
    db->url = arena_strdup(memory, url ? url : "");
    db->role = arena_strdup(memory, role);
    db->dial =
        db_dial_new(memory, db->url, arena_printf(memory, "comptoir/%s", role));
    return db;
}

static void drop(struct db *db)
{
    PQfinish(db->conn);
    db->conn = NULL;
    db->ahead = NULL;
    db->n_prepared = 0;
    db->is_outdated = false;
    memset(db->tenants, 0, sizeof db->tenants);
    db->n_tenants = 0;
    db->is_worn = false;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    drop(db);
    arena_free(db->memory);
}

/* The last line of libpq's message without its newline: host and reason, no
 * statement values. */
static const char *reason(struct db *db)
{
    static char text[256];
    const char *s = db->conn ? PQerrorMessage(db->conn) : "";
    s = *s ? s : "no answer in time";
    size_t n = strcspn(s, "\n");
    n = n < sizeof text ? n : sizeof text - 1;
    memcpy(text, s, n);
    text[n] = '\0';
    return text;
}

/* ---- waiting ------------------------------------------------------------ */

void db_patience(struct db *db, int64_t ms)
{
    db->is_bounded = ms > 0;
    db->left_us = ms * 1000;
}

static void spend(struct db *db, int64_t since)
{
    if (db->is_bounded)
        db->left_us -= clock_mono_us() - since;
}

static bool is_spent(const struct db *db)
{
    return db->is_bounded && db->left_us <= 0;
}

/* Waits for the answer; false when it did not come until the deadline. */
static bool answered(struct db *db, int64_t deadline)
{
    while (PQisBusy(db->conn)) {
        if (!db_dial_ready(db->conn, POLLIN, deadline))
            return false;
        if (!PQconsumeInput(db->conn))
            return true;
    }
    return true;
}

/* The answer to what was sent, NULL when there is none in time: then the
 * connection is given up, for its answer would come to the next statement. */
static PGresult *collect(struct db *db)
{
    const int64_t from = clock_mono_us();
    PGresult *last = NULL, *res = NULL;
    bool good;
    while ((good = !db->is_bounded || answered(db, from + db->left_us)) &&
           (res = PQgetResult(db->conn))) {
        PQclear(last);
        last = res;
    }
    spend(db, from);
    if (good)
        return last;
    PQclear(last);
    drop(db);
    return NULL;
}

static void back_off(struct db *db)
{
    int64_t wait = db->backoff_us * 2;
    wait = wait < BACKOFF_MIN_US ? BACKOFF_MIN_US : wait;
    db->backoff_us = wait > BACKOFF_MAX_US ? BACKOFF_MAX_US : wait;
    db->next_try_us = clock_mono_us() + db->backoff_us;
}

static bool take_role(struct db *db)
{
    const char *const params[] = {db->role};
    PQsendQueryParams(db->conn, SQL_DB_TAKE_ROLE.text, 1, NULL, params, NULL,
                      NULL, 0);
    PGresult *res = collect(db);
    const bool good = PQresultStatus(res) == PGRES_TUPLES_OK;
    PQclear(res);
    return good;
}

static PGconn *dial(struct db *db)
{
    const int64_t from = clock_mono_us();
    int64_t us = db_dial_us(db->dial);
    if (db->is_bounded && db->left_us < us)
        us = db->left_us;
    PGconn *conn = db_dial(db->dial, us);
    spend(db, from);
    return conn;
}

static void quiet(void *arg, const char *message)
{
    (void)arg;
    (void)message; /* notices of the server are for psql users */
}

/* Nobody came for the answer of what was sent ahead. */
static void forget_ahead(struct db *db)
{
    if (!db->ahead)
        return;
    db->ahead = NULL;
    PQclear(collect(db));
}

static enum err connect_now(struct db *db)
{
    forget_ahead(db);
    if (db->is_worn && !db->in_transaction)
        drop(db);
    if (db->conn && PQstatus(db->conn) == CONNECTION_OK)
        return OK;
    if (!*db->url || clock_mono_us() < db->next_try_us || is_spent(db))
        return ERR_UNAVAILABLE;
    drop(db);
    db->conn = dial(db);
    if (PQstatus(db->conn) == CONNECTION_OK && take_role(db)) {
        PQsetNoticeProcessor(db->conn, quiet, NULL);
        db->backoff_us = 0;
        return OK;
    }
    back_off(db);
    failures++;
    log_warning("db_unavailable", "{s:s,s:I}", "reason", reason(db), "retry_ms",
                (json_int_t)(db->backoff_us / 1000));
    drop(db);
    return ERR_UNAVAILABLE;
}

static bool lost(const struct db *db)
{
    return PQstatus(db->conn) != CONNECTION_OK;
}

/* Classes of SQLSTATE that say "not now" rather than "never so". */
static bool is_passing(const char *state)
{
    static const char *const starts[] = {"08", "53", "57", "55P03", "40"};
    for (size_t i = 0; i < ARRAY_LEN(starts); i++)
        if (str_starts(state, starts[i]))
            return true;
    return false;
}

/* What statements and functions of ours raise on purpose. */
static enum err expected(const char *state)
{
    static const struct {
        const char *state;
        enum err error;
    } rows[] = {{"23505", ERR_CONFLICT},  /* unique_violation */
                {"P0002", ERR_NOT_FOUND}, /* no_data_found */
                {"55000", ERR_CONFLICT}}; /* ..not_in_prerequisite_state */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (str_eq(state, rows[i].state))
            return rows[i].error;
    return OK;
}

/* "cached plan must not change result type": tables differ from when it was
 * made. Other things that are not supported stay so. */
static bool is_outdated(const PGresult *res)
{
    return str_eq(PQresultErrorField(res, PG_DIAG_SQLSTATE), "0A000") &&
           str_eq(PQresultErrorField(res, PG_DIAG_SOURCE_FUNCTION),
                  "RevalidateCachedQuery");
}

static void remember(struct db *db, const char *state, const char *say)
{
    snprintf(db->said, sizeof db->said, "%s: %s", state, say);
}

const char *db_said(const struct db *db)
{
    return db->said;
}

/* Logs what failed. Classes 22 and 23 quote values: only the constraint. */
static enum err failure(struct db *db, const char *name, const PGresult *res)
{
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    failures += !state || !str_eq(state, "23505");
    if (!state || lost(db)) {
        remember(db, "08006", "the connection was lost");
        log_warning("db_lost", "{s:s,s:s}", "statement", name, "reason",
                    reason(db));
        return ERR_UNAVAILABLE;
    }
    const bool values = str_starts(state, "22") || str_starts(state, "23");
    const char *say = PQresultErrorField(res, values ? PG_DIAG_CONSTRAINT_NAME
                                                     : PG_DIAG_MESSAGE_PRIMARY);
    remember(db, state, say ? say : "");
    const enum err told = expected(state);
    if (told)
        return told;
    db->is_outdated |= is_outdated(res);
    log_error("db_failed", "{s:s,s:s,s:s}", "statement", name, "sqlstate",
              state, "message", say ? say : "");
    return is_passing(state) || is_outdated(res) ? ERR_UNAVAILABLE
                                                 : ERR_INTERNAL;
}

static bool is_prepared(const struct db *db, const char *name)
{
    for (size_t i = 0; i < db->n_prepared; i++)
        if (str_eq(db->prepared[i], name))
            return true;
    return false;
}

static PGresult *prepare_and_run(struct db *db, const struct db_query *q,
                                 size_t n, const char *const *params)
{
    /* the statement, never its values */
    log_debug("db_statement", "{s:s,s:s}", "statement", q->name, "text",
              q->text);
    if (!is_prepared(db, q->name)) {
        PQsendPrepare(db->conn, q->name, q->text, (int)n, NULL);
        PGresult *res = collect(db);
        if (PQresultStatus(res) != PGRES_COMMAND_OK)
            return res;
        PQclear(res);
        assert(db->n_prepared < PREPARED_MAX);
        db->prepared[db->n_prepared++] = q->name;
    }
    PQsendQueryPrepared(db->conn, q->name, (int)n, params, NULL, NULL, 0);
    return collect(db);
}

void db_ahead(struct db *db, const struct db_query *q, size_t n,
              const char *const *params)
{
    forget_ahead(db);
    if (db->in_transaction || !db->conn || lost(db) || is_spent(db) ||
        !is_prepared(db, q->name))
        return;
    if (PQsendQueryPrepared(db->conn, q->name, (int)n, params, NULL, NULL, 0))
        db->ahead = q;
}

static bool succeeded(const PGresult *res)
{
    const ExecStatusType s = PQresultStatus(res);
    return s == PGRES_TUPLES_OK || s == PGRES_COMMAND_OK;
}

/* A statement may be sent again when it surely left no trace: a plain SELECT
 * outside a transaction on a connection that died while idle, or one whose
 * plan the server has forgotten or outdated (a migration ran). */
static bool may_repeat(struct db *db, const struct db_query *q,
                       const PGresult *res)
{
    if (db->in_transaction)
        return false;
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    if (state && !lost(db)) {
        const bool plan = str_eq(state, "26000") || str_eq(state, "0A000");
        if (plan)
            drop(db);
        return plan;
    }
    return str_starts(q->text, "SELECT");
}

/* The answer of the same statement sent ahead; NULL: it has to be asked. */
static PGresult *take_ahead(struct db *db, const struct db_query *q)
{
    if (db->ahead != q)
        return NULL;
    db->ahead = NULL;
    /* Most often it is there by now: then nobody has to wait for it. */
    if (!PQconsumeInput(db->conn))
        return NULL;
    PGresult *res = collect(db);
    if (succeeded(res))
        return res;
    PQclear(res);
    return NULL;
}

enum err db_many(struct db *db, struct arena *a, const struct db_query *q,
                 size_t n, const char *const *params, PGresult **out)
{
    PGresult *ready = take_ahead(db, q);
    if (ready) {
        arena_defer(a, result_free, ready);
        *out = ready;
        return OK;
    }
    for (int attempt = 0;; attempt++) {
        if ((db->in_transaction && (!db->conn || lost(db))) || is_spent(db))
            return ERR_UNAVAILABLE;
        const enum err e = connect_now(db);
        if (e)
            return e;
        PGresult *res = prepare_and_run(db, q, n, params);
        if (succeeded(res)) {
            arena_defer(a, result_free, res);
            *out = res;
            return OK;
        }
        const bool again =
            attempt == 0 && !is_spent(db) && may_repeat(db, q, res);
        const enum err why = again ? OK : failure(db, q->name, res);
        PQclear(res);
        if (!again)
            return why;
    }
}

enum err db_one(struct db *db, struct arena *a, const struct db_query *q,
                size_t n, const char *const *params, PGresult **out)
{
    const enum err e = db_many(db, a, q, n, params, out);
    if (e)
        return e;
    if (PQntuples(*out) == 0)
        return ERR_NOT_FOUND;
    if (PQntuples(*out) == 1)
        return OK;
    log_error("db_many_rows", "{s:s,s:i}", "statement", q->name, "rows",
              PQntuples(*out));
    return ERR_INTERNAL;
}

enum err db_exec(struct db *db, struct arena *a, const struct db_query *q,
                 size_t n, const char *const *params)
{
    PGresult *unused;
    return db_many(db, a, q, n, params, &unused);
}

/* Sends text that cannot be prepared: transaction words and scripts. */
static enum err run_text(struct db *db, const char *name, const char *text)
{
    PGresult *res = PQexec(db->conn, text);
    const enum err e = succeeded(res) ? OK : failure(db, name, res);
    PQclear(res);
    return e;
}

enum err db_begin(struct db *db)
{
    assert(!db->in_transaction);
    enum err e = connect_now(db);
    if (e)
        return e;
    e = run_text(db, SQL_DB_BEGIN.name, SQL_DB_BEGIN.text);
    if (e == ERR_UNAVAILABLE && lost(db)) { /* it died while idle */
        e = connect_now(db);
        e = e ? e : run_text(db, SQL_DB_BEGIN.name, SQL_DB_BEGIN.text);
    }
    db->in_transaction = e == OK;
    return e;
}

enum err db_commit(struct db *db)
{
    assert(db->in_transaction);
    db->in_transaction = false;
    if (!db->conn || lost(db))
        return ERR_UNAVAILABLE;
    if (PQtransactionStatus(db->conn) == PQTRANS_INERROR) {
        /* COMMIT would answer ROLLBACK and look like success. */
        log_error("db_commit_failed", NULL);
        db->in_transaction = true;
        db_rollback(db);
        return ERR_INTERNAL;
    }
    return run_text(db, SQL_DB_COMMIT.name, SQL_DB_COMMIT.text);
}

void db_rollback(struct db *db)
{
    if (!db->in_transaction)
        return;
    db->in_transaction = false;
    if (db->conn && !lost(db) &&
        run_text(db, SQL_DB_ROLLBACK.name, SQL_DB_ROLLBACK.text) != OK)
        drop(db);
    if (!db->is_outdated || !db->conn || lost(db))
        return;
    db->is_outdated = false;
    db->n_prepared = 0;
    if (run_text(db, SQL_DB_FORGET_PLANS.name, SQL_DB_FORGET_PLANS.text))
        drop(db);
}

enum err db_script(struct db *db, const char *name, const char *text)
{
    assert(db->in_transaction);
    if (!db->conn || lost(db))
        return ERR_UNAVAILABLE;
    return run_text(db, name, text);
}

/* The place of a tenant in the set, or the free one it would take. */
static int64_t *place_of(struct db *db, int64_t tenant_id)
{
    size_t i = (uint64_t)tenant_id * 0x9E3779B97F4A7C15u >> 54;
    while (db->tenants[i % TENANTS_ROOM] &&
           db->tenants[i % TENANTS_ROOM] != tenant_id)
        i++;
    return &db->tenants[i % TENANTS_ROOM];
}

void db_visit(struct db *db, int64_t tenant_id)
{
    int64_t *place = place_of(db, tenant_id);
    if (*place == tenant_id || db->is_worn)
        return;
    *place = tenant_id;
    db->is_worn = ++db->n_tenants > TENANTS_MAX;
}

static bool ping_once(struct db *db)
{
    if (connect_now(db))
        return false;
    bool good = PQsendQuery(db->conn, SQL_DB_PING.text) &&
                answered(db, clock_mono_us() + PING_US);
    for (PGresult *res; good && (res = PQgetResult(db->conn));) {
        good = succeeded(res);
        PQclear(res);
    }
    if (!good)
        drop(db);
    return good;
}

bool db_ping(struct db *db)
{
    if (db->in_transaction)
        return db->conn && !lost(db);
    const bool fresh = !db->conn;
    return ping_once(db) || (!fresh && ping_once(db));
}

/* ---- hearing ------------------------------------------------------------- */

int db_socket(const struct db *db)
{
    return db->conn ? PQsocket(db->conn) : -1;
}

bool db_heard(struct db *db, struct arena *a, const char **payload)
{
    if (!db->conn)
        return false;
    if (!PQconsumeInput(db->conn) || lost(db)) {
        drop(db);
        return false;
    }
    PGnotify *n = PQnotifies(db->conn);
    if (n && payload)
        *payload = arena_strdup(a, n->extra);
    PQfreemem(n);
    return n != NULL;
}

void db_forget(struct db *db)
{
    if (!db->conn)
        return;
    close(PQsocket(db->conn)); /* PQfinish would end the parent's session */
    db->conn = NULL;
    db->in_transaction = false;
    drop(db);
}
