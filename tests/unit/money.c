#include "billing/money.h"
#include "tap.h"

int main(void)
{
    static const struct {
        int64_t micro;
        const char *french, *english, *plain;
    } rows[] = {{0, "0,00\u202F€", "€0.00", "0.00"},
                {1, "0,000001\u202F€", "€0.000001", "0.000001"},
                {100000, "0,10\u202F€", "€0.10", "0.10"},
                {20000, "0,02\u202F€", "€0.02", "0.02"},
                {25500000, "25,50\u202F€", "€25.50", "25.50"},
                {-860000, "-0,86\u202F€", "-€0.86", "-0.86"},
                {1234567125000, "1\u202F234\u202F567,125\u202F€",
                 "€1,234,567.125", "1234567.125"},
                {999999999, "999,999999\u202F€", "€999.999999", "999.999999"},
                {INT64_MIN,
                 "-9\u202F223\u202F372\u202F036\u202F854,775808\u202F€",
                 "-€9,223,372,036,854.775808", "-9223372036854.775808"}};
    struct arena *a = arena_new(4096);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        tap_is_str(money_text(a, rows[i].micro, true), rows[i].french, "%s",
                   rows[i].french);
        tap_is_str(money_text(a, rows[i].micro, false), rows[i].english, "%s",
                   rows[i].english);
        tap_is_str(money_plain(a, rows[i].micro, false), rows[i].plain, "%s",
                   rows[i].plain);
    }
    tap_is_str(money_plain(a, -25500000, true), "-25,50", "a comma in French");
    tap_is_str(money_count(a, 12345, true), "12\u202F345", "a count");
    tap_is_str(money_count(a, -1234567, false), "-1,234,567", "below nothing");
    tap_is_str(money_count(a, 999, false), "999", "a small one");
    arena_free(a);
    return tap_done();
}
