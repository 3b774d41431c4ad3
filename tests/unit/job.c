/* Jobs from their orders to their ends; the database (COMPTOIR_TEST_JOB, a
 * migrated one) is set by tests/sql/13-job. */
#include "domain/job.h"
#include <stdlib.h>
#include "base/conf.h"
#include "base/str.h"
#include "store/db_value.h"
#include "tap.h"

static const struct db_query
    run_out = {"test_run_out", "UPDATE public.job SET lease_until = now()"
                               " WHERE state = 'running'"},
    a_tenant = {"test_tenant", "INSERT INTO public.tenants (name, email)"
                               " VALUES ('T', 't@example.org') RETURNING id"};

static struct db *jobs, *worker;
static struct arena *a;

static const char *order(const struct job_request *q, enum err want)
{
    const char *task = NULL;
    tap_is_int(db_begin(jobs), OK, "begin");
    tap_is_int(job_enter(jobs, a, q->tenant_id), OK, "named");
    tap_is_int(job_enqueue(jobs, a, q, &task), want, "order of %s", q->owner);
    if (want)
        db_rollback(jobs);
    else
        tap_is_int(db_commit(jobs), OK, "commit");
    return task;
}

static size_t claim(int most, const char *behind, struct job *out)
{
    size_t n = 0;
    const struct job_want w = {
        .lane = "inline", .most = most, .behind = behind, .worker = "test/1"};
    tap_is_int(job_claim(worker, a, &w, out, &n), OK, "claim");
    return n;
}

static const struct db_query seen = {
    "test_seen", "SELECT state FROM public.job_seen"
                 " WHERE task_id = $1::uuid AND owner = $2"};

static const char *state(const char *task, const char *owner)
{
    PGresult *row = NULL;
    tap_is_int(db_begin(jobs), OK, "begin");
    tap_is_int(job_enter(jobs, a, 0), OK, "named");
    const char *const params[] = {task, owner};
    const enum err e = db_one(jobs, a, &seen, 2, params, &row);
    db_rollback(jobs);
    return e ? err_code(e) : PQgetvalue(row, 0, 0);
}

static enum err finish(const struct job *j, enum job_end end, int64_t delay_ms)
{
    enum err e = db_begin(worker);
    if (!e)
        e = job_finish(worker, a, j, end, "because", delay_ms);
    if (!e)
        return db_commit(worker);
    db_rollback(worker);
    return e;
}

static void one_life(void)
{
    const struct job_request q = {.kind = "noop",
                                  .lane = "inline",
                                  .owner = "key:1",
                                  .priority = 2,
                                  .payload = "{\"n\": 7}",
                                  .unique_key = "once",
                                  .webhook_url = "https://example.org/"};
    struct job j[3];
    const char *task = order(&q, OK);
    tap_ok(job_is_task_id(task), "a task id");
    tap_is_str(order(&q, OK), task, "the same key: the same job");
    tap_is_str(state(task, "key:1"), "ready", "it waits");
    tap_is_str(state(task, "key:2"), err_code(ERR_NOT_FOUND), "for its owner");
    tap_is_int((int)claim(3, NULL, j), 1, "one is there");
    tap_is_str(j->task_id, task, "it");
    tap_is_int(json_integer_value(json_object_get(j->payload, "n")), 7,
               "and what it is given");
    tap_is_str(j->webhook_url, "https://example.org/", "whom to tell");
    tap_is_int(j->attempt, 1, "first attempt");
    tap_is_int(j->attempts_max, 5, "of five");
    tap_is_int((int)claim(3, NULL, j + 1), 0, "nobody else gets it");
    bool unwanted = true;
    tap_is_int(job_progress(worker, a, j, 40, &unwanted), OK, "progress");
    tap_ok(!unwanted, "it is wanted");
    tap_is_int(finish(j, JOB_DONE, 0), OK, "done");
    tap_is_str(state(task, "key:1"), "done", "and remembered");
    tap_is_int(finish(j, JOB_DONE, 0), ERR_CONFLICT, "only once");
    tap_is_int(job_progress(worker, a, j, 50, &unwanted), ERR_CONFLICT, "over");
    tap_ok(!str_eq(order(&q, OK), task), "its key is free again");
    tap_is_int((int)claim(3, NULL, j), 1, "the second");
    tap_is_int(finish(j, JOB_CANCELLED, 0), OK, "cancelled");
}

