#include "invoice/french.h"
#include "base/clock.h"
#include "tap.h"

static struct arena *mem;

static void number(const char *text, long long digits, int decimals)
{
    struct french_number n;
    bool ok = french_number(french_normalise(mem, text), &n);
    tap_ok(ok, "%s is a number", text);
    tap_is_int(ok ? n.digits : -999, digits, "%s: digits", text);
    tap_is_int(ok ? n.decimals : -1, decimals, "%s: decimals", text);
}

static void date(const char *text, int y, int m, int d)
{
    int32_t day = -1;
    size_t n = french_date(french_normalise(mem, text), &day);
    tap_ok(n > 0, "%s is a date", text);
    tap_is_int(day, clock_days(y, m, d), "%s: the day", text);
}

static void period(const char *text, int32_t from, int32_t to)
{
    int32_t a = -1, b = -1;
    tap_ok(french_period(text, &a, &b) > 0, "%s is a period", text);
    tap_is_int(a, from, "%s: start", text);
    tap_is_int(b, to, "%s: end", text);
}

static void unit(const char *text, enum unit want)
{
    enum unit u = UNIT_NONE;
    size_t n = french_unit(text, &u);
    tap_ok(want == UNIT_NONE ? n == 0 : n > 0 && u == want, "unit %s", text);
}

static void price(const char *text, long long micro, int decimals)
{
    struct french_price p;
    bool ok = french_price(french_normalise(mem, text), &p);
    tap_is_int(ok ? p.micro : -1, micro, "price %s", text);
    tap_is_int(ok ? p.decimals : -1, decimals, "decimals of %s", text);
}

static void numbers(void)
{
    number("1 234,56 €", 123456, 2);
    number("1\u202f955,35", 195535, 2);
    number("1\u00a0253,24 €", 125324, 2);
    number("1.234,56", 123456, 2);
    number("12.345.678,90", 1234567890, 2);
    number("-48,00 €", -4800, 2);
    number("\u22128,00", -800, 2);
    number("0,12500 €/kWh", 12500, 5);
    number("54.81 c€", 5481, 2);
    number("24 512", 24512, 0);
    number("2 mois", 2, 0);
    number("16 890 kWh", 16890, 0);
    number("620 12,5", 620, 0);
    number("1 2345", 1, 0);
    struct french_number n;
    tap_ok(!french_number("12/03/2025", &n), "a date is no number");
    tap_ok(!french_number("12.03.25", &n), "nor with dots");
    tap_ok(!french_number("kWh", &n), "nor a word");
    tap_ok(!french_number("99999999999999999999", &n), "too large");
    n = (struct french_number){.digits = 12555, .decimals = 3};
    tap_is_int(french_scaled(&n, 2), 1256, "rounded half away");
    n.digits = -12555;
    tap_is_int(french_scaled(&n, 2), -1256, "also below zero");
    tap_is_int(french_scaled(&n, 6), -12555000, "scaled up");
}

static void dates(void)
{
    date("12/03/2025", 2025, 3, 12);
    date("12.03.25", 2025, 3, 12);
    int32_t none;
    tap_ok(!french_date("12.03.2503", &none), "80-1: a year of no bill");
    date("12-03-2025", 2025, 3, 12);
    date("2025-03-12", 2025, 3, 12);
    date("1er mars 2025", 2025, 3, 1);
    date("3 janv. 2026", 2026, 1, 3);
    date("13 fevrier 2025", 2025, 2, 13);
    date("13 février 2025", 2025, 2, 13);
    date("15 AOÛT 2025", 2025, 8, 15);
    date("4 déc. 2024", 2024, 12, 4);
    int32_t d, e;
    tap_is_int(french_date("31/02/2025", &d), 0, "no 31 February");
    tap_is_int(french_date("13 juillot", &d), 0, "no such month");
    tap_is_int(french_date("99 123 456", &d), 0, "a reference");
    tap_ok(french_month("novembre 2025", &d, &e) > 0, "a month");
    tap_is_int(e - d, 29, "of thirty days");
    period("du 12/03/2025 au 11/05/2025", clock_days(2025, 3, 12),
           clock_days(2025, 5, 11));
    period("du 1er novembre 2025 au 31 décembre 2025",
           clock_days(2025, 11, 1), clock_days(2025, 12, 31));
    period("du 15 décembre au 14 janvier 2026", clock_days(2025, 12, 15),
           clock_days(2026, 1, 14));
    period("du 1 au 30 septembre 2025", clock_days(2025, 9, 1),
           clock_days(2025, 9, 30));
    period("01/12/2024 - 31/12/2024", clock_days(2024, 12, 1),
           clock_days(2024, 12, 31));
    tap_is_int(french_period("2022-01-01-22-01-01-", &d, &e), 0,
               "nor when the dates are written the other way round");
    tap_is_int(french_period("du 31/12/2025 au 01/12/2025", &d, &e), 0,
               "a period does not run backwards");
}

static void units(void)
{
    unit("kWh", UNIT_KWH);
    unit("KWn 12", UNIT_KWH);
    unit("MWh", UNIT_MWH);
    unit("m³", UNIT_M3);
    unit("m3", UNIT_M3);
    unit("rn3 x", UNIT_M3);
    unit("m\"", UNIT_M3);
    unit("mois", UNIT_MONTH);
    unit("j.", UNIT_DAY);
    unit("unité", UNIT_PIECE);
    unit("maison", UNIT_NONE);
    price("0,12500 €/kWh", 125000, 5);
    price("11,18000 €/mois", 11180000, 5);
    price("5,769 c€ /kWh", 57690, 5);
    price("74,50 €/MWh", 74500000, 2);
    price("0,0952 EUR/kWh", 95200, 4);
    price("48,38 €", -1, -1);
}

static void normal(void)
{
    tap_is_str(french_normalise(mem, "e\u0301te\u0301 l\u2019a\u00a0b\u00ad"),
               "été l'a b", "composed, plain quote and space");
    tap_is_str(french_fold(0x142), "l", "Polish l");
    tap_is_str(french_fold(0x160), "s", "Czech S");
    tap_is_str(french_fold(0x132), "", "a ligature stays apart");
    tap_is_str(french_fold(0xC9), "e", "É folds to e");
    tap_is_str(french_fold(0x153), "oe", "œ folds to two letters");
    tap_is_str(french_fold('-'), "", "punctuation folds to nothing");
}

/* 80: the last groups of a number too long to hold were read as a number. */
static void too_long(void)
{
    struct french_number n;
    const char *s = "9 999 999 999 999 999 999,35";
    tap_ok(!french_number(s, &n), "too long to be a number");
    tap_is_int((int64_t)french_digits(s), 25, "passed over as a whole");
    tap_is_int((int64_t)french_digits("12,5"), 2, "digits");
    tap_is_int((int64_t)french_digits("kWh"), 0, "none");
}

int main(void)
{
    mem = arena_new(4096);
    numbers();
    dates();
    units();
    normal();
    arena_free(mem);
    too_long();
    return tap_done();
}
