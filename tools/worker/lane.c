/* Nothing here depends on a hint that came: every lane also asks once a
 * second, and a lease that is not kept up ends by itself. */
#include "lane.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/str.h"
#include "sql/job.h"
#include "web/metrics.h"
#include "base/banned.h"

enum {
    TURN_BYTES = 256 << 10,
    SWEEP_US = 10000000,
    SWEEP_MOST = 20,
    PROCESSES = LANE_MAX + 1 /* of a worker, with the scheduler */
};

int lane_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGUSR1); /* children hear of their soft limit by it */
    sigprocmask(SIG_BLOCK, &set, NULL);
    sigdelset(&set, SIGUSR1);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

void lane_metrics(int n)
{
    static const struct route *const none[] = {NULL};
    char slot[16];
    int64_t base = 0;
    const char *own = getenv("COMPTOIR_SLOT");
    if (own && (!str_to_i64(own, &base) || base < 0 || base > 200))
        base = 0;
    snprintf(slot, sizeof slot, "%d", (int)base * PROCESSES + n);
    setenv("COMPTOIR_SLOT", slot, 1);
    metrics_init("worker", none);
}

void lane_open(struct lane_seat *s, const struct worker *w, enum lane lane)
{
    const char *url = conf_str(CONF_DATABASE_URL);
    *s = (struct lane_seat){.w = w, .lane = lane};
    s->a = arena_new(TURN_BYTES);
    s->signals = lane_signals();
    lane_metrics(lane);
    s->db = db_open(url, "worker");
    s->ear = db_open(url, "worker");
    struct arena *kept = arena_new(1024);
    s->kinds = kinds_of(kept, lane, w->kinds);
}

void lane_close(struct lane_seat *s)
{
    db_close(s->ear);
    db_close(s->db);
    close(s->signals);
    arena_free(s->a);
}

/* ---- hearing ------------------------------------------------------------- */

/* A new connection has missed what was said before it. */
static int listen_again(struct lane_seat *s)
{
    static const struct db_query *const queries[LANE_MAX] = {
        &SQL_JOB_LISTEN_INLINE, &SQL_JOB_LISTEN_CHILD, &SQL_JOB_LISTEN_NET};
    if (db_socket(s->ear) >= 0)
        return 0;
    return db_exec(s->ear, s->a, queries[s->lane], 0, NULL) ? 0 : LANE_HINT;
}

static int take_signals(struct lane_seat *s)
{
    struct signalfd_siginfo info;
    int heard = 0;
    while (read(s->signals, &info, sizeof info) == sizeof info)
        heard |= info.ssi_signo == SIGCHLD ? LANE_CHANGED : LANE_STOP;
    s->stopping = s->stopping || (heard & LANE_STOP);
    return heard;
}

int lane_heard(struct lane_seat *s)
{
    const char *payload;
    int heard = take_signals(s);
    while (db_heard(s->ear, s->a, &payload))
        heard |= str_eq(payload, "cancel") ? LANE_CANCEL : LANE_HINT;
    return heard | listen_again(s);
}

int lane_wait(struct lane_seat *s, int64_t ms)
{
    const int heard = lane_heard(s);
    if (heard || ms <= 0)
        return heard;
    struct pollfd p[] = {{.fd = s->signals, .events = POLLIN},
                         {.fd = db_socket(s->ear), .events = POLLIN}};
    return poll(p, ARRAY_LEN(p), (int)ms) > 0 ? lane_heard(s) : 0;
}

/* ---- claiming ------------------------------------------------------------ */

size_t lane_claim(struct lane_seat *s, struct arena *a, int most,
                  struct job *out)
{
    const struct job_want want = {.lane = kinds_lane(s->lane),
                                  .kinds = s->kinds,
                                  .most = most,
                                  .behind = s->behind,
                                  .worker = s->w->name};
    size_t n = 0;
    if (s->stopping || job_claim(s->db, a, &want, out, &n))
        return 0;
    for (size_t i = 0; i < n; i++)
        metrics_add_by(METRIC_job_attempts, out[i].kind, 1);
    if (n)
        snprintf(s->behind, sizeof s->behind, "%s", out[n - 1].owner);
    return n;
}

/* ---- failing ------------------------------------------------------------- */

void lane_tell(const struct job *j, const char *end, int64_t since_us)
{
    const int64_t ms = (clock_mono_us() - since_us) / 1000;
    metrics_add_by(METRIC_job_ends, end, 1);
    metrics_add_by(METRIC_job_ms, j->kind, (uint64_t)ms);
    log_info("job_ended", "{s:s,s:s,s:s,s:s,s:i,s:I}", "task_id", j->task_id,
             "kind", j->kind, "owner", j->owner, "end", end, "attempt",
             j->attempt, "ms", (json_int_t)ms);
}

/* Doubled at every attempt, at most the kind's longest, half to one and a half
 * of it by chance. */
static int64_t backoff_ms(const struct kind *k, int attempt)
{
    int64_t s = k ? k->backoff_s : 60;
    const int64_t most = k ? k->backoff_max_s : 3600;
    uint16_t chance;
    for (int i = 1; i < attempt && s < most; i++)
        s *= 2;
    s = s < most ? s : most;
    encode_random(&chance, sizeof chance);
    return s * 500 + s * 1000 * chance / UINT16_MAX;
}

static enum err bury(struct db *db, struct arena *a, const struct job *j,
                     const char *error)
{
    const struct kind *k = kinds_find(j->kind);
    struct work w = {.db = db, .a = a, .job = j};
    if (!job_is_last_attempt(j))
        return job_finish(db, a, j, JOB_RETRY, error,
                          backoff_ms(k, j->attempt));
    const enum err e = job_finish(db, a, j, JOB_DEAD, error, 0);
    return !e && k && k->dead ? k->dead(&w, error) : e;
}

enum err lane_fail(struct db *db, struct arena *a, const struct job *j,
                   const char *error)
{
    enum err e = db_begin(db);
    if (e)
        return e;
    e = bury(db, a, j, error);
    if (!e)
        e = db_commit(db);
    else
        db_rollback(db);
    log_event(job_is_last_attempt(j) ? LOG_ERROR : LOG_WARNING, "job_failed",
              "{s:s,s:s,s:s,s:i,s:s,s:b}", "task_id", j->task_id, "kind",
              j->kind, "error", error, "attempt", j->attempt, "outcome",
              e                        ? err_code(e)
              : job_is_last_attempt(j) ? "dead"
                                       : "retry",
              "kept", e == OK);
    if (!e)
        metrics_add_by(METRIC_job_ends,
                       job_is_last_attempt(j) ? "dead" : "retry", 1);
    return e;
}

enum err lane_cancel(struct db *db, struct arena *a, const struct job *j)
{
    enum err e = db_begin(db);
    if (e)
        return e;
    e = job_finish(db, a, j, JOB_CANCELLED, NULL, 0);
    if (!e)
        return db_commit(db);
    db_rollback(db);
    return e;
}

void lane_sweep(struct lane_seat *s)
{
    struct job jobs[SWEEP_MOST];
    size_t n;
    const struct job_want want = {
        .lane = kinds_lane(s->lane), .most = SWEEP_MOST, .worker = s->w->name};
    if (clock_mono_us() < s->sweep_us)
        return;
    s->sweep_us = clock_mono_us() + SWEEP_US;
    if (job_exhausted(s->db, s->a, &want, jobs, &n))
        return;
    for (size_t i = 0; i < n; i++)
        (void)!lane_fail(s->db, s->a, &jobs[i], "the worker did not come back");
}
