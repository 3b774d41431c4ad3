/* The connection without a database, and with one (COMPTOIR_TEST_DB, set by
 * tests/sql) that is killed under it. */
#include "store/db.h"
#include <poll.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/str.h"
#include "listener.h"
#include "tap.h"

static const struct db_query
    one = {"test_one", "SELECT 1 AS n"},
    backend = {"test_backend", "SELECT pg_backend_pid()"},
    none = {"test_none", "SELECT 1 WHERE false"},
    twice = {"test_twice", "SELECT generate_series(1, 2)"},
    wrong = {"test_wrong", "SELECT nothing FROM nowhere"},
    create = {"test_create", "CREATE TABLE db_test (id int PRIMARY KEY)"},
    destroy = {"test_destroy", "DROP TABLE db_test"},
    insert = {"test_insert", "INSERT INTO db_test VALUES ($1::int)"},
    count = {"test_count", "SELECT count(*) FROM db_test"},
    end_it = {"test_end", "SELECT pg_terminate_backend($1::int)"},
    end_self = {"test_end_self",
                "SELECT pg_terminate_backend(pg_backend_pid())"},
    slow = {"test_slow", "SELECT pg_sleep(5)"},
    wide = {"test_wide", "CREATE TABLE db_wide AS SELECT 1 AS a"},
    wider = {"test_wider", "ALTER TABLE db_wide ADD COLUMN b int"},
    narrow = {"test_narrow", "DROP TABLE db_wide"},
    all_of_it = {"test_all", "SELECT * FROM db_wide"},
    bad_cast = {"test_cast", "SELECT $1::int"},
    raises =
        {"test_raises",
         "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'P0002'; END $$"},
    forbids = {
        "test_forbids",
        "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '55000'; END $$"};

static void without(void)
{
    struct arena *a = arena_new(1024);
    PGresult *res;
    struct db *db = db_open("host=/nonexistent dbname=x", "api");
    tap_is_int(db_one(db, a, &one, 0, NULL, &res), ERR_UNAVAILABLE,
               "no database: unavailable");
    const int64_t from = clock_mono_us();
    for (int i = 0; i < 1000; i++)
        if (db_one(db, a, &one, 0, NULL, &res) != ERR_UNAVAILABLE)
            tap_ok(false, "unavailable again");
    tap_ok(clock_mono_us() - from < 1000000, "while it backs off it is quick");
    tap_is_int(db_begin(db), ERR_UNAVAILABLE, "no transaction either");
    tap_ok(!db_ping(db), "no ping");
    db_close(db);
    db = db_open(NULL, "api");
    tap_is_int(db_one(db, a, &one, 0, NULL, &res), ERR_UNAVAILABLE, "no url");
    db_close(db);
    db_close(NULL);
    arena_free(a);
}

static const char *text(struct db *db, struct arena *a,
                        const struct db_query *q)
{
    PGresult *res;
    return db_one(db, a, q, 0, NULL, &res) ? "?" : PQgetvalue(res, 0, 0);
}

static void statements(struct db *db, struct arena *a)
{
    PGresult *res;
    tap_is_str(text(db, a, &one), "1", "a row");
    tap_is_int(db_one(db, a, &none, 0, NULL, &res), ERR_NOT_FOUND, "no row");
    tap_is_int(db_one(db, a, &twice, 0, NULL, &res), ERR_INTERNAL, "two rows");
    tap_is_int(db_many(db, a, &wrong, 0, NULL, &res), ERR_INTERNAL, "no table");
    const char *const word[] = {"x"}, *const seven[] = {"7"};
    tap_is_int(db_many(db, a, &bad_cast, 1, word, &res), ERR_INTERNAL, "cast");
    tap_is_int(db_exec(db, a, &raises, 0, NULL), ERR_NOT_FOUND, "P0002");
    tap_is_int(db_exec(db, a, &forbids, 0, NULL), ERR_CONFLICT, "55000");
    tap_is_int(db_exec(db, a, &create, 0, NULL), OK, "create");
    tap_is_int(db_exec(db, a, &insert, 1, seven), OK, "insert");
    tap_is_int(db_exec(db, a, &insert, 1, seven), ERR_CONFLICT, "unique");
    tap_is_int(db_begin(db), OK, "begin");
    const char *const eight[] = {"8"};
    tap_is_int(db_exec(db, a, &insert, 1, eight), OK, "insert in it");
    db_rollback(db);
    tap_is_str(text(db, a, &count), "1", "rolled back");
    tap_is_int(db_begin(db), OK, "begin");
    tap_is_int(db_exec(db, a, &insert, 1, seven), ERR_CONFLICT, "spoilt");
    tap_is_int(db_commit(db), ERR_INTERNAL, "a spoilt one does not commit");
    tap_is_int(db_begin(db), OK, "begin");
    tap_is_int(db_script(db, "s",
                         "INSERT INTO db_test VALUES (1); "
                         "INSERT INTO db_test VALUES (2);"),
               OK, "script");
    tap_is_int(db_commit(db), OK, "commit");
    tap_is_str(text(db, a, &count), "3", "both were kept");
    tap_is_int(db_exec(db, a, &destroy, 0, NULL), OK, "drop");
}

