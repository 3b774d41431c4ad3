/* The reading as an electronic invoice: EN 16931 in the syntax CII. */
#pragma once
#include "base/err.h"
#include "einvoice/cii.h"
#include "invoice/invoice.h"

/* The record as terms. Nothing is invented: what was not read, and does not
 * follow from what was, is absent. An invoice embedded in the PDF with its
 * lines is taken over as it is. */
RETURNS_NONNULL struct einvoice *export_terms(struct arena *a,
                                              const struct invoice *inv);
/* The file; ERR_EXPORT_INCOMPLETE with *problems and *n when the reading lacks
 * what the standard asks for. */
MUST_CHECK enum err export_cii(struct arena *a, const struct invoice *inv,
                               struct bytes *out,
                               const struct cii_problem **problems, size_t *n);
