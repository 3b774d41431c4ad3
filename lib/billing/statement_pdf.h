/* A statement as a document to read and file. */
#pragma once
#include "domain/statement.h"

/* A4 pages: whose it is, its sums, then its lines (give it one read by day).
 * ERR_TOO_LARGE beyond 200 pages, ERR_INTERNAL when it cannot be drawn
 * (logged). *pdf lives in a. */
MUST_CHECK enum err statement_pdf(struct arena *a, const struct statement *s,
                                  bool french, struct bytes *pdf);
