/* POST /v1/jobs/pdf and /v1/jobs/images: the order, its files and what is set
 * aside for it are one transaction; 202 says that they are kept. */
#include "base/conf.h"
#include "intake/invoice_in.h"
#include "intake/invoice_job.h"
#include "intake/invoice_job_out.h"
#include "routes.h"
#include "web/billing.h"
#include "web/metrics.h"
#include "wire/outbound.h"

enum { PRIORITY_LAST = 3, URL_BYTES = 2000 };

/* Users' tenants pay; the operator's own keys are not metered. */
static bool is_of_user(const struct req *r)
{
    return r->who.kind == PRINCIPAL_USER || r->who.kind == PRINCIPAL_KEY;
}

static enum err reserve(struct req *r, struct charge *out)
{
    const struct charge_request q = {.kind = "tenant",
                                     .id = r->who.tenant_id,
                                     .meter = "invoices",
                                     .units = 1,
                                     .hold_s = invoice_job_patience_s()};
    return is_of_user(r) ? billing_reserve(r, &q, out) : OK;
}

/* Users may stand back for others, and not push forward. */
static bool priority_ok(struct req *r)
{
    const int64_t first = is_of_user(r) ? conf_int(CONF_JOB_PRIORITY_FIRST) : 0;
    if (req_int(r, "priority") >= first)
        return true;
    req_fail_field(r, "priority",
                   arena_printf(r->arena, "must be %lld to %d",
                                (long long)first, PRIORITY_LAST),
                   "out_of_range");
    return false;
}

static enum err accepted(struct req *r, const char *task_id)
{
    req_header(r, "Location", arena_printf(r->arena, "/v1/jobs/%s", task_id));
    return req_json(r, 202,
                    json_pack("{s:s,s:s,s:o}", "task_id", task_id, "status",
                              "queued", "links", invoice_job_links(task_id, false)));
}

static enum err order(struct req *r, bool is_pdf)
{
    struct analysis q;
    struct charge charge = {.id = 0};
    const char *task_id;
    enum err e = invoice_in_read(r, is_pdf, &q);
    if (e)
        return req_fail(r, e, NULL);
    if (!priority_ok(r))
        return OK;
    e = reserve(r, &charge);
    if (e)
        return billing_refuse(r, e, &charge);
    const struct invoice_job_order o = {
        .q = &q,
        .owner = r->who.id,
        .tenant_id = r->who.tenant_id,
        .priority = (int)req_int(r, "priority"),
        .webhook_url = req_text(r, "webhook_url"),
        .webhook_by_link = *req_text(r, "webhook_payload") == 'l',
        .charge = &charge,
        .key_hash = r->key_hash};
    e = invoice_job_put(r->db, r->arena, &o, &task_id);
    return e ? e : accepted(r, task_id);
}

static enum err order_pdf(struct req *r)
{
    return order(r, true);
}

static enum err order_images(struct req *r)
{
    return order(r, false);
}

/* clang-format off */
#define JOB_FIELDS                                                             \
    {.name = "webhook_url", .kind = IN_TEXT, .min = 1, .max = URL_BYTES,       \
     .check = outbound_check,                                                  \
     .doc = "Where to tell of the end; else WEBHOOK_URL of the desk, if any."},\
    {.name = "webhook_payload", .kind = IN_ENUM, .fallback = "inline",         \
     .choices = "inline|link",                                                 \
     .doc = "inline: the webhook carries both reports in Base64; link: their " \
            "paths."},                                                         \
    {.name = "priority", .kind = IN_INT, .min = 0, .max = PRIORITY_LAST,       \
     .fallback = "2",                                                          \
     .doc = "0 is begun first, 3 last; users may ask for JOB_PRIORITY_FIRST "  \
            "to 3."},                                                          \
    {0}

static const struct field pdf_in[] = {INVOICE_IN_PDF, INVOICE_IN_FIELDS,
                                      JOB_FIELDS};
static const struct field images_in[] = {INVOICE_IN_IMAGES, INVOICE_IN_FIELDS,
                                         JOB_FIELDS};
static const struct field order_out[] = {
    {.name = "task_id", .kind = OUT_TEXT, .required = true,
     .doc = "Id of the job, a UUID."},
    {.name = "status", .kind = OUT_TEXT, .required = true, .doc = "queued."},
    {.name = "links", .kind = OUT_OBJECT, .required = true, .sub = invoice_job_out_links,
     .doc = "Paths of the job."},
    {0}};
static const enum err order_errors[] = {ERR_FILE_TYPE, ERR_FILE_EMPTY,
                                        ERR_QUOTA_EXCEEDED, ERR_UNAVAILABLE,
                                        OK};

ROUTES(order_routes,
    {.method = "POST", .path = "/v1/jobs/pdf", .handler = order_pdf,
     .access = KEY, .scope = "invoices", .limit = "job_create",
     .body_limit = -1, .tx = true, .status = 202,
     .summary = "Have an invoice given as PDF analysed", .in = pdf_in,
     .out = order_out, .errors = order_errors},
    {.method = "POST", .path = "/v1/jobs/images", .handler = order_images,
     .access = KEY, .scope = "invoices", .limit = "job_create",
     .body_limit = -1, .tx = true, .status = 202,
     .summary = "Have an invoice given as pictures analysed",
     .in = images_in, .out = order_out, .errors = order_errors});
