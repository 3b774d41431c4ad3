/* The order of the steps; everything else is in the steps. */
#include "invoice/audit.h"
#include "invoice/second_reader.h"

/* What is remembered of the point, when anything is kept. */
static void look_back(struct arena *a, const struct audit_request *req,
                      const char *file, struct audit_result *out)
{
    struct history *sides = ARENA_ARRAY(a, HISTORY_SIDES, struct history);
    const size_t n = history_facts(a, out->invoice, req->confidence_min, sides);
    if (history_store_find(a, req->store, file, sides, n)) {
        audit_warn(out, "history_unavailable");
        return; /* logged by who knows; the analysis goes on */
    }
    out->past = sides;
    out->n_past = n;
}

static void remember(struct arena *a, const struct audit_request *req,
                     const char *file, struct audit_result *out)
{
    if (out->n_past &&
        history_store_keep(a, req->store, file, out->past, out->n_past))
        audit_warn(out, "history_unavailable");
}

/* How far it is: reading a scan is the longest part. */
enum { READ = 60, RECONCILED = 75, DRAWN = 95 };

static enum err step(const struct audit_request *req, int percent)
{
    return req->progress ? req->progress(req->progress_with, percent) : OK;
}

static void limits_of(const struct audit_request *req,
                      struct document_limits *out)
{
    if (req->is_job)
        document_limits_job(out);
    else
        document_limits(out);
    if (req->wall_ms && req->wall_ms < out->wall_ms)
        out->wall_ms = req->wall_ms;
}

static enum err judge(struct arena *a, const struct reference *ref,
                      const struct audit_request *req, struct audit_result *out)
{
    market_compute(a, ref, out->invoice, req->confidence_min, out);
    checks_run(a, ref, out->invoice, req, out);
    highlights_write(a, ref, out);
    return report_pair(a, ref, req, out);
}

enum err audit_run(struct arena *a, const struct reference *ref,
                   const struct upload *files, size_t n,
                   const struct audit_request *req, struct audit_result *out)
{
    struct document_limits limits;
    struct document *doc = NULL;
    *out = (struct audit_result){.invoice = NULL};
    limits_of(req, &limits);
    enum err e = document_read(a, files, n, &limits, &doc);
    if (!e)
        e = step(req, READ);
    if (e)
        return e;
    out->invoice = invoice_read(a, doc, ref);
    second_reader_run(a, ref, doc, req, out);
    e = step(req, RECONCILED);
    if (e)
        return e;
    e = audit_settle(req, out);
    if (req->reading_only)
        return e;
    /* A credit note is refused when strict, and yet explains why the same
     * days are billed again. */
    const bool is_credit = out->invoice->paper == PAPER_CREDIT;
    const char *file = req->store && (!e || is_credit)
                           ? history_store_files(a, files, n)
                           : NULL;
    if (file)
        look_back(a, req, file, out);
    if (!e)
        e = judge(a, ref, req, out);
    (void)step(req, DRAWN); /* what is drawn is not thrown away */
    if (file && (!e || is_credit))
        remember(a, req, file, out);
    return e;
}
