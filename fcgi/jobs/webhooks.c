/* What was told to the caller's receivers, and how they do. */
#include "domain/job.h"
#include "domain/row.h"
#include "domain/webhook.h"
#include "routes.h"
#include "web/listing.h"

enum { BODY_BYTES = 1024 };

/* From here on the rows of the caller's tenant can be seen. */
static enum err enter(struct req *r)
{
    return job_enter(r->db, r->arena, r->who.tenant_id);
}

static enum err delivery_list(struct req *r)
{
    struct listing l;
    PGresult *rows;
    if (!listing_begin(r, "webhook_deliveries", &l))
        return OK;
    const struct webhook_filter f = {.owner = r->who.id,
                                     .after = l.after,
                                     .state = req_text(r, "state"),
                                     .task_id = req_text(r, "task_id"),
                                     .rows = l.rows};
    if (f.task_id && !job_is_task_id(f.task_id))
        return req_fail_at(r, "query", "task_id", "must be the id of a job",
                           "bad_value");
    enum err e = enter(r);
    if (!e)
        e = webhook_list(r->db, r->arena, &f, &rows);
    return e ? e : listing_answer(r, &l, rows);
}

static enum err delivery_show(struct req *r)
{
    PGresult *row, *tries;
    enum err e = enter(r);
    if (!e)
        e = webhook_find(r->db, r->arena, r->who.id, r->params[0], &row,
                         &tries);
    if (e)
        return e;
    json_t *o = row_to_json(row, 0), *list = json_array();
    for (int i = 0; i < PQntuples(tries); i++)
        json_array_append_new(list, row_to_json(tries, i));
    json_object_set_new(o, "attempts", list);
    return req_json(r, 200, o);
}

static enum err delivery_again(struct req *r)
{
    enum err e = enter(r);
    if (!e)
        e = webhook_redeliver(r->db, r->arena, r->params[0], r->who.id,
                              r->who.id);
    return e ? e
             : req_json(r, 202,
                        json_pack("{s:s,s:s}", "id", r->params[0], "state",
                                  "pending"));
}

static enum err endpoint_list(struct req *r)
{
    struct listing l;
    PGresult *rows;
    if (!listing_begin(r, "webhook_endpoints", &l))
        return OK;
    const char *const page[] = {l.after, l.rows};
    enum err e = enter(r);
    if (!e)
        e = webhook_endpoints(r->db, r->arena, r->who.id, NULL, page, &rows);
    return e ? e : listing_answer(r, &l, rows);
}

static enum err endpoint_enable(struct req *r)
{
    static const char *const one[] = {NULL, "1"};
    const char *id;
    PGresult *row;
    enum err e = req_id(r, 0, &id);
    if (!e)
        e = enter(r);
    if (!e)
        e = webhook_enable(r->db, r->arena, id, r->who.id, r->who.id);
    if (!e)
        e = webhook_endpoints(r->db, r->arena, r->who.id, id, one, &row);
    return e ? e : req_json(r, 200, row_to_json(row, 0));
}

