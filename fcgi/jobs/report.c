/* The reports of a job that succeeded, as files. */
#include "base/str.h"
#include "intake/invoice_job.h"
#include "routes.h"
#include "web/req.h"

/* The names are the documents': nothing of a client's goes into the header. */
static bool is_report(const char *name)
{
    return str_eq(name, "full.pdf") || str_eq(name, "anonymous.pdf");
}

static enum err find(struct req *r, struct blob *b)
{
    PGresult *row;
    enum err e = is_report(r->params[1]) ? OK : ERR_NOT_FOUND;
    if (!e)
        e = job_enter(r->db, r->arena, r->who.tenant_id);
    if (!e)
        e = invoice_job_find(r->db, r->arena, r->params[0], r->who.id, &row);
    return e ? e : blob_find(r->db, r->arena, r->params[0], r->params[1], b);
}

static enum err report_get(struct req *r)
{
    struct blob b;
    struct bytes pdf;
    enum err e = find(r, &b);
    if (!e)
        e = blob_read(r->db, r->arena, &b, &pdf);
    if (e)
        return e;
    req_header(r, "ETag", arena_printf(r->arena, "\"%s\"", b.sha256));
    req_header(r, "Content-Disposition",
               arena_printf(r->arena, "attachment; filename=\"%.8s-%s\"",
                            r->params[0], b.name));
    return req_body(r, 200, b.media, pdf.p, pdf.n);
}

/* clang-format off */
ROUTES(report_routes,
    {.method = "GET", .path = "/v1/jobs/{task_id}/reports/{name}",
     .handler = report_get, .access = KEY, .scope = "invoices",
     .limit = "job_get", .tx = true,
     .summary = "A report of a job that succeeded: full.pdf or anonymous.pdf",
     .out_type = "application/pdf"});
