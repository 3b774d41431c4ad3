/* Compares a record with what the samples file expects of it.
 *
 * A field is one scalar leaf of `expected`, except market, green, offer_type
 * and vat_recomputed, and except the note `defect` of a line. Lines match by
 * component and amount, VAT by rate, meters by register; each leaf of a
 * matched entry counts, all leaves of a missing one are wrong. What is read
 * but not expected is wrong: a scalar that some sample expects and this one
 * does not, a line, VAT row or meter too many (one each). */
#pragma once
#include <jansson.h>
#include "invoice/invoice.h"
#include "score.h"

/* Scalar keys that any of the invoices of a samples file expects. */
json_t *compare_known(const json_t *samples);
/* inv NULL: nothing was read. */
void compare_invoice(struct arena *a, struct score *s, const json_t *expected,
                     const json_t *known, const struct invoice *inv);

/* A field of the record as text, or NULL when absent. */
const char *compare_found(struct arena *a, const struct invoice *inv,
                          enum field_id id);
/* An expected number or text in the same wording. */
const char *compare_wanted(struct arena *a, enum field_id id, const json_t *v);
/* F_MAX when there is no such field. */
enum field_id compare_field(const char *key);
/* Equal texts; spaces, apostrophes and dashes of any kind are the same. */
bool compare_equal(struct arena *a, const char *x, const char *y);
