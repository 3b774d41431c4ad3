/* POST /v1/invoices/pdf and /v1/invoices/images. */
#include "analyse.h"
#include "analyse_out.h"
#include "base/encode.h"
#include "base/str.h"
#include "invoice/audit.h"
#include "invoice/export.h"
#include "metered.h"
#include "tables.h"
#include "web/metrics.h"
#include "web/req.h"

enum { IMAGES = 8, REF_BYTES = 255 };
#define WHOLE_MAX INT64_C(9007199254740991) /* exact in every JSON reader */

static enum energy energy_of(const char *word)
{
    for (int e = ENERGY_NONE + 1; e < ENERGY_MAX; e++)
        if (str_eq(energy_name((enum energy)e), word))
            return (enum energy)e;
    return ENERGY_NONE; /* auto */
}

/* The files as name and first bytes say, all of the route's kinds. */
static enum err take_files(const struct req *r, bool pdf, struct upload *out)
{
    for (size_t i = 0; i < r->n_files; i++) {
        const struct file_part *f = &r->files[i];
        enum file_kind kind;
        enum err e = document_sniff(f->name, f->type, f->data, &kind);
        if (e)
            return e;
        if ((kind == FILE_PDF) != pdf)
            return ERR_FILE_TYPE;
        out[i] = (struct upload){f->name, f->type, kind, f->data};
    }
    return OK;
}

/* The members that make a refusal understandable. */
static json_t *refusal(enum err e, const struct audit_request *req,
                       const struct audit_result *res)
{
    if (e == ERR_CONFIDENCE_TOO_LOW)
        return json_pack("{s:f,s:f}", "confidence",
                         (double)res->invoice->conf / 1000, "confidence_min",
                         (double)req->confidence_min / 1000);
    if (e != ERR_ENERGY_TYPE_MISMATCH && e != ERR_ENERGY_TYPE_UNDETECTED)
        return NULL;
    return json_pack("{s:s,s:s,s:f,s:s,s:s}", "expected",
                     req->expected ? energy_name(req->expected) : "auto",
                     "detected", energy_name(res->detected), "confidence",
                     (double)res->detected_conf / 1000, "evidence",
                     res->why ? res->why : "", "paper",
                     paper_name(res->invoice->paper));
}

/* As given; null when not, as the source documents answer. */
static void echo(struct req *r, json_t *o)
{
    static const char *const numbers[] = {"user_id", "invoice_id"};
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        json_object_set_new(o, numbers[i],
                            req_has(r, numbers[i])
                                ? json_integer(req_int(r, numbers[i]))
                                : json_null());
    json_object_set_new(o, "external_ref",
                        req_has(r, "external_ref")
                            ? json_string(req_text(r, "external_ref"))
                            : json_null());
}

static void put_report(struct arena *a, json_t *o, const char *prefix,
                       struct bytes pdf)
{
    json_object_set_new(o, arena_printf(a, "%s_report_base64", prefix),
                        json_string_nocheck(encode_base64(a, pdf.p, pdf.n)));
    json_object_set_new(o, arena_printf(a, "%s_size", prefix),
                        json_integer((json_int_t)pdf.n));
    json_object_set_new(o, arena_printf(a, "%s_sha256", prefix),
                        json_string_nocheck(encode_sha256(a, pdf.p, pdf.n)));
}

/* What was analysed, so that a caller can tell which file is meant. */
static json_t *files_json(const struct req *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->n_files; i++) {
        const struct file_part *f = &r->files[i];
        json_array_append_new(
            list, json_pack("{s:s,s:I,s:s}", "name", f->name ? f->name : "",
                            "size", (json_int_t)f->data.n, "sha256",
                            encode_sha256(r->arena, f->data.p, f->data.n)));
    }
    return list;
}

