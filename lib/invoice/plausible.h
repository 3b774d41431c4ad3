/* Values that no invoice has (a misread column, two numbers run together) are
 * absent for the rules, so that sums cannot overflow. */
#pragma once
#include "invoice/invoice.h"

/* A copy of the record, in a, without absurd values: its fields, lines, VAT
 * lines and meters; texts are shared. */
RETURNS_NONNULL const struct invoice *plausible_copy(struct arena *a,
                                                     const struct invoice *inv);
