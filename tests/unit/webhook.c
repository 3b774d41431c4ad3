/* Deliveries from the news to their ends, and what becomes of receivers; the
 * database (COMPTOIR_TEST_WEBHOOK, a migrated one) is set by
 * tests/sql/14-webhook. */
#include "domain/webhook.h"
#include <stdlib.h>
#include "base/conf.h"
#include "base/str.h"
#include "domain/job.h"
#include "store/blob.h"
#include "store/db_value.h"
#include "tap.h"

#define TASK "00000000-0000-4000-8000-00000000000"

static const struct db_query
    age = {"test_age", "UPDATE public.webhook_endpoint SET failing_since ="
                       " failing_since - interval '5 days'"},
    over = {"test_over",
            "UPDATE public.webhook_endpoint SET paused_until = now()"},
    old = {"test_old", "UPDATE public.webhook_delivery SET finished_at ="
                       " finished_at - interval '31 days'"},
    count = {"test_count", "SELECT count(*) FROM public.webhook_delivery"},
    trail = {"test_trail",
             "SELECT string_agg(event || ' ' || (facts ->> 'why'),"
             " ',') FROM public.audit_log WHERE event LIKE 'webhook%'"},
    due = {"test_due",
           "SELECT coalesce(sum((run_at <= now())::int), 0), count(*)"
           " FROM public.job WHERE kind = 'webhook' AND state = 'ready'"},
    forget = {"test_forget", "DELETE FROM public.blob"},
    a_tenant = {"test_tenant", "INSERT INTO public.tenants (name, email)"
                               " VALUES ('T', 't@example.org') RETURNING id"};

static struct db *worker, *jobs, *owner;
static struct arena *a;

static const char *cell(const struct db_query *q, int column)
{
    PGresult *row;
    return db_one(owner, a, q, 0, NULL, &row) ? "error"
                                              : PQgetvalue(row, 0, column);
}

static void run(const struct db_query *q)
{
    tap_is_int(db_exec(owner, a, q, 0, NULL), OK, "%s", q->name);
}

static enum err finish(enum err e)
{
    if (!e)
        return db_commit(worker);
    db_rollback(worker);
    return e;
}

/* News of a task of key:1, in a transaction of its own. */
static const char *tell(char task, const char *event, const char *url)
{
    const struct webhook_news n = {.owner = "key:1",
                                   .task_id = arena_printf(a, TASK "%c", task),
                                   .event = event,
                                   .url = url,
                                   .body = {(const uint8_t *)"{\"a\":1}", 7}};
    tap_is_int(db_begin(worker), OK, "begin");
    tap_is_int(finish(webhook_enqueue(worker, a, &n)), OK, "told");
    return arena_printf(a, "evt_%s_%s", n.task_id, event);
}

static struct webhook_order load(const char *id)
{
    struct webhook_order o = {0};
    tap_is_int(webhook_load(worker, a, id, &o), OK, "loaded");
    return o;
}

static int64_t attempt(const char *id, const char *error, int status, int nth)
{
    const struct webhook_outcome out = {error, status, 0};
    const struct webhook_verdict v = webhook_rules_judge(&out, nth, 0);
    const struct webhook_try t = {
        .error = error,
        .status = status,
        .duration_ms = 12,
        .sent_bytes = 7,
        .answer = {(const uint8_t *)"caf\xc3\xa9\x01\xff!", 8}};
    const struct webhook_order o = load(id);
    int64_t paused_ms = -1;
    tap_is_int(db_begin(worker), OK, "begin");
    tap_is_int(finish(webhook_settle(worker, a, &o, &t, &v, &paused_ms)), OK,
               "a try with %s %d", error ? error : "status", status);
    return paused_ms;
}

/* What its owner sees: a cell of the delivery, or of its newest try. */
static const char *seen(const char *id, const char *who, const char *column)
{
    PGresult *row = NULL, *tries = NULL;
    tap_is_int(db_begin(jobs), OK, "begin");
    tap_is_int(job_enter(jobs, a, 0), OK, "named");
    const enum err e = webhook_find(jobs, a, who, id, &row, &tries);
    db_rollback(jobs);
    if (e)
        return err_code(e);
    const int in_row = PQfnumber(row, column);
    return in_row >= 0 ? PQgetvalue(row, 0, in_row)
                       : PQgetvalue(tries, 0, PQfnumber(tries, column));
}

