/* lib/base/clock.c: civil dates against known days. */
#include "base/clock.h"
#include "tap.h"

int main(void)
{
    tap_is_int(clock_days(1970, 1, 1), 0, "the epoch");
    tap_is_int(clock_days(2025, 8, 1), 20301, "the VAT change");
    tap_is_int(clock_days(2000, 2, 29) + 1, clock_days(2000, 3, 1),
               "leap day of 2000");
    tap_is_int(clock_days(2100, 2, 28) + 1, clock_days(2100, 3, 1),
               "no leap day in 2100");
    int bad = 0;
    for (int32_t d = -200000; d < 200000; d += 37) {
        int y, m, day;
        clock_civil(d, &y, &m, &day);
        bad += clock_days(y, m, day) != d || day > clock_month_days(y, m);
    }
    tap_is_int(bad, 0, "days and dates come back");
    tap_is_int(clock_month_days(2024, 2), 29, "February of a leap year");
    tap_is_int(clock_month_days(2024, 13), 0, "there is no month 13");
    char s[25];
    clock_rfc3339(1795255646123, s);
    tap_is_str(s, "2026-11-21T10:07:26.123Z", "RFC 3339");
    clock_rfc3339(-1, s);
    tap_is_str(s, "1969-12-31T23:59:59.999Z", "before 1970");
    tap_ok(clock_now_ms() > 1700000000000, "the wall clock runs");
    int64_t t = clock_mono_us();
    tap_ok(clock_mono_us() >= t, "the monotonic clock does not go back");
    return tap_done();
}