/* clang-format off */
#define MUST(n, k, d) {.name = n, .kind = OUT_##k, .required = true, .doc = d}
#define MAY(n, k, d)                                                           \
    {.name = n, .kind = OUT_##k, .required = true, .nullable = true, .doc = d}
#define STATES "pending|delivered|failed"

#define DELIVERY                                                               \
    MUST("id", TEXT, "What is sent as webhook-id, the same at every try."),    \
    MUST("task_id", TEXT, "The job that it tells of."),                        \
    {.name = "event", .kind = OUT_TEXT, .required = true,                      \
     .choices = "success|failure|cancelled", .doc = "How the job ended."},               \
    MUST("url", TEXT, "Where it goes."),                                       \
    MUST("endpoint_id", INT, "Its receiver."),                                 \
    {.name = "state", .kind = OUT_TEXT, .required = true, .choices = STATES,   \
     .doc = "pending: it is tried, or will be."},                              \
    MUST("tries", INT, "How often it was tried."),                             \
    MAY("last_status", INT, "HTTP status of the last answer."),                \
    MAY("last_error", TEXT, "Why there was none: timeout, tls_failed, "        \
        "address_refused, endpoint_disabled…"),                                \
    MUST("size", INT, "Bytes of the body."),                                   \
    MUST("created_at", TEXT, "RFC 3339 UTC."),                                 \
    MAY("finished_at", TEXT, "When it was delivered or given up.")

static const struct field item_out[] = {DELIVERY, {0}};
static const struct field try_out[] = {
    MUST("n", INT, "The first is 1."),
    MUST("started_at", TEXT, "RFC 3339 UTC."),
    MUST("duration_ms", INT, "Until the answer, or until it was given up."),
    MAY("status", INT, "HTTP status of the answer."),
    MAY("error", TEXT, "Why there was none."),
    MUST("sent_bytes", INT, "Bytes of the body."),
    MAY("answer", TEXT, "Beginning of what the receiver said."),
    {0}};
static const struct field show_out[] = {
    DELIVERY,
    MAY("next_try_at", TEXT, "When it is tried next; null: not any more."),
    {.name = "attempts", .kind = OUT_ARRAY, .required = true, .sub = try_out,
     .doc = "Its tries, newest first, a hundred at most."},
    {0}};
static const struct field again_out[] = {
    MUST("id", TEXT, "The delivery."),
    MUST("state", TEXT, "pending."),
    {0}};
static const struct field endpoint_out[] = {
    MUST("id", INT, "Number of the receiver."),
    MUST("origin", TEXT, "Scheme, host and port."),
    {.name = "state", .kind = OUT_TEXT, .required = true,
     .choices = "ok|failing|paused|disabled",
     .doc = "paused: left alone for a while; disabled: until it is enabled."},
    MUST("failures", INT, "In a row."),
    MAY("disabled_why", TEXT, "gone: it answered 410; failing: for days."),
    MAY("failing_since", TEXT, "First of those failures."),
    MAY("paused_until", TEXT, "RFC 3339 UTC."),
    MAY("disabled_at", TEXT, "RFC 3339 UTC."),
    MAY("last_success_at", TEXT, "RFC 3339 UTC."),
    MAY("last_failure_at", TEXT, "RFC 3339 UTC."),
    MUST("created_at", TEXT, "RFC 3339 UTC."),
    {0}};

static const struct field deliveries_in[] = {
    {.name = "state", .kind = IN_ENUM, .choices = STATES, .in_query = true,
     .doc = "Only deliveries that stand so."},
    {.name = "task_id", .kind = IN_TEXT, .min = 36, .max = 36, .in_query = true,
     .doc = "Only those of one job."},
    LISTING_IN,
    {0}};
static const struct field endpoints_in[] = {LISTING_IN, {0}};
static const struct field deliveries_out[] = {LISTING_OUT(item_out), {0}};
static const struct field endpoints_out[] = {LISTING_OUT(endpoint_out), {0}};
static const enum err find_errors[] = {ERR_NOT_FOUND, OK};
static const enum err again_errors[] = {ERR_NOT_FOUND, ERR_CONFLICT, OK};

ROUTES(webhooks_routes,
    {.method = "GET", .path = "/v1/webhooks/deliveries",
     .handler = delivery_list, .access = KEY, .scope = "invoices",
     .limit = "job_get", .tx = true, .in = deliveries_in,
     .out = deliveries_out, .summary = "List one's own webhooks, newest first"},
    {.method = "GET", .path = "/v1/webhooks/deliveries/{id}",
     .handler = delivery_show, .access = KEY, .scope = "invoices",
     .limit = "job_get", .tx = true, .out = show_out, .errors = find_errors,
     .summary = "A webhook and every try of it"},
    {.method = "POST", .path = "/v1/webhooks/deliveries/{id}/redeliver",
     .handler = delivery_again, .access = KEY, .scope = "invoices",
     .limit = "job_create", .body_limit = BODY_BYTES, .takes = TAKES_JSON,
     .tx = true, .status = 202, .out = again_out, .errors = again_errors,
     .summary = "Send a webhook again, now, under its id"},
    {.method = "GET", .path = "/v1/webhooks/endpoints",
     .handler = endpoint_list, .access = KEY, .scope = "invoices",
     .limit = "job_get", .tx = true, .in = endpoints_in, .out = endpoints_out,
     .summary = "One's own receivers, and how they do"},
    {.method = "POST", .path = "/v1/webhooks/endpoints/{id}/enable",
     .handler = endpoint_enable, .access = KEY, .scope = "invoices",
     .limit = "job_get", .body_limit = BODY_BYTES, .takes = TAKES_JSON,
     .tx = true, .out = endpoint_out, .errors = find_errors,
     .summary = "Switch a receiver on again, and forget its failures"});