static void attempts(void)
{
    const struct job_request q = {.kind = "noop",
                                  .lane = "inline",
                                  .owner = "key:1",
                                  .priority = 2,
                                  .attempts_max = 2};
    struct job j[3];
    const char *task = order(&q, OK);
    tap_is_int((int)claim(1, NULL, j), 1, "claimed");
    tap_is_int(finish(j, JOB_SNOOZE, 0), OK, "later");
    tap_is_int((int)claim(1, NULL, j), 1, "claimed again");
    tap_is_int(j->attempt, 1, "that counted nothing");
    tap_ok(!job_is_last_attempt(j), "one more after it");
    tap_is_int(finish(j, JOB_RETRY, 3600000), OK, "failed: in an hour");
    tap_is_int((int)claim(1, NULL, j), 0, "not now");
    tap_is_str(state(task, "key:1"), "ready", "it waits");
    const char *how = NULL;
    tap_is_int(job_cancel(jobs, a, "no uuid", "key:1", &how), ERR_NOT_FOUND,
               "no such task");
    tap_is_int(db_begin(jobs), OK, "begin");
    tap_is_int(job_enter(jobs, a, 0), OK, "named");
    tap_is_int(job_cancel(jobs, a, task, "key:2", &how), ERR_NOT_FOUND,
               "not another's");
    tap_is_int(job_cancel(jobs, a, task, "key:1", &how), OK, "cancel");
    tap_is_int(db_commit(jobs), OK, "commit");
    tap_is_str(how, "cancelled", "at once");
    tap_is_str(state(task, "key:1"), "cancelled", "for good");
}

static void put_off(void)
{
    const struct job_request q = {
        .kind = "noop", .lane = "inline", .owner = "key:later", .priority = 2};
    const int64_t later[] = {3600000, 0}, now[] = {0, 0};
    const char *was = NULL;
    struct job j[3];
    order(&q, OK);
    order(&q, OK);
    tap_is_int((int)claim(3, NULL, j), 2, "claimed");
    const char *first = j[0].task_id;
    tap_is_int(job_put_off(worker, a, j, later, 2), OK, "put off");
    tap_is_int((int)claim(3, NULL, j + 2), 1, "one is due at once");
    tap_is_str(j[2].task_id, j[1].task_id, "the one without a delay");
    tap_is_int(j[2].attempt, 1, "and no attempt was counted");
    tap_is_int(job_put_off(worker, a, j, now, 2), OK, "by old claims");
    tap_is_int((int)claim(3, NULL, j), 0, "nothing is put off");
    tap_is_int(finish(&j[2], JOB_DONE, 0), OK, "done");
    tap_is_int(db_begin(jobs), OK, "begin");
    tap_is_int(job_enter(jobs, a, 0), OK, "named");
    tap_is_int(job_cancel(jobs, a, first, "key:later", &was), OK, "the other");
    tap_is_int(db_commit(jobs), OK, "commit");
    tap_is_str(was, "cancelled", "waited for its hour");
}

static void leases(void)
{
    const struct job_request q = {.kind = "noop",
                                  .lane = "inline",
                                  .owner = "key:1",
                                  .priority = 2,
                                  .attempts_max = 2};
    struct job old[2], j[2];
    enum job_hold hold[1];
    int64_t n = 0;
    size_t dead = 0;
    const char *how;
    const char *task = order(&q, OK);
    tap_is_int((int)claim(1, NULL, old), 1, "claimed");
    tap_is_int(db_exec(worker, a, &run_out, 0, NULL), OK, "the lease ends");
    tap_is_int(job_reap(worker, a, &n), OK, "reap");
    tap_is_int(n, 1, "one came back");
    tap_is_int(job_heartbeat(worker, a, old, 1, hold), OK, "heartbeat");
    tap_ok(hold[0] == JOB_LOST, "the old one has lost it");
    tap_is_int((int)claim(1, NULL, j), 1, "another has it");
    tap_is_int(finish(old, JOB_DONE, 0), ERR_CONFLICT,
               "the old one may not end it");
    tap_is_int(job_heartbeat(worker, a, j, 1, hold), OK, "heartbeat");
    tap_ok(hold[0] == JOB_HELD, "held");
    tap_is_int(db_begin(jobs), OK, "begin");
    tap_is_int(job_enter(jobs, a, 0), OK, "named");
    tap_is_int(job_cancel(jobs, a, task, "key:1", &how), OK, "cancel");
    tap_is_int(db_commit(jobs), OK, "commit");
    tap_is_str(how, "running", "when its worker hears of it");
    tap_is_int(job_heartbeat(worker, a, j, 1, hold), OK, "heartbeat");
    tap_ok(hold[0] == JOB_UNWANTED, "it hears");
    tap_is_int(finish(j, JOB_CANCELLED, 0), OK, "and obeys");

    task = order(&q, OK);
    const struct job_want w = {.lane = "inline", .most = 1, .worker = "test/2"};
    for (int i = 0; i < 2; i++) {
        tap_is_int((int)claim(1, NULL, j), 1, "attempt %d", i + 1);
        tap_is_int(db_exec(worker, a, &run_out, 0, NULL), OK, "lost");
        tap_is_int(job_reap(worker, a, &n), OK, "reap");
        tap_is_int(n, 1 - i, "the last one is not for the reaper");
    }
    tap_is_int(job_exhausted(worker, a, &w, j, &dead), OK, "exhausted");
    tap_is_int((int)dead, 1, "but for who ends it");
    tap_is_int(finish(j, JOB_DEAD, 0), OK, "dead");
    tap_is_str(state(task, "key:1"), "dead", "a dead letter");
}

