/* French typography of what reports print: no-break spaces, percentages,
 * plurals. Numbers, money and dates come from format_fr. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"

/* Spaces before : ; ! ? % € » and units, inside numbers and after « become
 * no-break, and a missing one before % is added; owned by a. */
RETURNS_NONNULL const char *typo_spaces(struct arena *a, const char *s);
/* Per mille as a percentage with at most one decimal and, when asked for, a
 * plus sign: 142 -> "+14,2 %"; owned by a. */
RETURNS_NONNULL const char *typo_percent(struct arena *a, int32_t pm,
                                         bool plus);
/* One of the two words; 0 and 1 are singular in French. */
const char *typo_plural(int64_t n, const char *one, const char *many);
