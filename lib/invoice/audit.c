/* The order of the steps; everything else is in the steps. */
#include "invoice/audit.h"
#include "invoice/second_reader.h"

enum err audit_run(struct arena *a, const struct reference *ref,
                   const struct upload *files, size_t n,
                   const struct audit_request *req, struct audit_result *out)
{
    struct document_limits limits;
    struct document *doc = NULL;
    *out = (struct audit_result){.invoice = NULL};
    document_limits(&limits);
    enum err e = document_read(a, files, n, &limits, &doc);
    if (e)
        return e;
    out->invoice = invoice_read(a, doc, ref);
    second_reader_run(a, ref, doc, req, out);
    e = audit_settle(req, out);
    if (e)
        return e;
    market_compute(a, ref, out->invoice, req->confidence_min, out);
    checks_run(a, ref, out->invoice, req, out);
    highlights_write(a, ref, out);
    return report_pair(a, ref, req, out);
}
