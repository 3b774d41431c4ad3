/* Civil dates by Howard Hinnant's published day-count arithmetic. */
#include "base/clock.h"
#include <string.h>
#include <time.h>

int64_t clock_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_mono_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int32_t clock_days(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int yoe = y - era * 400;
    int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

void clock_civil(int32_t days, int *year, int *month, int *day)
{
    int z = days + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    *day = doy - (153 * mp + 2) / 5 + 1;
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = yoe + era * 400 + (*month <= 2);
}

int clock_month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12)
        return 0;
    int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

/* v in decimal with leading zeros. */
static void digits(char *out, int n, int v)
{
    while (n--) {
        out[n] = (char)('0' + v % 10);
        v /= 10;
    }
}

void clock_rfc3339(int64_t ms, char out[25])
{
    int64_t day = ms / 86400000, rest = ms % 86400000;
    if (rest < 0) {
        rest += 86400000;
        day--;
    }
    int y, m, d;
    clock_civil((int32_t)day, &y, &m, &d);
    int s = (int)(rest / 1000);
    memcpy(out, "0000-00-00T00:00:00.000Z", 25);
    digits(out, 4, y);
    digits(out + 5, 2, m);
    digits(out + 8, 2, d);
    digits(out + 11, 2, s / 3600);
    digits(out + 14, 2, s / 60 % 60);
    digits(out + 17, 2, s % 60);
    digits(out + 20, 3, (int)(rest % 1000));
}

/* The number of n digits at *s, which moves behind them and the character end
 * ('\0': none is asked). False when they are not there or it is over max. */
static bool take_number(const char **s, int n, int max, char end, int *out)
{
    *out = 0;
    for (int i = 0; i < n; i++, (*s)++) {
        if (**s < '0' || **s > '9')
            return false;
        *out = *out * 10 + **s - '0';
    }
    if (end && *(*s)++ != end)
        return false;
    return *out <= max;
}

/* ".123456" at *s, if it is there, in whole milliseconds. */
static bool take_fraction(const char **s, int *ms)
{
    *ms = 0;
    if (**s != '.')
        return true;
    const size_t n = strspn(++*s, "0123456789");
    for (size_t i = 0; i < 3; i++)
        *ms = *ms * 10 + (i < n ? (*s)[i] - '0' : 0);
    *s += n;
    return n >= 1 && n <= 9;
}

/* "Z", "+01:00" and nothing behind, in minutes. */
static bool take_offset(const char *s, int *minutes)
{
    int h, m;
    *minutes = 0;
    if (*s == 'Z' || *s == 'z')
        return !s[1];
    const int sign = *s == '-' ? -1 : 1;
    if ((*s != '+' && *s != '-') || !s[1])
        return false;
    s++;
    if (!take_number(&s, 2, 23, ':', &h) || !take_number(&s, 2, 59, '\0', &m))
        return false;
    *minutes = sign * (h * 60 + m);
    return !*s;
}

bool clock_from_rfc3339(const char *s, int64_t *ms)
{
    int y, mo, d, h = 0, mi = 0, sec = 0, milli = 0, offset = 0;
    if (!take_number(&s, 4, 9999, '-', &y) ||
        !take_number(&s, 2, 12, '-', &mo) || !take_number(&s, 2, 31, '\0', &d))
        return false;
    if (y < 1970 || y > 9998 || d < 1 || d > clock_month_days(y, mo))
        return false;
    if (*s) {
        if (*s != 'T' && *s != 't')
            return false;
        s++;
        if (!take_number(&s, 2, 23, ':', &h) ||
            !take_number(&s, 2, 59, ':', &mi) ||
            !take_number(&s, 2, 59, '\0', &sec) || !take_fraction(&s, &milli) ||
            !take_offset(s, &offset))
            return false;
    }
    *ms = ((int64_t)clock_days(y, mo, d) * 86400 + h * 3600 + mi * 60 + sec -
           offset * 60) *
              1000 +
          milli;
    return true;
}
