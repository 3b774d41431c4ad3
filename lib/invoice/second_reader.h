/* The language model as a second reader: what is sent, what comes back, what
 * the record takes over. Does nothing when none is set up. */
#pragma once
#include "invoice/audit.h"
#include "invoice/reconcile.h"

/* Reads the schema and the prompt that an installation carries. False, and
 * logged, when one of them is missing or no JSON. */
MUST_CHECK bool second_reader_init(void);
/* Asks about out->invoice, which doc was read into, and changes it; fills
 * out->second, and out->warnings when there was no usable answer. */
void second_reader_run(struct arena *a, const struct reference *ref,
                       const struct document *doc,
                       const struct audit_request *req,
                       struct audit_result *out);
/* The text of the pages that is sent: rows, marks instead of personal data
 * (marks may be NULL), whole pages as long as they fit; *pages says how many.
 */
RETURNS_NONNULL const char *second_reader_pages(struct arena *a,
                                                const struct layout *l,
                                                struct redact *marks,
                                                int64_t max_pages,
                                                int64_t max_chars, int *pages);
/* The prompt's [USER] part with its {names} filled in once: what is put in is
 * never looked through for names. */
RETURNS_NONNULL const char *second_reader_fill(struct arena *a,
                                               const char *template,
                                               const char *type,
                                               const char *hints,
                                               const char *pages);