static void kill_other(struct db *other, struct arena *a, const char *pid)
{
    const char *const params[] = {pid};
    tap_is_int(db_exec(other, a, &end_it, 1, params), OK, "backend ended");
}

/* A terminated backend goes a moment after the answer; a read either still
 * meets the old one or heals, so wait until the number changes. */
static void healing(const char *url, struct arena *a)
{
    struct db *db = db_open(url, "api"), *other = db_open(url, "ctl");
    PGresult *res;
    const char *pid = text(db, a, &backend), *now = pid;
    kill_other(other, a, pid);
    const int64_t until = clock_mono_us() + 5000000;
    while (str_eq(now, pid) && clock_mono_us() < until)
        now = text(db, a, &backend);
    tap_ok(!str_eq(now, pid) && !str_eq(now, "?"), "a read heals itself");
    tap_is_str(text(db, a, &one), "1", "statements are prepared again");
    tap_is_int(db_begin(db), OK, "begin");
    kill_other(other, a, text(db, a, &backend));
    while (db_one(db, a, &one, 0, NULL, &res) == OK && clock_mono_us() < until)
        continue;
    tap_is_int(db_commit(db), ERR_UNAVAILABLE, "a lost transaction says so");
    tap_is_int(db_begin(db), OK, "and the next one works");
    db_rollback(db);
    tap_ok(db_ping(db), "ping");
    db_close(other);
    char *quick = arena_printf(a, "%s options='-c statement_timeout=50'", url);
    other = db_open(quick, "api");
    tap_is_int(db_many(other, a, &slow, 0, NULL, &res), ERR_UNAVAILABLE,
               "a statement that takes too long");
    tap_is_str(text(other, a, &one), "1", "leaves the connection usable");
    db_close(other);
    db_close(db);
}

/* A server that is slow, and one that died meanwhile, within what the caller
 * waits. */
static void patience(const char *url, struct arena *a)
{
    struct db *db = db_open(url, "api"), *other = db_open(url, "ctl");
    PGresult *res;
    db_patience(db, 300);
    const int64_t from = clock_mono_us();
    tap_is_int(db_many(db, a, &slow, 0, NULL, &res), ERR_UNAVAILABLE,
               "a bounded wait ends");
    tap_is_int(db_one(db, a, &one, 0, NULL, &res), ERR_UNAVAILABLE,
               "and nothing is left of it for the next statement");
    tap_ok(clock_mono_us() - from < 3000000, "before the statement does");
    db_patience(db, 5000);
    tap_is_str(text(db, a, &one), "1", "a new wait gets its own answer");
    const char *pid = text(db, a, &backend), *now = pid;
    kill_other(other, a, pid);
    const int64_t until = clock_mono_us() + 5000000;
    while (str_eq(now, pid) && clock_mono_us() < until)
        now = text(db, a, &backend);
    tap_ok(!str_eq(now, pid) && !str_eq(now, "?"), "it heals as well");
    db_close(other);
    db_close(db);
}

/* A migration between two transactions: the first one after it fails as one
 * that may be tried again, and then is well. */
