/* Amounts and counts as readers of French or English expect them; exact. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"

/* Micro-euros as euros with two to six decimals, as many as there are:
 * "1 234,56 €" (U+202F between groups and before the sign), "€1,234.56". */
RETURNS_NONNULL const char *money_text(struct arena *a, int64_t micro_euros,
                                       bool french);
/* For tables of programs: "1234.56" or "1234,56", no groups, no sign. */
RETURNS_NONNULL const char *money_plain(struct arena *a, int64_t micro_euros,
                                        bool french);
/* "12 345" or "12,345". */
RETURNS_NONNULL const char *money_count(struct arena *a, int64_t n,
                                        bool french);
