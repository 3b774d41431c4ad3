/* One report as a finished PDF. */
#pragma once
#include "base/err.h"
#include "invoice/report_model.h"

/* Draws the model; the PDF lives in a. ERR_INTERNAL (logged) when a font is
 * missing or libharu fails. */
MUST_CHECK enum err report_pdf(struct arena *a, const struct report_model *m,
                               struct bytes *out);
