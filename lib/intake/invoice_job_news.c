/* The webhook of a job: what webhook_body tells, from a question and its
 * answer. */
#include "base/auto.h"
#include "base/encode.h"
#include "domain/webhook.h"
#include "domain/webhook_body.h"
#include "intake/invoice_job.h"
#include "base/str.h"
#include "sql/invoice_job.h"
#include "web/address.h"

static bool is_by_link(const struct job *j)
{
    return str_eq(
        json_string_value(json_object_get(j->payload, "webhook_payload")),
        "link");
}

static struct webhook_report report(struct arena *a, const struct job *j,
                                    struct bytes pdf, const char *name)
{
    return (struct webhook_report){
        .pdf = pdf,
        .url = is_by_link(j) ? arena_printf(a, "%s/v1/jobs/%s/reports/%s",
                                            address_public(a), j->task_id, name)
                             : NULL,
        .size = (int64_t)pdf.n,
        .sha256 = encode_sha256(a, pdf.p, pdf.n)};
}

static json_t *about(const struct invoice_job_news *n)
{
    json_t *o = analysis_to_json(n->q);
    if (!n->why)
        json_object_set_new(o, "energy_type",
                            json_string(energy_name(n->res->invoice->energy)));
    return o;
}

static json_t *highlights(const struct invoice_job_news *n)
{
    json_t *list = json_array();
    for (size_t i = 0; !n->why && i < n->res->n_highlights; i++)
        json_array_append_new(list, json_string(n->res->highlights[i]));
    return list;
}

static const char *event(enum err why)
{
    if (why == ERR_JOB_CANCELLED)
        return "cancelled";
    return why ? "failure" : "success";
}

static struct bytes body(struct arena *a, const struct invoice_job_news *n,
                         const PGresult *times)
{
    AUTO_JSON facts = about(n);
    AUTO_JSON lines = highlights(n);
    struct webhook_body b = {.task_id = n->job->task_id,
                             .status = event(n->why),
                             .about = facts,
                             .highlights = lines,
                             .created_at = PQgetvalue(times, 0, 0),
                             .completed_at = PQgetvalue(times, 0, 1)};
    if (n->why) {
        b.error_code = err_code(n->why);
        b.error_message = err_message(n->why);
    } else {
        b.full = report(a, n->job, n->res->full_pdf, "full.pdf");
        b.anonymous = report(a, n->job, n->res->anonymous_pdf, "anonymous.pdf");
    }
    return webhook_body_write(a, &b);
}

enum err invoice_job_tell(struct db *db, struct arena *a,
                          const struct invoice_job_news *n)
{
    const char *const params[] = {n->job->task_id};
    PGresult *times;
    if (!webhook_is_wanted(n->job->webhook_url))
        return OK;
    const enum err e = db_one(db, a, &SQL_INVOICE_JOB_TIMES, 1, params, &times);
    if (e)
        return e;
    const struct webhook_news news = {.owner = n->job->owner,
                                      .tenant_id = n->job->tenant_id,
                                      .task_id = n->job->task_id,
                                      .event = event(n->why),
                                      .url = n->job->webhook_url,
                                      .body = body(a, n, times)};
    return webhook_enqueue(db, a, &news);
}
