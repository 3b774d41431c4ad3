/* The operator's logo on the full report: one JPEG, read when a process
 * starts. The anonymised report has none, a picture cannot be searched. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"

struct report_logo {
    struct bytes jpeg;
    int width, height; /* pixels */
};

/* Reads REPORT_LOGO. NULL when it is usable or not set, else why not, for
 * the operator; nothing is kept then. */
const char *report_logo_load(void);
/* The logo, or NULL. */
const struct report_logo *report_logo(void);
/* Looks for the size in a JPEG's headers (ITU-T T.81, annex B): baseline or
 * progressive, grey or colour, up to 4,000 pixels a side. */
MUST_CHECK bool report_logo_measure(struct bytes jpeg, struct report_logo *out);