static void fairness(int64_t tenant)
{
    struct job_request q = {.kind = "noop", .lane = "inline", .priority = 2};
    struct job j[8];
    bool ended[8];
    for (int i = 0; i < 6; i++) {
        q.owner = i < 4 ? "key:a" : i < 5 ? "key:b" : "user:1";
        q.tenant_id = i < 5 ? 0 : tenant;
        order(&q, OK);
    }
    tap_is_int((int)claim(3, "key:a", j), 3, "three of three owners");
    tap_is_str(j[0].owner, "key:b", "behind the one served last");
    tap_is_str(j[1].owner, "user:1", "in turn");
    tap_is_str(j[2].owner, "key:a", "and round");
    tap_is_int(j[1].tenant_id, tenant, "of its tenant");
    tap_is_int(job_hand_back(worker, a, j, 3), OK, "unbegun");
    tap_is_int((int)claim(8, NULL, j), 4, "two of each that has two");
    tap_is_int(j[0].attempt, 1, "which counted nothing");
    tap_is_int(job_finish_many(worker, a, j, 4, ended), OK, "all done");
    tap_ok(ended[0] && ended[3], "all were ours");
    tap_is_int(job_finish_many(worker, a, j, 4, ended), OK, "once more");
    tap_ok(!ended[0] && !ended[3], "none is");
    PGresult *rows;
    tap_is_int(job_counts(worker, a, &rows), OK, "counts");
    tap_is_str(PQgetvalue(rows, 0, 1), "ready", "what waits");
    tap_is_int(db_value_i64(rows, 0, 2), 2, "of key:a");
    q.owner = "user:1";
    q.tenant_id = 0;
    tap_is_int(db_begin(jobs), OK, "begin");
    tap_is_int(job_enter(jobs, a, tenant), OK, "in a tenant's name");
    const char *task;
    tap_is_int(job_enqueue(jobs, a, &q, &task), ERR_INTERNAL,
               "what is no tenant's cannot be ordered");
    db_rollback(jobs);
}

static void without_database(void)
{
    struct db *none = db_open("host=/nonexistent", "worker");
    struct job j[1];
    size_t n = 1;
    const struct job_want w = {.lane = "inline", .most = 1, .worker = "x"};
    tap_is_int(job_claim(none, a, &w, j, &n), ERR_UNAVAILABLE, "no database");
    tap_is_int((int)n, 0, "no job");
    tap_ok(!job_is_task_id("0e37df36-f698-11e6-8dd4-cb9ced3df97") &&
               !job_is_task_id("0e37df36-f698-11e6-8dd4-cb9ced3df9766") &&
               !job_is_task_id("0e37df36xf698-11e6-8dd4-cb9ced3df976") &&
               !job_is_task_id("") && !job_is_task_id(NULL),
           "what is no UUID");
    tap_ok(job_is_task_id("0e37df36-f698-11e6-8dd4-cb9ced3df976"), "a UUID");
    db_close(none);
}

int main(void)
{
    const char *url = getenv("COMPTOIR_TEST_JOB");
    PGresult *row;
    a = arena_new(65536);
    setenv("JOB_REAP_DELAY_S", "0", 1);
    tap_ok(!conf_init(), "settings");
    without_database();
    if (url) {
        jobs = db_open(url, "jobs");
        worker = db_open(url, "worker");
        struct db *owner = db_open(url, "owner");
        tap_is_int(db_one(owner, a, &a_tenant, 0, NULL, &row), OK, "tenant");
        one_life();
        attempts();
        put_off();
        leases();
        fairness(db_value_i64(row, 0, 0));
        db_close(owner);
        db_close(worker);
        db_close(jobs);
    }
    arena_free(a);
    return tap_done();
}
