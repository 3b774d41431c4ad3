/* A job as its owner sees it: shown, listed, stopped, deleted. */
#include "base/str.h"
#include "domain/row.h"
#include "intake/invoice_job.h"
#include "intake/invoice_job_out.h"
#include "intake/invoice_out.h"
#include "routes.h"
#include "web/listing.h"
#include "web/req.h"

/* Every row here is a transaction (.tx): it sees the jobs of one tenant. */
static enum err find(struct req *r, PGresult **row)
{
    const enum err e = job_enter(r->db, r->arena, r->who.tenant_id);
    return e ? e
             : invoice_job_find(r->db, r->arena, r->params[0], r->who.id, row);
}

/* ---- showing --------------------------------------------------------------
 */

/* Why it failed: what the refusal said, in the caller's language. */
static json_t *error_json(const struct req *r, const char *code, json_t *kept)
{
    const enum err known = err_by_code(code);
    const enum err e = known == ERR_MAX ? ERR_JOB_FAILED : known;
    json_t *o = json_pack("{s:s,s:s}", "code", err_code(e), "message",
                          req_is_french(r) ? err_french(e) : err_message(e));
    json_object_update_missing(o, kept);
    json_decref(kept);
    return o;
}

/* Adds result or error, and links, to what the row says. */
static enum err add_outcome(struct req *r, const char *status, json_t *o)
{
    const bool good = str_eq(status, "succeeded");
    const char *code = json_string_value(json_object_get(o, "error_code"));
    json_t *kept = NULL;
    enum err e = OK;
    if (good || code)
        e = invoice_job_result(r->db, r->arena, r->params[0],
                               *req_text(r, "reports") == 'i', &kept);
    if (e)
        return e;
    if (code)
        json_object_set_new(o, "error", error_json(r, code, kept));
    else if (kept)
        json_object_set_new(o, "result", kept);
    json_object_set_new(o, "links", invoice_job_links(r->params[0], good && kept));
    json_object_del(o, "error_code");
    return OK;
}

static enum err task_show(struct req *r)
{
    PGresult *row;
    enum err e = find(r, &row);
    if (e)
        return e;
    json_t *o = row_to_json(row, 0);
    e = add_outcome(r, json_string_value(json_object_get(o, "status")), o);
    if (!e)
        return req_json(r, 200, o);
    json_decref(o);
    return e;
}

/* ---- listing --------------------------------------------------------------
 */

static enum err task_list(struct req *r)
{
    struct listing l;
    PGresult *rows;
    if (!listing_begin(r, "jobs", &l))
        return OK;
    const char *const page[] = {l.after, req_text(r, "status"), l.rows};
    enum err e = job_enter(r->db, r->arena, r->who.tenant_id);
    if (!e)
        e = invoice_job_list(r->db, r->arena, r->who.id, page, &rows);
    return e ? e : listing_answer(r, &l, rows);
}

/* ---- stopping, deleting ---------------------------------------------------
 */

static enum err task_delete(struct req *r)
{
    PGresult *row;
    const char *status;
    enum err e = find(r, &row);
    if (!e)
        e = invoice_job_delete(r->db, r->arena, r->params[0], r->who.id,
                               &status);
    if (e)
        return e;
    if (!status)
        return req_body(r, 204, NULL, NULL, 0);
    const bool stopped = str_eq(status, "cancelled");
    return req_json(r, stopped ? 200 : 202,
                    json_pack("{s:s,s:s,s:b}", "task_id", r->params[0],
                              "status", status, "is_cancelling", !stopped));
}

/* clang-format off */
static const struct field error_out[] = {
    INVOICE_JOB_OUT_MUST("code", TEXT, "As the direct request would answer."),
    INVOICE_JOB_OUT_MUST("message", TEXT, "One sentence."),
    {0}};
static const struct field task_out[] = {
    INVOICE_JOB_OUT_ROW,
    {.name = "result", .kind = OUT_OBJECT, .sub = invoice_out,
     .doc = "Of a job that succeeded: what the direct request answers; with "
            "reports=link the reports are left out."},
    {.name = "error", .kind = OUT_OBJECT, .sub = error_out,
     .doc = "Of a job that failed, with the members that explain it."},
    {.name = "links", .kind = OUT_OBJECT, .required = true, .sub = invoice_job_out_links,
     .doc = "Paths of the job."},
    {0}};
static const struct field item_out[] = {
    INVOICE_JOB_OUT_MUST("task_id", TEXT, "Id of the job."),
    INVOICE_JOB_OUT_MUST("source_kind", TEXT, "pdf or images."),
    INVOICE_JOB_OUT_MUST("status", TEXT, INVOICE_JOB_OUT_STATUS),
    INVOICE_JOB_OUT_MUST("progress", INT, "Per cent."),
    INVOICE_JOB_OUT_MAY("error_code", TEXT, "Why it failed."),
    INVOICE_JOB_OUT_TIMES,
    {0}};
static const struct field list_out[] = {LISTING_OUT(item_out), {0}};
static const struct field deleted_out[] = {
    INVOICE_JOB_OUT_MUST("task_id", TEXT, "Id of the job."),
    INVOICE_JOB_OUT_MUST("status", TEXT, "cancelled, or running: its worker will stop it."),
    INVOICE_JOB_OUT_MUST("is_cancelling", BOOL, "It still runs."),
    {0}};
static const struct field show_in[] = {
    {.name = "reports", .kind = IN_ENUM, .fallback = "inline", .in_query = true,
     .choices = "inline|link",
     .doc = "link: the result without the reports in Base64."},
    {0}};
static const struct field list_in[] = {
    {.name = "status", .kind = IN_ENUM, .in_query = true,
     .choices = "queued|running|succeeded|failed|cancelled",
     .doc = "Only jobs that stand so."},
    LISTING_IN,
    {0}};

ROUTES(task_routes,
    {.method = "GET", .path = "/v1/jobs", .handler = task_list, .access = KEY,
     .scope = "invoices", .limit = "job_get", .tx = true,
     .summary = "List one's own jobs, newest first", .in = list_in,
     .out = list_out},
    {.method = "GET", .path = "/v1/jobs/{task_id}", .handler = task_show,
     .access = KEY, .scope = "invoices", .limit = "job_get", .tx = true,
     .summary = "How a job stands, and its result", .in = show_in,
     .out = task_out},
    {.method = "DELETE", .path = "/v1/jobs/{task_id}", .handler = task_delete,
     .access = KEY, .scope = "invoices", .limit = "job_get", .tx = true,
     .summary = "Stop a job, or delete one that ended with its result",
     .out = deleted_out});