static enum err reply(struct req *r, const struct audit_result *res)
{
    json_t *o = json_object();
    put_report(r->arena, o, "non_anonymous", res->full_pdf);
    put_report(r->arena, o, "anonymous", res->anonymous_pdf);
    echo(r, o);
    json_object_set_new(o, "files", files_json(r));
    json_t *rest = audit_to_json(res);
    json_object_update(o, rest);
    json_decref(rest);
    return req_json(r, 200, o);
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
static bool wants_cii(const struct req *r)
{
    return req_has(r, "format") ? str_eq(req_text(r, "format"), "cii")
                                : req_accepts(r, "application/xml");
}

static void count(const struct req *r, const struct audit_result *res,
                  enum err e)
{
    if (e == ERR_ANONYMISATION_FAILED)
        metrics_add(METRIC_leaks_refused, 1);
    const struct llm_usage *llm = &res->second.usage;
    metrics_add(METRIC_llm_calls, (uint64_t)llm->calls);
    metrics_add(METRIC_llm_failures, (uint64_t)llm->failures);
    metrics_add(METRIC_llm_tokens_in, (uint64_t)llm->tokens_in);
    metrics_add(METRIC_llm_tokens_out, (uint64_t)llm->tokens_out);
    metrics_add(METRIC_llm_micro_euros, (uint64_t)llm->micro_euros);
    if (!res->invoice)
        return;
    metrics_add(METRIC_documents, r->n_files);
    metrics_add(METRIC_pages, res->invoice->n_pages);
    metrics_add(METRIC_ocr_pages, res->invoice->ocr_pages);
}

static enum err analyse(struct req *r, bool pdf)
{
    struct upload files[IMAGES] = {{0}};
    struct audit_result res = {.invoice = NULL};
    struct history_store store;
    const struct audit_request req = {
        .expected = energy_of(req_text(r, "type")),
        .confidence_min = (int16_t)req_milli(r, "confidence_min"),
        .strict = req_bool(r, "strict"),
        .customer_name = req_text(r, "customer_name"),
        .request_id = r->id,
        .reading_only = wants_cii(r),
        .llm = tables_llm(),
        .store = history_store_is_on(r->db, r->who.id, &store) ? &store : NULL};
    enum err e = take_files(r, pdf, files);
    if (e)
        return req_fail(r, e, NULL);
    const struct reference *ref = tables_get();
    if (!ref)
        return req_fail(r, ERR_UNAVAILABLE, "reference tables not read yet");
    e = audit_run(r->arena, ref, files, r->n_files, &req, &res);
    count(r, &res, e);
    if (e)
        return req_fail_with(r, e, NULL, refusal(e, &req, &res));
    return req.reading_only ? reply_cii(r, res.invoice) : reply(r, &res);
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
#define COMMON_FIELDS                                                          \
    {.name = "type", .kind = IN_ENUM, .fallback = "auto",                      \
     .choices = "auto|electricite|gaz|dual",                                   \
     .doc = "Expected energy; auto lets the desk decide."},                    \
    {.name = "confidence_min", .kind = IN_DECIMAL, .min = 0, .max = 1000,      \
     .fallback = "0.5",                                                        \
     .doc = "Values read with less confidence are not used. 0 takes all, "     \
            "1 practically none."},                                            \
    {.name = "strict", .kind = IN_BOOL, .fallback = "true",                    \
     .doc = "Refuse another energy or a doubtful reading (422); false goes "   \
            "on with a warning."},                                             \
    {.name = "user_id", .kind = IN_INT, .min = 0, .max = WHOLE_MAX,            \
     .doc = "Given back as it is."},                                           \
    {.name = "invoice_id", .kind = IN_INT, .min = 0, .max = WHOLE_MAX,         \
     .doc = "Given back as it is."},                                           \
    {.name = "external_ref", .kind = IN_TEXT, .min = 1, .max = REF_BYTES,      \
     .doc = "Given back as it is."},                                           \
    {.name = "customer_name", .kind = IN_TEXT, .min = 1, .max = REF_BYTES,     \
     .doc = "Name of the customer; hidden in the anonymised report."},         \
    {.name = "format", .kind = IN_ENUM, .fallback = "json", .in_query = true,  \
     .choices = "json|cii",                                                    \
     .doc = "cii: the reading as EN 16931 invoice (CII XML) in place of the "  \
            "reports; Accept: application/xml asks for the same."},            \
    {0}

static const struct field pdf_in[] = {
    {.name = "file", .kind = IN_FILE, .required = true,
     .doc = "The invoice as PDF."},
    COMMON_FIELDS};
static const struct field images_in[] = {
    {.name = "files", .kind = IN_FILES, .required = true, .min = 1,
     .max = IMAGES,
     .doc = "1 to 8 pictures in the order of the pages: .jpg .jpeg .png .bmp "
            ".tif .tiff .webp."},
    COMMON_FIELDS};

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
     .out = analyse_out, .also_type = "application/xml",
     .errors = analyse_errors},
    {.method = "POST", .path = "/v1/invoices/images",
     .handler = invoice_images, .access = KEY, .scope = "invoices", .limit = "invoices",
     .body_limit = -1, .idempotent = true,
     .summary = "Analyse an invoice given as pictures",
     .in = images_in, .out = analyse_out, .also_type = "application/xml",
     .errors = analyse_errors});
