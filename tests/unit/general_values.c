/* Numbers and dates of any country: the paper's habits decide what a comma
 * and what 03/04/2020 mean. */
#include "base/clock.h"
#include "invoice/general.h"
#include "paper.h"
#include "tap.h"

static const struct habit german = {',', false}, american = {'.', true};

static void date_is(const struct habit *h, const char *text, int y, int m,
                    int d)
{
    int32_t day = 0;
    size_t n = general_date(h, text, &day);
    tap_ok(n > 0 && day == clock_days(y, m, d), "%s", text);
}

static void dates(void)
{
    int32_t day;
    date_is(&german, "2020-01-31", 2020, 1, 31);
    date_is(&german, "31.01.2020", 2020, 1, 31);
    date_is(&german, "3/4/20", 2020, 4, 3);
    date_is(&american, "3/4/20", 2020, 3, 4);
    date_is(&american, "31/01/2020", 2020, 1, 31); /* only one order fits */
    date_is(&american, "04.03.2020", 2020, 3, 4); /* points: day first */
    date_is(&german, "Jan 31, 2020", 2020, 1, 31);
    date_is(&german, "31st of January 2020", 2020, 1, 31);
    date_is(&german, "7. Mai 2014", 2014, 5, 7);
    date_is(&german, "1er août 2021", 2021, 8, 1);
    date_is(&german, "19 april 2014", 2014, 4, 19);
    date_is(&german, "02-Dez-18", 2018, 12, 2);
    tap_ok(!general_date(&german, "31.02.2020", &day), "no such day");
    tap_ok(!general_date(&german, "5 jui 2020", &day), "June or July");
    tap_ok(!general_date(&german, "12.345,00", &day), "an amount is none");
}

static void number_is(const struct habit *h, const char *text, int64_t cents)
{
    int64_t got = -1;
    int decimals;
    size_t n = general_number(h, text, &got, &decimals);
    tap_ok(n > 0 && got == cents, "%s", text);
}

static void numbers(void)
{
    int64_t cents;
    int decimals;
    number_is(&german, "1.234,56", 123456);
    number_is(&american, "1,234.56", 123456);
    number_is(&german, "1.234", 123400);
    number_is(&american, "1.234", 123);
    number_is(&american, "1,234", 123400);
    number_is(&german, "1 234 567,80", 123456780);
    number_is(&german, "1'234.50", 123450);
    number_is(&american, "1,00,000.00", 10000000);
    tap_ok(!general_number(&german, "999 999 999 999 999 999,35", &cents,
                           &decimals),
           "too long to be money");
}

static void habits(struct arena *a)
{
    struct layout *l = layout_build(
        a, paper_read(a, "Invoice 03/20/2023\nDue 04/05/2023\n$ 12.50\n",
                      false));
    struct habit h = general_habit(l);
    tap_ok(h.month_first && h.point == '.', "a day above twelve tells");
    l = layout_build(a, paper_read(a, "Total 10,00\n05/04/2023\n", false));
    h = general_habit(l);
    tap_ok(!h.month_first && h.point == ',', "else days come first");
    l = layout_build(a, paper_read(a, "Total $10.00\n05/04/2023\n", false));
    h = general_habit(l);
    tap_ok(h.month_first, "but for dollars");
}

static void amounts(struct arena *a)
{
    static const struct {
        const char *text;
        int64_t cents;
        bool money;
    } rows[] = {{"Total  $4.11", 411, true},     {"EUR -9,32", -932, true},
                {"Rs.319", 31900, true},         {"(8,00)", -800, true},
                {"- 1,00", -100, true},          {"8,00-", -800, true},
                {"20,00 %", 2000, false},        {"12", 1200, false},
                {"0€", 0, true},                 {"1,25,000.00", 12500000, true}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct reader r = {.a = a};
        struct general g = {.r = &r, .habit = german};
        r.l = layout_build(a, paper_read(a, rows[i].text, false));
        general_amounts(&g);
        tap_ok(g.n_amounts == 1 && g.amounts[0].cents == rows[i].cents &&
                   g.amounts[0].is_money == rows[i].money,
               "%s", rows[i].text);
    }
    struct reader r = {.a = a};
    struct general g = {.r = &r, .habit = german};
    r.l = layout_build(a, paper_read(a, "31.01.2020  12kg  A4-12", false));
    general_amounts(&g);
    tap_is_int((long long)g.n_amounts, 0, "dates, weights and codes are none");
}

/* OCR sets digits apart; a text layer means what it says. */
static void split(struct arena *a)
{
    for (int ocr = 0; ocr < 2; ocr++) {
        struct reader r = {.a = a};
        struct general g = {.r = &r, .habit = american};
        r.l = layout_build(a, paper_read(a, "Total 30. 00", ocr));
        general_amounts(&g);
        tap_ok(g.n_amounts >= 1 && g.amounts[0].cents == 3000 &&
                   g.amounts[0].is_money == (ocr == 1),
               ocr ? "joined on a scan" : "not joined in a text");
    }
}

int main(void)
{
    struct arena *a = arena_new(1 << 16);
    dates();
    numbers();
    habits(a);
    amounts(a);
    split(a);
    arena_free(a);
    return tap_done();
}
