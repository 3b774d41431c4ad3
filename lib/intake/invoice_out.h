/* The answer of the analysis, declared: the schema of the extraction is made
 * from lib/invoice/fields.tbl. */
#pragma once
#include "web/route.h"

extern const struct field invoice_out[];
