/* One try a call. Whoever hangs holds few calls: a receiver that failed last
 * one, a new one two, all that failed half of them, an owner half of them;
 * what does not fit comes back later, spread over time. */
#include "kind_webhook.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/str.h"
#include "domain/webhook.h"
#include "store/blob.h"
#include "web/metrics.h"
#include "wire/outbound.h"
#include "wire/webhook_sign.h"

enum {
    HEADERS = WEBHOOK_SIGN_HEADERS + 1,
    CALLS_NEW = 2,     /* to a receiver that never succeeded */
    CALLS_FAILING = 1, /* to one that failed last */
    BODIES_BYTES = 256 << 20,
    ANSWER_BYTES = 16384, /* of an answer that are read */
    SLOTS = 1024,
    WAIT_LEAST_US = 500000,   /* until a call that found no room comes back, */
    WAIT_MOST_US = 60000000,  /* at most, */
    STEP_US = 25000,          /* the next one so much later, */
    STEP_FAILING_US = 2000000 /* or, of a failing receiver, so much */
};

struct delivery {
    struct webhook_order order;
    struct outbound *call;
    const char *owner;
    struct bytes body;
    struct delivery *next;
};

static struct {
    struct delivery *first; /* those in flight */
    int64_t bytes;          /* of their bodies */
    int64_t next_us[SLOTS]; /* by receiver: when the last one comes back that
                               found no room */
} lane;

/* ---- room ---------------------------------------------------------------- */

struct room {
    int receiver, owner, failing;
};

static struct room taken(const struct webhook_order *o, const char *owner)
{
    struct room n = {0};
    for (const struct delivery *d = lane.first; d; d = d->next) {
        n.receiver += d->order.endpoint_id == o->endpoint_id;
        n.owner += str_eq(d->owner, owner);
        n.failing += d->order.failures > 0;
    }
    return n;
}

static int most_of(const struct webhook_order *o)
{
    if (o->failures > 0)
        return CALLS_FAILING;
    return o->has_succeeded ? (int)conf_int(CONF_WEBHOOK_CALLS_RECEIVER)
                            : CALLS_NEW;
}

static bool has_room(const struct webhook_order *o, const char *owner)
{
    const struct room n = taken(o, owner);
    const int half = (int)(conf_int(CONF_WORKER_CALLS) + 1) / 2;
    return n.receiver < most_of(o) && n.owner < half &&
           (o->failures == 0 || n.failing < half) && lane.bytes < BODIES_BYTES;
}

/* A call in flight to the job's receiver when there are as many of them as may
 * be: then the database need not be asked. */
static const struct webhook_order *full_already(const struct job *j)
{
    const int64_t endpoint =
        json_integer_value(json_object_get(j->payload, "endpoint"));
    for (const struct delivery *d = lane.first; d; d = d->next)
        if (d->order.endpoint_id == endpoint)
            return has_room(&d->order, j->owner) ? NULL : &d->order;
    return NULL;
}

/* One behind the other, so that a thousand do not come back at once. */
static int64_t wait_ms(const struct webhook_order *o)
{
    int64_t *last = &lane.next_us[o->endpoint_id % SLOTS];
    const int64_t now = clock_mono_us();
    const int64_t step = o->failures > 0 ? STEP_FAILING_US : STEP_US;
    int64_t at = *last > now ? *last + step : now + WAIT_LEAST_US;
    if (at > now + WAIT_MOST_US)
        at = now + WAIT_MOST_US;
    *last = at;
    return o->paused_ms + (at - now) / 1000;
}

static void leave(void *p)
{
    struct delivery *d = p;
    for (struct delivery **at = &lane.first; *at; at = &(*at)->next)
        if (*at == d) {
            *at = d->next;
            lane.bytes -= (int64_t)d->body.n;
            return;
        }
}

static void enter(struct arena *a, struct delivery *d)
{
    d->next = lane.first;
    lane.first = d;
    lane.bytes += (int64_t)d->body.n;
    arena_defer(a, leave, d);
}

/* ---- beginning ----------------------------------------------------------- */

/* Ends the job without a call; ERR_CONFLICT tells the lane that nothing is left
 * to do. */
static enum err drop(struct work *w, const char *id, const char *why)
{
    enum err e = db_begin(w->db);
    if (e)
        return e;
    e = webhook_drop(w->db, w->a, id, why);
    if (!e)
        e = job_finish(w->db, w->a, w->job, JOB_CANCELLED, why, 0);
    if (!e)
        e = db_commit(w->db);
    else
        db_rollback(w->db);
    if (e)
        return e;
    metrics_add_by(METRIC_webhook_deliveries, "dropped", 1);
    return ERR_CONFLICT;
}