static enum err redeliver(const char *id, const char *who)
{
    return webhook_redeliver(jobs, a, id, who, "key:1");
}

/* ---- one delivery -------------------------------------------------------- */

static void delivered(void)
{
    struct bytes body;
    const char *id = tell('1', "success", "https://Example.org/hook?x=1");
    const struct webhook_order o = load(id);
    tap_is_str(o.url, "https://Example.org/hook?x=1", "where to");
    tap_is_str(o.origin, "https://example.org:443", "whose receiver");
    tap_ok(o.is_pending && !o.is_disabled && !o.paused_ms && o.now_s > 1e9,
           "it waits");
    tap_is_int(blob_get(worker, a, o.blob_id, &body), OK, "its body");
    tap_is_str((const char *)body.p, "{\"a\":1}", "as it was told");
    tap_is_str(cell(&due, 1), "1", "a job carries it");
    tell('1', "success", "https://example.org/hook");
    tap_is_str(cell(&due, 1), "1", "told twice, carried once");
    tell('2', "success", "");
    tell('3', "success", NULL);
    tap_is_str(cell(&due, 1), "1", "without an address nobody is told");
    attempt(id, "timeout", 0, 1);
    tap_is_str(seen(id, "key:1", "state"), "pending",
               "after a failure it waits");
    tap_is_str(seen(id, "key:1", "last_error"), "timeout", "and says why");
    tap_is_str(seen(id, "key:2", "state"), "not_found", "to its owner alone");
    attempt(id, NULL, 204, 2);
    tap_is_str(seen(id, "key:1", "state"), "delivered", "then it is delivered");
    tap_is_str(seen(id, "key:1", "n"), "2", "at the second try");
    tap_is_str(seen(id, "key:1", "status"), "204", "with a status");
    tap_is_str(seen(id, "key:1", "answer"), "caf\xc3\xa9 \xef\xbf\xbd!",
               "and what was said, as plain text");
    tap_is_int(load(id).failures, 0, "the receiver is well");
}

static void everybody(void)
{
    setenv("WEBHOOK_URL", "https://desk.example.org/all", 1);
    tap_ok(!conf_init() && !webhook_init(), "an address for all jobs");
    tap_ok(webhook_is_wanted(NULL), "somebody is told");
    const char *id = tell('4', "failure", NULL);
    tap_is_str(load(id).url, "https://desk.example.org/all", "that one");
    setenv("WEBHOOK_URL", "http://10.0.0.1/", 1);
    tap_ok(!conf_init() && webhook_init(), "no address inside");
    setenv("WEBHOOK_URL", "", 1);
    tap_ok(!conf_init() && !webhook_init() && !webhook_is_wanted(NULL), "none");
}

/* ---- receivers ----------------------------------------------------------- */

static void breaker(void)
{
    const char *id = tell('5', "success", "https://slow.example.org/");
    int64_t paused = attempt(id, NULL, 429, 1);
    tap_ok(paused > 50000 && paused <= 60000, "429: left alone for a minute");
    run(&over);
    for (int i = 2; i < WEBHOOK_FAILURES; i++)
        tap_is_int(attempt(id, "timeout", 0, 2), 0, "failure %d", i);
    paused = attempt(id, "timeout", 0, 2);
    tap_ok(paused > 3500000 && paused <= 3600000, "the tenth: for an hour");
    tap_ok(load(id).paused_ms > 3500000, "which the next order says");
    run(&over);
    tap_ok(attempt(id, "timeout", 0, 2) > 3500000, "one more: another hour");
    tap_is_int(attempt(id, NULL, 200, 3), 0, "a success ends that");
    tap_is_int(load(id).failures, 0, "and is a new beginning");
}

