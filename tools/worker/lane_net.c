/* Many calls to other servers at once, which mostly wait: one process with
 * libcurl's multi interface. A kind prepares its call and decides what an
 * answer means (struct net_kind); leases, cancelling and ends are kept here. */
#include "lane.h"
#include <string.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/banned.h"

enum { CALLS_MAX = 1000, CALL_BYTES = 16 << 10, EXTRA_FDS = 2, BATCH = 32 };
static const int64_t SECOND = 1000000;

struct call {
    struct arena *a; /* NULL: never used */
    struct work work;
    struct job job;
    const struct kind *kind;
    CURL *handle; /* NULL: free */
    void *state;
    int64_t since_us;
};

static struct call calls[CALLS_MAX];
static int n_calls;
static const struct libcurl *curl;
static CURLM *multi;

/* Of this turn's claims those that found no room: one statement puts them off.
 */
static struct {
    struct job jobs[BATCH];
    int64_t delays_ms[BATCH];
    size_t n;
} off;

static int running(void)
{
    int n = 0;
    for (int i = 0; i < n_calls; i++)
        n += calls[i].handle != NULL;
    return n;
}

/* The handle is its kind's: it goes with the arena, once the multi is without
 * it. */
static void free_call(struct call *c)
{
    if (c->handle)
        curl->multi_remove(multi, c->handle);
    arena_reset(c->a);
    *c = (struct call){.a = c->a};
}

/* ---- beginning ----------------------------------------------------------- */

static void begin(struct lane_seat *s, struct call *c, const struct job *claim)
{
    c->kind = kinds_find(c->job.kind);
    c->since_us = clock_mono_us();
    c->work = (struct work){.db = s->db, .a = c->a, .job = &c->job};
    fault_point("job_begun");
    CURL *handle = NULL;
    const enum err e = c->kind->net.start(&c->work, &handle, &c->state);
    if (!e && handle && curl->multi_add(multi, handle) == CURLM_OK) {
        c->handle = handle;
        return;
    }
    if (e == ERR_OVERLOADED) {
        off.jobs[off.n] = *claim;
        off.delays_ms[off.n++] = c->work.put_off_ms;
    } else if (e != ERR_CONFLICT)
        (void)!lane_fail(s->db, c->a, &c->job,
                         e ? err_code(e) : "the call could not be begun");
    free_call(c);
}

static void json_free(void *p)
{
    json_decref(p);
}

/* The job as claimed, for as long as the call lives. */
static struct job keep(struct arena *a, const struct job *j)
{
    struct job kept = *j;
    kept.task_id = arena_strdup(a, j->task_id);
    kept.lane = arena_strdup(a, j->lane);
    kept.kind = arena_strdup(a, j->kind);
    kept.owner = arena_strdup(a, j->owner);
    kept.token = arena_strdup(a, j->token);
    kept.webhook_url = arena_strdup(a, j->webhook_url);
    if (j->payload)
        arena_defer(a, json_free, json_incref(j->payload));
    return kept;
}

static struct call *free_slot(void)
{
    for (int i = 0; i < n_calls; i++) {
        if (calls[i].handle)
            continue;
        if (!calls[i].a)
            calls[i].a = arena_new(CALL_BYTES);
        return &calls[i];
    }
    return NULL;
}

/* A few at a time, so that the calls that run are not kept waiting. True when
 * there may be more. */
static bool fill(struct lane_seat *s)
{
    struct job jobs[BATCH];
    const int room = n_calls - running();
    const int most = room < BATCH ? room : BATCH;
    const size_t n = most > 0 ? lane_claim(s, s->a, most, jobs) : 0;
    for (size_t i = 0; i < n; i++) {
        struct call *c = free_slot();
        c->job = keep(c->a, &jobs[i]);
        fault_point("job_claimed");
        begin(s, c, &jobs[i]);
    }
    if (off.n)
        (void)!job_put_off(s->db, s->a, off.jobs, off.delays_ms, off.n);
    off.n = 0;
    return n > 0;
}

/* ---- ending -------------------------------------------------------------- */

static enum err done(struct lane_seat *s, struct call *c, CURLcode rc)
{
    enum err e = db_begin(s->db);
    if (e)
        return e;
    e = c->kind->net.done(&c->work, c->state, rc);
    fault_point("job_worked");
    if (!e)
        return db_commit(s->db);
    db_rollback(s->db);
    return e;
}

