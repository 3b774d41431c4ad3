/* The monthly statement of the calling licence, to download. */
#include "statement.h"
#include "base/str.h"
#include "billing/statement_csv.h"
#include "billing/statement_pdf.h"
#include "web/req.h"

/* What the caller's browser saves it as; the month was checked. */
static void name_file(struct req *r, const char *month, const char *ending)
{
    req_header(r, "Content-Disposition",
               arena_printf(r->arena, "attachment; filename=\"comptoir-%s.%s\"",
                            month, ending));
}

static enum err reply_pdf(struct req *r, const struct statement *s)
{
    struct bytes pdf;
    const enum err e = statement_pdf(r->arena, s, req_is_french(r), &pdf);
    if (e)
        return e;
    name_file(r, s->month, "pdf");
    return req_body(r, 200, "application/pdf", pdf.p, pdf.n);
}

static enum err reply_csv(struct req *r, const struct statement *s)
{
    const struct bytes csv = statement_csv(r->arena, s, req_is_french(r));
    if (!csv.n)
        return ERR_TOO_LARGE;
    name_file(r, s->month, "csv");
    return req_body(r, 200, "text/csv; charset=utf-8", csv.p, csv.n);
}

static enum err statement_show(struct req *r)
{
    const char *month = req_text(r, "month");
    const bool pdf = str_eq(req_text(r, "format"), "pdf");
    struct statement s;
    if (month && !statement_month_ok(month))
        return req_fail_with(r, ERR_INVALID_FIELD, NULL,
                             json_pack("{s:[{s:[s,s],s:s,s:s}]}", "errors",
                                       "loc", "query", "month", "msg",
                                       "must be a month, YYYY-MM", "type",
                                       "invalid"));
    const enum err e =
        statement_read(r->db, r->arena, r->who.license_id, month, pdf, &s);
    if (e)
        return e;
    return pdf ? reply_pdf(r, &s) : reply_csv(r, &s);
}

/* clang-format off */
static const struct field statement_in[] = {
    {.name = "month", .kind = IN_TEXT, .min = 7, .max = 7, .in_query = true,
     .doc = "Month of Paris, YYYY-MM; without it the present one."},
    {.name = "format", .kind = IN_ENUM, .choices = "csv|pdf", .fallback = "csv",
     .in_query = true,
     .doc = "csv: every line; pdf: uses of a day in one line."},
    {0}};

static const enum err statement_errors[] = {ERR_TOO_LARGE, OK};

ROUTES(statement_routes,
    {.method = "GET", .path = "/api/v1/license/statement",
     .handler = statement_show, .access = LICENSE, .limit = "license_status",
     .summary = "Download a month's statement; in French with Accept-Language: fr",
     .in = statement_in, .out_type = "text/csv", .also_type = "application/pdf",
     .errors = statement_errors});