/* It comes back when there may be room. */
static enum err put_off(struct work *w, const struct webhook_order *o)
{
    w->put_off_ms = wait_ms(o);
    return ERR_OVERLOADED;
}

static enum err open_call(struct work *w, struct delivery *d)
{
    const char *headers[HEADERS] = {"Content-Type: application/json"};
    const size_t n = webhook_sign_headers(w->a, d->order.id, d->order.now_s,
                                          d->body, headers + 1);
    const struct outbound_want want = {
        .url = d->order.url,
        .headers = headers,
        .n_headers = n + 1,
        .body = d->body,
        .timeout_ms = conf_int(CONF_WEBHOOK_TIMEOUT_S) * 1000,
        .most_bytes = ANSWER_BYTES};
    d->call = outbound_open(w->a, &want);
    return d->call ? OK : ERR_UNAVAILABLE;
}

/* What must be so before a try. */
static enum err admit(struct work *w, struct delivery *d)
{
    const char *id =
        json_string_value(json_object_get(w->job->payload, "delivery"));
    const struct webhook_order *full = full_already(w->job);
    if (full)
        return put_off(w, full);
    enum err e = id ? webhook_load(w->db, w->a, id, &d->order) : ERR_NOT_FOUND;
    if (e)
        return e == ERR_NOT_FOUND ? drop(w, id ? id : "", "unknown") : e;
    if (!d->order.is_pending)
        return drop(w, id, "not_pending");
    if (d->order.is_disabled)
        return drop(w, id, "endpoint_disabled");
    if (d->order.paused_ms || !has_room(&d->order, d->owner))
        return put_off(w, &d->order);
    e = d->order.blob_id ? blob_get(w->db, w->a, d->order.blob_id, &d->body)
                         : ERR_NOT_FOUND;
    return e == ERR_NOT_FOUND ? drop(w, id, "body_gone") : e;
}

enum err webhook_start(struct work *w, CURL **handle, void **call)
{
    struct delivery *d = ARENA_NEW(w->a, struct delivery);
    d->owner = w->job->owner;
    enum err e = admit(w, d);
    if (!e)
        e = open_call(w, d);
    if (e)
        return e;
    enter(w->a, d);
    *handle = outbound_handle(d->call);
    *call = d;
    return OK;
}

/* ---- ending -------------------------------------------------------------- */

static enum err end_job(struct work *w, const struct webhook_verdict *v,
                        const char *error, int64_t paused_ms)
{
    static const struct {
        const char *word;
        enum job_end end;
    } ends[] = {{"delivered", JOB_DONE},
                {"failed", JOB_RETRY},
                {"given_up", JOB_DEAD},
                {"gone", JOB_CANCELLED}};
    enum job_end end = JOB_DEAD;
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (str_eq(ends[i].word, v->word))
            end = ends[i].end;
    w->end = end;
    return job_finish(w->db, w->a, w->job, end, error,
                      v->delay_ms > paused_ms ? v->delay_ms : paused_ms);
}

enum err webhook_done(struct work *w, void *call, CURLcode rc)
{
    struct delivery *d = call;
    struct outbound_got got;
    uint32_t luck;
    int64_t paused_ms = 0;
    encode_random(&luck, sizeof luck);
    outbound_result(d->call, rc, &got);
    const struct webhook_outcome outcome = {got.error, got.status,
                                            got.retry_after_s};
    const struct webhook_verdict v =
        webhook_rules_judge(&outcome, w->job->attempt, luck);
    const struct webhook_try t = {.error = got.error,
                                  .status = got.status,
                                  .duration_ms = got.ms,
                                  .sent_bytes = (int64_t)d->body.n,
                                  .answer = got.body};
    enum err e = webhook_settle(w->db, w->a, &d->order, &t, &v, &paused_ms);
    const char *why =
        got.error ? got.error : arena_printf(w->a, "status %d", got.status);
    if (!e)
        e = end_job(w, &v, why, paused_ms);
    if (e)
        return e;
    metrics_add_by(METRIC_webhook_deliveries, v.word, 1);
    log_info("webhook_tried", "{s:s,s:s,s:s,s:i,s:s?,s:I,s:i}", "webhook_id",
             d->order.id, "origin", d->order.origin, "result", v.word, "status",
             got.status, "error", got.error, "ms", (json_int_t)got.ms,
             "attempt", w->job->attempt);
    return OK;
}

enum err webhook_dead(struct work *w, const char *error)
{
    const char *id =
        json_string_value(json_object_get(w->job->payload, "delivery"));
    (void)error;
    return id ? webhook_drop(w->db, w->a, id, "given_up") : OK;
}
