/* Billed lines as a report shows them: at most eight rows and six parts. */
#pragma once
#include "invoice/report_model.h"

/* Fills lines, parts and network_inside of m from the invoice. */
void report_lines_fill(struct arena *a, const struct invoice *inv,
                       struct report_model *m);
