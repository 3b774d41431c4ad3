/* POST /v1/invoices/pdf and /v1/invoices/images. */
#include "analyse.h"
#include "base/str.h"
#include "intake/invoice_backup.h"
#include "intake/invoice_in.h"
#include "intake/invoice_out.h"
#include "invoice/export.h"
#include "invoice/tables.h"
#include "metered.h"

static enum err reply_json(struct req *r, const struct analysis *q,
                           const struct audit_result *res)
{
    return req_json(r, 200,
                    analysis_with_reports(
                        r->arena, analysis_answer(r->arena, q, res),
                        res->full_pdf, res->anonymous_pdf));
}

/* One report as a file; named as the jobs name theirs. */
static enum err reply_pdf(struct req *r, const char *name, struct bytes pdf)
{
    req_header(r, "Content-Disposition",
               arena_printf(r->arena, "attachment; filename=\"%s.pdf\"", name));
    return req_body(r, 200, "application/pdf", pdf.p, pdf.n);
}

static enum err reply(struct req *r, const char *format,
                      const struct analysis *q, const struct audit_result *res)
{
    invoice_backup_try(
        r->db, r->arena,
        &(struct invoice_backup){.owner = r->who.id,
                                 .tenant_id = r->who.tenant_id,
                                 .ref_id = r->id,
                                 .q = q,
                                 .res = res});
    if (str_eq(format, "pdf"))
        return reply_pdf(r, "full", res->full_pdf);
    if (str_eq(format, "anonymous_pdf"))
        return reply_pdf(r, "anonymous", res->anonymous_pdf);
    return reply_json(r, q, res);
}

/* What keeps the reading from being an electronic invoice, by term. */
static json_t *lacks(const struct cii_problem *p, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            list, json_pack("{s:[s,s],s:s,s:s,s:s}", "loc", "reading",
                            p[i].term, "msg", p[i].text, "type",
                            p[i].missing ? "missing" : "inconsistent", "rule",
                            p[i].rule));
    return json_pack("{s:o}", "errors", list);
}

static enum err reply_cii(struct req *r, const struct invoice *inv)
{
    struct bytes xml;
    const struct cii_problem *problems;
    size_t n;
    enum err e = export_cii(r->arena, inv, &xml, &problems, &n);
    if (e)
        return req_fail_with(r, e, NULL, lacks(problems, n));
    return req_body(r, 200, "application/xml", xml.p, xml.n);
}

/* Asked for by name, else by the Accept header. */
static const char *wanted_format(const struct req *r)
{
    if (!req_has(r, "format") && req_accepts(r, "application/xml"))
        return "cii";
    if (!req_has(r, "format") && req_accepts(r, "application/pdf"))
        return "pdf";
    return req_text(r, "format");
}

static enum err analyse(struct req *r, bool pdf)
{
    struct analysis q;
    struct audit_result res = {.invoice = NULL};
    struct history_store store;
    const char *format = wanted_format(r);
    enum err e = invoice_in_read(r, pdf, &q);
    if (e)
        return req_fail(r, e, NULL);
    q.ask.reading_only = str_eq(format, "cii");
    q.ask.llm = tables_llm();
    q.ask.store =
        history_store_is_on(r->db, r->who.id, &store) ? &store : NULL;
    const struct reference *ref = tables_get();
    if (!ref)
        return req_fail(r, ERR_UNAVAILABLE, "reference tables not read yet");
    e = audit_run(r->arena, ref, q.files, q.n_files, &q.ask, &res);
    invoice_in_count(&q, &res, e);
    if (e)
        return req_fail_with(r, e, NULL, analysis_refusal(e, &q, &res));
    return q.ask.reading_only ? reply_cii(r, res.invoice)
                              : reply(r, format, &q, &res);
}

static enum err analyse_pdf(struct req *r)
{
    return analyse(r, true);
}

static enum err analyse_images(struct req *r)
{
    return analyse(r, false);
}

static enum err invoice_pdf(struct req *r)
{
    return metered_run(r, analyse_pdf);
}

static enum err invoice_images(struct req *r)
{
    return metered_run(r, analyse_images);
}

/* clang-format off */
#define FORMAT                                                                 \
    {.name = "format", .kind = IN_ENUM, .fallback = "json", .in_query = true,  \
     .choices = "json|cii|pdf|anonymous_pdf",                                  \
     .doc = "cii: the reading as EN 16931 invoice (CII XML) in place of the "  \
            "reports (or Accept: application/xml); pdf, anonymous_pdf: that "  \
            "report alone, as a file (or Accept: application/pdf: the full)."}
#define ALSO "application/xml|application/pdf"
static const struct field pdf_in[] = {INVOICE_IN_PDF, INVOICE_IN_FIELDS, FORMAT,
                                      {0}};
static const struct field images_in[] = {INVOICE_IN_IMAGES, INVOICE_IN_FIELDS,
                                         FORMAT, {0}};

static const enum err analyse_errors[] = {
    ERR_FILE_TYPE, ERR_DOCUMENT_UNREADABLE, ERR_DOCUMENT_ENCRYPTED,
    ERR_DOCUMENT_TOO_SLOW, ERR_TOO_MANY_PAGES, ERR_USE_JOBS,
    ERR_IMAGE_TOO_LARGE, ERR_ENERGY_TYPE_MISMATCH, ERR_ENERGY_TYPE_UNDETECTED,
    ERR_CONFIDENCE_TOO_LOW, ERR_ANONYMISATION_FAILED, ERR_EXPORT_INCOMPLETE,
    ERR_OVERLOADED,
    ERR_UNAVAILABLE, ERR_QUOTA_EXCEEDED, OK};

ROUTES(analyse_routes,
    {.method = "POST", .path = "/v1/invoices/pdf", .handler = invoice_pdf,
     .access = KEY, .scope = "invoices", .limit = "invoices", .body_limit = -1,
     .idempotent = true, .summary = "Analyse an invoice given as PDF", .in = pdf_in,
     .out = invoice_out, .also_type = ALSO,
     .errors = analyse_errors},
    {.method = "POST", .path = "/v1/invoices/images",
     .handler = invoice_images, .access = KEY, .scope = "invoices", .limit = "invoices",
     .body_limit = -1, .idempotent = true,
     .summary = "Analyse an invoice given as pictures",
     .in = images_in, .out = invoice_out, .also_type = ALSO,
     .errors = analyse_errors});
