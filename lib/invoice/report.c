/* Both PDFs of an audit: the full one, and the anonymised one that leaves
 * only when a search of the finished file finds nothing identifying. */
#include "invoice/audit.h"

#include "base/log.h"
#include "invoice/anonymise.h"
#include "invoice/report_pdf.h"
#include "base/banned.h"

static MUST_CHECK enum err prove(struct arena *a, const struct reference *ref,
                                 const struct audit_request *req,
                                 const struct audit_result *r,
                                 const struct report_model *anon,
                                 struct bytes pdf)
{
    struct needle *needles;
    size_t n = anonymise_needles(a, ref, req, r->invoice, &needles);
    const char *found = NULL;
    enum err e = document_prove(a, pdf, anonymise_neutral(a, anon), needles,
                                n, &found);
    if (e == ERR_ANONYMISATION_FAILED)
        log_error("report_leak_refused", "{s:s}", "kind",
                  found ? found : "unreadable");
    return e;
}

enum err report_pair(struct arena *a, const struct reference *ref,
                     const struct audit_request *req, struct audit_result *out)
{
    const struct report_model *full = report_model_new(a, ref, req, out);
    const struct report_model *anon = anonymise_model(a, full, out);
    struct bytes full_pdf, anonymous_pdf;
    enum err e = report_pdf(a, full, &full_pdf);
    if (e == OK)
        e = report_pdf(a, anon, &anonymous_pdf);
    if (e == OK)
        e = prove(a, ref, req, out, anon, anonymous_pdf);
    if (e != OK)
        return e;
    out->full_pdf = full_pdf;
    out->anonymous_pdf = anonymous_pdf;
    return OK;
}
