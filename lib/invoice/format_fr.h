/* Numbers, money and dates as a French reader expects them. Everything that
 * users read goes through here; there is no locale. */
#pragma once
#include <stdint.h>
#include "base/arena.h"

/* "1 234,56 €" with U+202F between groups and before the sign. */
RETURNS_NONNULL const char *format_fr_euros(struct arena *a, int64_t cents);
/* Whole euros to the nearest, "1 235 €". */
RETURNS_NONNULL const char *format_fr_euros_round(struct arena *a,
                                                  int64_t cents);
/* value / 10^scale with exactly decimals digits after the comma, rounded
 * half away from zero: (1234567, 3, 1) gives "1 234,6". */
RETURNS_NONNULL const char *format_fr_number(struct arena *a, int64_t value,
                                             int scale, int decimals);
/* The same without needless zeros: at least min, at most scale decimals. */
RETURNS_NONNULL const char *format_fr_trim(struct arena *a, int64_t value,
                                           int scale, int min);
/* Rate in hundredths of a percent without its sign: 550 gives "5,5". */
RETURNS_NONNULL const char *format_fr_rate(struct arena *a, int32_t bp);
/* "31/12/2025". */
RETURNS_NONNULL const char *format_fr_date(struct arena *a, int32_t days);
/* "décembre 2025". */
RETURNS_NONNULL const char *format_fr_month(struct arena *a, int32_t days);
/* "1er août 2025", "31 décembre 2025". */
RETURNS_NONNULL const char *format_fr_long_date(struct arena *a, int32_t days);
/* v / by rounded half away from zero; by > 0. */
int64_t format_fr_round(int64_t v, int64_t by);