static void outdated(const char *url, struct arena *a)
{
    struct db *db = db_open(url, "api"), *other = db_open(url, "ctl");
    PGresult *res;
    tap_is_int(db_exec(other, a, &wide, 0, NULL), OK, "a table");
    tap_is_int(db_begin(db), OK, "begin");
    tap_is_int(db_many(db, a, &all_of_it, 0, NULL, &res), OK, "its rows");
    tap_is_int(db_commit(db), OK, "commit");
    tap_is_int(db_exec(other, a, &wider, 0, NULL), OK, "a column more");
    tap_is_int(db_begin(db), OK, "begin");
    tap_is_int(db_many(db, a, &all_of_it, 0, NULL, &res), ERR_UNAVAILABLE,
               "the plan is outdated");
    tap_ok(str_starts(db_said(db), "0A000"), "as db_said tells");
    tap_is_int(db_commit(db), ERR_INTERNAL, "no commit");
    tap_is_int(db_begin(db), OK, "begin again");
    tap_is_int(db_many(db, a, &all_of_it, 0, NULL, &res), OK, "well");
    tap_is_int(PQnfields(res), 2, "both columns");
    tap_is_int(db_commit(db), OK, "commit");
    tap_is_int(db_exec(other, a, &narrow, 0, NULL), OK, "drop");
    db_close(other);
    db_close(db);
}

/* Five hundred tenants a backend, the same ones as often as may be. */
static void visits(const char *url, struct arena *a)
{
    struct db *db = db_open(url, "api");
    const char *pid = text(db, a, &backend);
    for (int64_t i = 0; i < 5000; i++)
        db_visit(db, i % 500 * 1000003 + 1);
    tap_is_str(text(db, a, &backend), pid, "500 tenants: the same backend");
    tap_is_int(db_begin(db), OK, "begin");
    for (int64_t i = 1; i < 2000; i++)
        db_visit(db, INT64_MAX - i);
    tap_is_str(text(db, a, &backend), pid, "never within a transaction");
    tap_is_int(db_commit(db), OK, "commit");
    const char *now = text(db, a, &backend);
    tap_ok(!str_eq(now, pid), "more: a new one");
    db_visit(db, 1);
    tap_is_str(text(db, a, &backend), now, "which counts anew");
    db_close(db);
}

/* Two servers, of which one accepts and then says nothing, or is not there. */
static void several(const char *folder, const char *rest, struct arena *a)
{
    PGresult *res;
    int port = 0;
    AUTO_FD silent = listener_open(&port);
    tap_ok(silent >= 0, "a silent server");
    struct db *db = db_open(arena_printf(a, "host=127.0.0.1,%s port=%d,5432 %s",
                                         folder, port, rest),
                            "api");
    db_patience(db, 1000);
    tap_is_str(text(db, a, &one), "1", "the second answers in time");
    tap_is_int(db_exec(db, a, &end_self, 0, NULL), ERR_UNAVAILABLE, "lost");
    AUTO_FD asked = accept(silent, NULL, NULL);
    tap_is_str(text(db, a, &one), "1", "it is asked first from then on");
    struct pollfd again = {.fd = silent, .events = POLLIN};
    tap_ok(asked >= 0 && poll(&again, 1, 0) == 0, "and the silent one no more");
    db_close(db);
    db = db_open(
        arena_printf(a, "host=/nonexistent,%s port=5432 %s", folder, rest),
        "ctl");
    tap_is_str(text(db, a, &one), "1", "none at the first");
    db_close(db);
    db = db_open(arena_printf(a, "host=127.0.0.1 port=%d %s", port, rest),
                 "api");
    db_patience(db, 200);
    tap_is_int(db_one(db, a, &one, 0, NULL, &res), ERR_UNAVAILABLE,
               "a silent one alone: given up in time");
    db_close(db);
    db = db_open("host=a,b,c nonsense=1", "api");
    tap_is_int(db_one(db, a, &one, 0, NULL, &res), ERR_UNAVAILABLE,
               "a url that is none");
    db_close(db);
}

int main(void)
{
    without();
    const char *url = getenv("COMPTOIR_TEST_DB");
    if (!url)
        return tap_done();
    struct arena *a = arena_new(4096);
    struct db *db = db_open(url, "api");
    statements(db, a);
    db_close(db);
    healing(url, a);
    patience(url, a);
    outdated(url, a);
    visits(url, a);
    several(getenv("PGHOST"), "user=comptoir dbname=postgres", a);
    arena_free(a);
    return tap_done();
}
