/* lib/base/clock.c: civil dates against known days. */
#include "base/clock.h"
#include "tap.h"

static void reads_times(void)
{
    static const struct {
        const char *text;
        int64_t ms; /* -1: refused */
    } rows[] = {
        {"1970-01-01", 0},
        {"2026-11-21T10:07:26.123Z", 1795255646123},
        {"2026-11-21t10:07:26.123456789z", 1795255646123},
        {"2026-11-21T11:07:26.123+01:00", 1795255646123},
        {"2026-11-20T22:37:26.1-11:30", 1795255646100},
        {"2028-02-29", 1835395200000},
        {"2026-02-29", -1}, {"2026-13-01", -1}, {"2026-00-10", -1},
        {"2026-04-31", -1}, {"2026-04-00", -1}, {"1969-12-31", -1},
        {"2026-11-21T10:07:26", -1}, {"2026-11-21T24:00:00Z", -1},
        {"2026-11-21T10:60:00Z", -1}, {"2026-11-21T10:07:60Z", -1},
        {"2026-11-21T10:07:26.Z", -1}, {"2026-11-21T10:07:26+1:00", -1},
        {"2026-11-21T10:07:26+24:00", -1}, {"2026-11-21T10:07:26Zx", -1},
        {"2026-11-21T10:07:26+01:00x", -1}, {"2026-11-21T10:07:26+", -1},
        {"2026-11-21 10:07:26Z", -1}, {"2026-11-21T10:07Z", -1},
        {"2026-1-1", -1}, {"26-11-21", -1}, {"2026-11-2", -1},
        {"2026-11-21T", -1}, {"20261121", -1}, {"now", -1}, {"", -1},
        {"9999-12-31", -1}, {"infinity", -1}, {"2026-11-21T10:07:26.1234567890Z", -1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t ms = 0;
        const bool ok = clock_from_rfc3339(rows[i].text, &ms);
        tap_is_int(ok ? ms : -1, rows[i].ms, "reads \"%s\"", rows[i].text);
    }
}

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
    reads_times();
    int64_t t = clock_mono_us();
    tap_ok(clock_mono_us() >= t, "the monotonic clock does not go back");
    return tap_done();
}