static void five_days(void)
{
    const char *id = tell('6', "success", "https://dead.example.org/");
    attempt(id, NULL, 500, 1);
    run(&age);
    tap_ok(!load(id).is_disabled, "five days, nothing tried");
    attempt(id, NULL, 500, 2);
    tap_ok(load(id).is_disabled, "one more failure: switched off");
    tap_is_str(cell(&trail, 0), "webhook_disable failing", "in the trail");
    const char *next = tell('7', "success", "https://dead.example.org/x");
    tap_is_str(seen(next, "key:1", "state"), "failed", "the next is not tried");
    tap_is_str(seen(next, "key:1", "last_error"), "endpoint_disabled", "why");
    tap_is_int(redeliver(next, "key:1"), ERR_CONFLICT, "nor sent again");
    const char *endpoint = db_value_text(a, load(id).endpoint_id);
    tap_is_int(webhook_enable(jobs, a, endpoint, "key:2", "key:2"),
               ERR_NOT_FOUND, "another may not switch it on");
    tap_is_int(webhook_enable(jobs, a, endpoint, "key:1", "key:1"), OK,
               "its owner may");
    tap_is_int(redeliver(next, "key:1"), OK, "then it is sent again");
    tap_is_str(seen(next, "key:1", "state"), "pending", "and waits");
}

static void gone(void)
{
    const char *id = tell('8', "success", "https://gone.example.org/");
    attempt(id, NULL, 410, 1);
    tap_ok(load(id).is_disabled, "410: switched off at once");
    tap_is_str(cell(&trail, 0), "webhook_disable failing,webhook_disable gone",
               "in the trail");
    tap_is_str(seen(id, "key:1", "state"), "failed", "and given up");
}

/* ---- again --------------------------------------------------------------- */

static void again(void)
{
    const char *id = tell('9', "success", "https://again.example.org/");
    tap_is_int(redeliver(id, "key:2"), ERR_NOT_FOUND, "not another's");
    attempt(id, "timeout", 0, 10);
    tap_is_str(seen(id, "key:1", "state"), "failed", "given up");
    tap_is_int(redeliver(id, "key:1"), OK, "its owner sends it again");
    tap_is_str(seen(id, "key:1", "state"), "pending", "it waits");
    const char *waiting = cell(&due, 1);
    tap_is_int(redeliver(id, "key:1"), OK, "and again");
    tap_is_str(cell(&due, 1), waiting, "still one job");
    tap_is_int(webhook_drop(worker, a, id, "body_gone"), OK, "dropped");
    run(&forget);
    tap_is_int(redeliver(id, "key:1"), ERR_CONFLICT, "no body, no delivery");
}

static void walls(int64_t tenant)
{
    PGresult *rows;
    const char *const page[] = {NULL, "100"};
    const struct webhook_filter f = {.owner = "key:1", .rows = "100"};
    tap_is_int(db_begin(jobs), OK, "begin");
    tap_is_int(job_enter(jobs, a, tenant), OK, "a tenant");
    tap_is_int(webhook_list(jobs, a, &f, &rows), OK, "deliveries");
    tap_is_int(PQntuples(rows), 0, "of others are not seen");
    tap_is_int(webhook_endpoints(jobs, a, "key:1", NULL, page, &rows), OK,
               "receivers");
    tap_is_int(PQntuples(rows), 0, "neither");
    tap_is_int(job_enter(jobs, a, 0), OK, "nobody's");
    tap_is_int(webhook_endpoints(jobs, a, "key:1", NULL, page, &rows), OK,
               "receivers");
    tap_is_int(PQntuples(rows), 6, "of the key");
    db_rollback(jobs);
}

static void purge(void)
{
    int64_t n = -1;
    const int64_t all = strtol(cell(&count, 0), NULL, 10);
    tap_is_int(webhook_purge(worker, a, &n), OK, "forget");
    tap_is_int(n, 0, "nothing is old");
    run(&old);
    tap_is_int(webhook_purge(worker, a, &n), OK, "a month later");
    tap_ok(n >= 3 && n == all - strtol(cell(&count, 0), NULL, 10),
           "what ended is gone, what waits is not");
}

int main(void)
{
    const char *url = getenv("COMPTOIR_TEST_WEBHOOK");
    PGresult *row;
    a = arena_new(65536);
    tap_ok(!conf_init() && !webhook_init(), "settings");
    tap_ok(!webhook_is_wanted(NULL) && webhook_is_wanted("https://a.fr/"),
           "who is told");
    if (url) {
        worker = db_open(url, "worker");
        jobs = db_open(url, "jobs");
        owner = db_open(url, "owner");
        tap_is_int(db_one(owner, a, &a_tenant, 0, NULL, &row), OK, "tenant");
        delivered();
        everybody();
        breaker();
        five_days();
        gone();
        again();
        walls(db_value_i64(row, 0, 0));
        purge();
        db_close(owner);
        db_close(jobs);
        db_close(worker);
    }
    arena_free(a);
    return tap_done();
}
