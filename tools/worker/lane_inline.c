/* Pure database work: many jobs claimed at once, done in one transaction and
 * ended in one commit. When one of them fails, each is done alone. */
#include "lane.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/fault.h"
#include "base/log.h"
#include "web/metrics.h"

enum { BATCH_MAX = 1000 };

static enum err run(struct lane_seat *s, const struct job *j)
{
    const struct kind *k = kinds_find(j->kind);
    struct work w = {.db = s->db, .a = s->a, .job = j};
    return k && k->run ? k->run(&w, j) : OK;
}

/* All within the transaction that is open; ERR_CONFLICT when one was not ours
 * any more: what it did must not stay. */
static enum err run_all(struct lane_seat *s, const struct job *jobs, size_t n)
{
    static bool ended[BATCH_MAX];
    for (size_t i = 0; i < n; i++) {
        const enum err e = run(s, &jobs[i]);
        if (e)
            return e;
    }
    fault_point("job_worked");
    const enum err e = job_finish_many(s->db, s->a, jobs, n, ended);
    if (e)
        return e;
    for (size_t i = 0; i < n; i++)
        if (!ended[i])
            return ERR_CONFLICT;
    return OK;
}

static enum err attempt(struct lane_seat *s, const struct job *jobs, size_t n)
{
    enum err e = db_begin(s->db);
    if (e)
        return e;
    e = run_all(s, jobs, n);
    if (!e)
        return db_commit(s->db);
    db_rollback(s->db);
    return e;
}

static void tell_done(const struct job *jobs, size_t n, int64_t since_us)
{
    const int64_t us = clock_mono_us() - since_us;
    metrics_add_by(METRIC_job_ends, "done", n);
    for (size_t i = 0; i < n; i++)
        log_debug("job_ended", "{s:s,s:s,s:s}", "task_id", jobs[i].task_id,
                  "kind", jobs[i].kind, "end", "done");
    metrics_add_by(METRIC_job_ms, jobs[0].kind, (uint64_t)us / 1000);
}

static void work(struct lane_seat *s, const struct job *jobs, size_t n)
{
    const int64_t since_us = clock_mono_us();
    fault_point("job_claimed");
    const enum err all = attempt(s, jobs, n);
    fault_point("job_ended");
    if (!all) {
        tell_done(jobs, n, since_us);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const enum err e = n > 1 ? attempt(s, &jobs[i], 1) : all;
        if (!e)
            tell_done(&jobs[i], 1, since_us);
        else if (e != ERR_CONFLICT)
            (void)!lane_fail(s->db, s->a, &jobs[i], err_code(e));
    }
}

int lane_inline_run(const struct worker *w)
{
    static struct job jobs[BATCH_MAX];
    struct lane_seat s;
    lane_open(&s, w, LANE_INLINE);
    while (!s.stopping) {
        const int most = (int)conf_int(CONF_WORKER_BATCH);
        (void)lane_heard(&s);
        const size_t n = lane_claim(&s, s.a, most, jobs);
        if (n)
            work(&s, jobs, n);
        lane_sweep(&s);
        if (!n && w->once)
            break;
        if (!n)
            (void)lane_wait(&s, LANE_POLL_MS);
        arena_reset(s.a);
    }
    lane_close(&s);
    return 0;
}
