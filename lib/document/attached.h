/* The electronic invoice inside a PDF, if there is one. Called only inside a
 * sandboxed child (or by developer tools and tests). */
#pragma once
#include "document/document.h"
#include "document/pdf.h"

/* The best of the attached files that are an invoice or order in a known
 * syntax: one that can be read before a malformed one, an invoice before an
 * order, the present syntax before ZUGFeRD 1, a name of the standards before
 * any other. NULL when none is one. */
struct einvoice *attached_read(struct arena *a, const struct pdf *pdf,
                               const struct document_limits *lim);
