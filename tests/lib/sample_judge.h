/* What the checks say of a sample with a small change, in words: for the unit
 * tests of the rules. */
#pragma once
#include "base/buf.h"
#include "invoice/audit.h"
#include "invoice/reference.h"
#include "sample_change.h"

/* The sentences of one check, joined by " | "; "" for none. */
static inline const char *sample_judge(struct arena *a,
                                       const struct reference *ref,
                                       const char *sample, const char *change,
                                       const char *id)
{
    const struct audit_request q = {.confidence_min = 500, .strict = true};
    struct invoice *inv = sample_invoice(a, sample, NULL);
    struct audit_result r = {.invoice = inv};
    struct buf b;
    sample_change(a, inv, change);
    checks_run(a, ref, inv, &q, &r);
    buf_init(&b, a, 4096);
    for (size_t i = 0; i < r.n_findings; i++)
        if (str_eq(r.findings[i].id, id))
            buf_printf(&b, "%s%s", buf_cstr(&b)[0] ? " | " : "",
                       r.findings[i].sentence);
    return buf_cstr(&b);
}
