/* The model of the anonymised report and what must never be found in it. */
#pragma once
#include "invoice/report_model.h"

/* A new model that holds only what is allowed: numbers, enumerations, days
 * (drawn as months), words of our own tables and our own sentences without
 * the invoice's free text, with amounts to the euro. Owned by a. */
RETURNS_NONNULL struct report_model *anonymise_model(
    struct arena *a, const struct report_model *full,
    const struct audit_result *result);
/* The text of the same report without any value of this invoice: words found
 * in it are no leaks. Owned by a. */
RETURNS_NONNULL const char *anonymise_neutral(struct arena *a,
                                              const struct report_model *anon);
/* Our own sentence with "12/03/2025" as "03/2025" and "12,34 €" as "12 €"
 * (not "33,70 €/MWh", which is a price). */
RETURNS_NONNULL const char *anonymise_text(struct arena *a, const char *s);
/* Everything that identifies supplier, customer or point: what the reader
 * collected, identifying fields and their words, the caller's customer name,
 * the supplier's rows. Returns how many; *out lives in a. */
size_t anonymise_needles(struct arena *a, const struct reference *ref,
                         const struct audit_request *req,
                         const struct invoice *inv, struct needle **out);
