/* The declared fields are checked before a handler sees them: here they only
 * change their shape. */
#include "intake/invoice_in.h"
#include "web/metrics.h"

enum err invoice_in_read(const struct req *r, bool is_pdf, struct analysis *q)
{
    enum err e = OK;
    *q = (struct analysis){
        .is_pdf = is_pdf,
        .ask = {.expected = analysis_energy(req_text(r, "type")),
                .confidence_min = (int16_t)req_milli(r, "confidence_min"),
                .strict = req_bool(r, "strict"),
                .customer_name = req_text(r, "customer_name"),
                .request_id = r->id},
        .has_user_id = req_has(r, "user_id"),
        .has_invoice_id = req_has(r, "invoice_id"),
        .user_id = req_int(r, "user_id"),
        .invoice_id = req_int(r, "invoice_id"),
        .external_ref = req_text(r, "external_ref")};
    for (size_t i = 0; !e && i < r->n_files; i++) {
        const struct file_part *f = &r->files[i];
        e = analysis_add(q, (struct upload){.name = f->name,
                                            .declared_type = f->type,
                                            .data = f->data});
    }
    return e;
}

void invoice_in_count(const struct analysis *q, const struct audit_result *res,
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
    metrics_add(METRIC_documents, q->n_files);
    metrics_add(METRIC_pages, res->invoice->n_pages);
    metrics_add(METRIC_ocr_pages, res->invoice->ocr_pages);
}
