/* Without a database: 503. With one (COMPTOIR_TEST_DB, set by tests/sql): what
 * an answer of 400 takes back, and what a key keeps from being done twice. */
#include "web/transact.h"
#include <stdlib.h>
#include "base/conf.h"
#include "base/str.h"
#include "fake_req.h"
#include "tap.h"

static const struct db_query
    create = {"test_create", "CREATE TABLE transact_test (n int)"},
    drop = {"test_drop", "DROP TABLE transact_test"},
    insert = {"test_insert", "INSERT INTO transact_test VALUES (1)"},
    count = {"test_count", "SELECT count(*) FROM transact_test"},
    tenant = {"test_tenant", "SELECT current_setting('app.tenant_id')"};

static enum err outcome; /* what the handler answers */
static int calls;
static const char *seen_tenant;

static enum err write_row(struct req *r)
{
    PGresult *res;
    calls++;
    enum err e = db_exec(r->db, r->arena, &insert, 0, NULL);
    if (!e && r->who.tenant_id) {
        e = db_one(r->db, r->arena, &tenant, 0, NULL, &res);
        seen_tenant = e ? "" : PQgetvalue(res, 0, 0);
    }
    if (e)
        return e;
    if (outcome == ERR_CONFLICT)
        return ERR_CONFLICT;
    if (outcome)
        return req_fail(r, outcome, NULL);
    return req_json(r, 201, json_pack("{s:i}", "n", calls));
}

static const struct route row = {
    .method = "POST", .path = "/v1/rows", .handler = write_row, .tx = true};
static struct arena *a;
static struct db *db;

static enum err run(struct fake *f, const char *key, enum err want)
{
    fake_init(f, a);
    f->r.route = &row;
    f->r.method = "POST";
    f->r.db = db;
    f->r.who.tenant_id = 12;
    snprintf(f->r.who.id, sizeof f->r.who.id, "user:1");
    if (key)
        fake_param(f, "HTTP_IDEMPOTENCY_KEY", key);
    outcome = want;
    return transact_run(&f->r);
}

static const char *rows(void)
{
    PGresult *res;
    return db_one(db, a, &count, 0, NULL, &res) ? "?" : PQgetvalue(res, 0, 0);
}

static void plain(void)
{
    struct fake f;
    tap_ok(run(&f, NULL, OK) == OK && f.r.status == 201, "a success");
    tap_is_str(rows(), "1", "is kept");
    tap_is_str(seen_tenant, "12", "the tenant is known in it");
    tap_ok(run(&f, NULL, ERR_NOT_FOUND) == OK && f.r.status == 404, "a 404");
    tap_is_int(run(&f, NULL, ERR_CONFLICT), ERR_CONFLICT, "and an error");
    tap_is_str(rows(), "1", "take back what was written");
}

static void keyed(void)
{
    struct fake f, g;
    calls = 0;
    tap_ok(run(&f, "k", ERR_NOT_FOUND) == OK && f.r.status == 404, "a 404");
    tap_ok(run(&f, "k", OK) == OK && f.r.status == 201, "is not kept");
    for (int i = 0; i < 3; i++) {
        tap_ok(run(&g, "\"k\"", OK) == OK && g.r.status == 201, "again");
        tap_ok(g.r.answer.n == f.r.answer.n &&
                   memcmp(g.r.answer.p, f.r.answer.p, f.r.answer.n) == 0,
               "the same bytes");
        tap_is_str(fake_header(&g, "Idempotent-Replayed"), "true", "marked");
    }
    tap_is_int(calls, 2, "the handler ran once for each of the first two");
    tap_is_str(rows(), "2", "and wrote once");
    tap_ok(run(&g, "a\"b", OK) == OK && g.r.status == 422 && calls == 2,
           "a bad key is refused before any work");
}

int main(void)
{
    const char *url = getenv("COMPTOIR_TEST_DB");
    struct fake f;
    a = arena_new(1 << 16);
    tap_ok(!conf_init(), "settings");
    db = NULL;
    tap_is_int(run(&f, NULL, OK), ERR_UNAVAILABLE, "no database");
    tap_is_int(calls, 0, "nothing is done");
    if (url) {
        db = db_open(url, "ctl");
        tap_is_int(db_exec(db, a, &create, 0, NULL), OK, "a table");
        plain();
        keyed();
        tap_is_int(db_exec(db, a, &drop, 0, NULL), OK, "no table");
        db_close(db);
    }
    arena_free(a);
    return tap_done();
}
