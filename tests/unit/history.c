/* What is remembered of an invoice: points, kWh and prices by register, only
 * from values that are sure enough, and nothing of what cannot be compared. */
#include "invoice/history.h"
#include "sample_change.h"
#include "tap.h"

static struct arena *mem;

static size_t facts(const char *sample, const char *change,
                    struct history *sides)
{
    struct invoice *inv = sample_invoice(mem, sample, NULL);
    sample_change(mem, inv, change);
    return history_facts(mem, inv, 500, sides);
}

static int64_t micro(const struct history *h, const char *registr)
{
    for (size_t i = 0; i < h->now.n_prices; i++)
        if (str_eq(h->now.prices[i].registr, registr))
            return h->now.prices[i].micro;
    return 0;
}

static void one(void)
{
    struct history s[HISTORY_SIDES];
    tap_is_int((int64_t)facts("S1", "", s), 1, "one energy, one side");
    tap_is_int(s[0].now.energy, ENERGY_ELEC, "electricity");
    tap_is_int((int64_t)strlen(s[0].now.point), 14, "its point");
    tap_is_int(s[0].now.kwh, 620, "kWh");
    tap_is_int(s[0].now.amount_cents, 14550, "euros");
    tap_is_int(micro(&s[0], "BASE"), 125000, "price of a kWh");
    tap_ok(!s[0].now.replaces, "it replaces nothing");
    tap_is_int((int64_t)s[0].n_rows, 0, "no rows yet");
}

static void prices(void)
{
    struct history s[HISTORY_SIDES];
    facts("S1", "line2.price=12500000", s);
    tap_is_int(micro(&s[0], "BASE"), 125000, "printed in cents");
    facts("S1", "line2.price=125000000", s);
    tap_is_int(micro(&s[0], "BASE"), 125000, "printed for a MWh");
    facts("S1", "line2.price=70000", s);
    tap_is_int(micro(&s[0], "BASE"), 0, "not what the amount says");
    facts("S1", "line2.conf=300", s);
    tap_is_int(micro(&s[0], "BASE"), 0, "an unsure line");
    facts("S1", "billed_kwh=-; line2.conf=300", s);
    tap_is_int(s[0].now.kwh, -1, "nor are its kWh known");
    facts("S1", "billed_kwh=-", s);
    tap_is_int(s[0].now.kwh, 620, "kWh of the lines");
}

static void dual(void)
{
    struct history s[HISTORY_SIDES];
    tap_is_int((int64_t)facts("S5", "", s), 2, "two energies, two sides");
    tap_is_int(s[0].now.energy, ENERGY_ELEC, "electricity first");
    tap_is_int(s[1].now.energy, ENERGY_GAS, "then gas");
    tap_ok(strcmp(s[0].now.point, s[1].now.point) != 0, "each its point");
    tap_ok(s[0].now.kwh > 0 && s[1].now.kwh > 0 && s[0].now.kwh != s[1].now.kwh,
           "each its kWh");
    tap_ok(s[0].now.amount_cents != s[1].now.amount_cents, "each its euros");
    tap_is_int((int64_t)facts("S5", "pce=-", s), 1, "a point that is missing");
}

static void nothing(void)
{
    struct history s[HISTORY_SIDES];
    static const char *const changes[] = {"pdl=-",
                                          "pdl.conf=499",
                                          "period_start=-",
                                          "period_end.conf=100",
                                          "period_end=2024-01-01",
                                          "period_start=1995-01-01"};
    for (size_t i = 0; i < ARRAY_LEN(changes); i++)
        tap_is_int((int64_t)facts("S1", changes[i], s), 0, "%s", changes[i]);
    struct invoice *inv = sample_invoice(mem, "S1", NULL);
    inv->several_points = true;
    tap_is_int((int64_t)history_facts(mem, inv, 500, s), 0, "several points");
    inv->several_points = false;
    inv->paper = PAPER_QUOTE;
    tap_is_int((int64_t)history_facts(mem, inv, 500, s), 0, "a quote");
    inv->paper = PAPER_CREDIT;
    tap_is_int((int64_t)history_facts(mem, inv, 500, s), 1,
               "but a credit note is");
    inv->is_foreign = true;
    tap_is_int((int64_t)history_facts(mem, inv, 500, s), 0, "from abroad");
}

int main(void)
{
    mem = arena_new(1 << 18);
    one();
    prices();
    dual();
    nothing();
    arena_free(mem);
    return tap_done();
}