static const char *word_of(enum job_end end)
{
    static const char *const words[JOB_END_MAX] = {[JOB_DONE] = "done",
                                                   [JOB_RETRY] = "retry",
                                                   [JOB_DEAD] = "dead",
                                                   [JOB_CANCELLED] =
                                                       "cancelled",
                                                   [JOB_SNOOZE] = "snooze"};
    return words[end];
}

static void finish(struct lane_seat *s, struct call *c, CURLcode rc)
{
    const enum err e = done(s, c, rc);
    fault_point("job_ended");
    if (!e)
        lane_tell(&c->job, word_of(c->work.end), c->since_us);
    else if (e != ERR_CONFLICT)
        (void)!lane_fail(s->db, c->a, &c->job, err_code(e));
    free_call(c);
}

static void take_answers(struct lane_seat *s)
{
    int left;
    CURLMsg *m;
    while ((m = curl->multi_info_read(multi, &left)) != NULL)
        for (int i = 0; m->msg == CURLMSG_DONE && i < n_calls; i++)
            if (calls[i].handle == m->easy_handle) {
                finish(s, &calls[i], m->data.result);
                break;
            }
}

static void heartbeat(struct lane_seat *s)
{
    static struct job jobs[CALLS_MAX];
    static struct call *of[CALLS_MAX];
    static enum job_hold holds[CALLS_MAX];
    size_t n = 0;
    for (int i = 0; i < n_calls; i++)
        if (calls[i].handle) {
            of[n] = &calls[i];
            jobs[n++] = calls[i].job;
        }
    if (!n || job_heartbeat(s->db, s->a, jobs, n, holds))
        return;
    for (size_t i = 0; i < n; i++) {
        if (holds[i] == JOB_HELD)
            continue;
        if (holds[i] == JOB_UNWANTED &&
            !lane_cancel(s->db, of[i]->a, &of[i]->job))
            lane_tell(&of[i]->job, "cancelled", of[i]->since_us);
        free_call(of[i]);
    }
}

static void hand_back_all(struct lane_seat *s)
{
    for (int i = 0; i < n_calls; i++) {
        if (!calls[i].handle)
            continue;
        if (!job_hand_back(s->db, calls[i].a, &calls[i].job, 1))
            lane_tell(&calls[i].job, "handed_back", calls[i].since_us);
        free_call(&calls[i]);
    }
}

/* ---- the life of the lane ------------------------------------------------ */

static int turn(struct lane_seat *s, int ms)
{
    int ready, still;
    int heard = lane_heard(s);
    struct curl_waitfd extra[EXTRA_FDS] = {
        {.fd = s->signals, .events = CURL_WAIT_POLLIN},
        {.fd = db_socket(s->ear), .events = CURL_WAIT_POLLIN}};
    const unsigned n = db_socket(s->ear) >= 0 ? EXTRA_FDS : 1;
    curl->multi_poll(multi, extra, n, heard ? 0 : ms, &ready);
    curl->multi_perform(multi, &still);
    take_answers(s);
    heard |= lane_heard(s);
    arena_reset(s->a);
    return heard;
}

static bool open_multi(void)
{
    n_calls = (int)conf_int(CONF_WORKER_CALLS);
    curl = libcurl_load();
    multi = curl ? curl->multi_init() : NULL;
    return multi != NULL;
}

static void serve(struct lane_seat *s)
{
    int64_t beat_us = 0, until_us = INT64_MAX;
    while (!s->stopping || running()) {
        const bool more = !s->stopping && fill(s);
        if (s->w->once && !more && !running())
            return;
        lane_sweep(s);
        const int heard = turn(s, more ? 0 : LANE_POLL_MS);
        if ((heard & LANE_CANCEL) || clock_mono_us() >= beat_us) {
            heartbeat(s);
            beat_us = clock_mono_us() + conf_int(CONF_JOB_HEARTBEAT_S) * SECOND;
        }
        if (s->stopping && until_us == INT64_MAX)
            until_us = clock_mono_us() + conf_int(CONF_WORKER_GRACE_S) * SECOND;
        if (clock_mono_us() >= until_us)
            hand_back_all(s);
    }
}

int lane_net_run(const struct worker *w)
{
    struct lane_seat s;
    lane_open(&s, w, LANE_NET);
    if (!open_multi())
        return 69; /* EX_UNAVAILABLE: libcurl is not there, which is logged */
    serve(&s);
    curl->multi_cleanup(multi);
    lane_close(&s);
    return 0;
}
