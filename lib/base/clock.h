/* The only place that asks what time it is. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/attr.h"

/* Wall clock, milliseconds since 1970 UTC: for showing and logging. */
int64_t clock_now_ms(void);
/* Monotonic microseconds: for measuring and deadlines. */
int64_t clock_mono_us(void);
/* "2026-11-21T10:07:26.123Z" into out (25 bytes with NUL). */
void clock_rfc3339(int64_t ms, char out[25]);
/* Reads RFC 3339 ("2026-11-21T10:07:26Z", "…26.123+01:00") or a date alone,
 * which is its first moment in UTC. False for anything else, days that no
 * month has and leap seconds included; years 1970 to 9998. */
MUST_CHECK bool clock_from_rfc3339(const char *s, int64_t *ms);

/* Days since 1970-01-01 (proleptic Gregorian); month 1-12, day 1-31. */
int32_t clock_days(int year, int month, int day);
void clock_civil(int32_t days, int *year, int *month, int *day);
/* How many days the month has; 0 when month is not 1-12. */
int clock_month_days(int year, int month);
