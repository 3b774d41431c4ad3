/* Checks of a changed sample, and their findings by id: for the unit tests of
 * the files of rules. tests/rules/checks.tsv says when a rule fires; these
 * say what it says. */
#pragma once
#include "invoice/audit.h"
#include "sample_change.h"

/* Position and checks of a sample after some changes. */
static inline struct audit_result sample_checks(struct arena *a,
                                                const struct reference *ref,
                                                const char *id,
                                                const char *changes)
{
    struct audit_result r = {.invoice = sample_invoice(a, id, NULL)};
    const struct audit_request q = {.confidence_min = 500, .strict = true};
    sample_change(a, r.invoice, changes);
    market_compute(a, ref, r.invoice, 500, &r);
    checks_run(a, ref, r.invoice, &q, &r);
    return r;
}

/* The first finding of a check; an empty one when there is none. */
static inline const struct finding *sample_found(const struct audit_result *r,
                                                 const char *id)
{
    static const struct finding none = {
        .id = "", .sentence = "", .anonymous = "", .brief = ""};
    for (size_t i = 0; i < r->n_findings; i++)
        if (str_eq(r->findings[i].id, id))
            return &r->findings[i];
    return &none;
}

/* The sentence of a check, "" when it says nothing. */
static inline const char *sample_says(struct arena *a,
                                      const struct reference *ref,
                                      const char *id, const char *changes,
                                      const char *check)
{
    const struct audit_result r = sample_checks(a, ref, id, changes);
    return sample_found(&r, check)->sentence;
}
