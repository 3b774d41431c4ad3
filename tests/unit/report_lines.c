/* Many lines become at most eight rows, nothing of the sum is lost. */
#include "invoice/report_lines.h"

#include "sample_result.h"
#include "tap.h"

static struct arena *a;

static int64_t sum(const struct report_model *m)
{
    int64_t s = 0;
    for (size_t i = 0; i < m->n_lines; i++)
        s += m->lines[i].amount_cents;
    return s;
}

static void business(void)
{
    struct report_model m = {.total_ttc = 238199, .total_tva = 39700};
    report_lines_fill(a, sample_invoice(a, "S6", NULL), &m);
    tap_is_int(m.n_lines, 7, "twelve lines in seven rows");
    tap_is_int(sum(&m), 198499, "of the same sum");
    tap_is_int(m.lines[0].quantity_milli, 13970000, "kWh of one kind add up");
    tap_ok(!m.lines[0].has_price && m.lines[0].has_rate,
           "prices that differ are not shown, rates that agree are");
    tap_ok(m.lines[0].label == NULL, "merged rows have our own label");
    tap_is_int(m.parts[PART_NETWORK], 48911, "network and overrun");
    tap_is_int(m.parts[PART_UNKNOWN], 0, "nothing is missing");
}

static void many(void)
{
    struct invoice inv = {.n_lines = 2 * COMP_MAX};
    inv.lines = ARENA_ARRAY(a, inv.n_lines, struct line);
    for (size_t i = 0; i < inv.n_lines; i++)
        inv.lines[i] = (struct line){.component = i / 2,
                                     .energy = i % 2 + 1,
                                     .label = "x",
                                     .has_amount = true,
                                     .amount_cents = 100};
    struct report_model m = {.total_ttc = MODEL_NO_AMOUNT,
                             .total_tva = MODEL_NO_AMOUNT};
    report_lines_fill(a, &inv, &m);
    tap_is_int(m.n_lines, 8, "never more than eight rows");
    tap_is_int(sum(&m), 100 * 2 * COMP_MAX, "the last one holds the rest");
    tap_is_int(m.lines[7].component, COMP_OTHER, "under a general name");
}

static void share(void)
{
    struct invoice *inv = sample_invoice(a, "S1", NULL);
    inv->f[F_network_share_ht] = (struct value){.present = true, .num = 4000};
    struct report_model m = {.total_ttc = 14550, .total_tva = 2111};
    report_lines_fill(a, inv, &m);
    tap_ok(m.network_inside, "a printed network share is shown");
    tap_is_int(m.parts[PART_NETWORK] + m.parts[PART_ENERGY], 9986,
               "inside the prices");
    inv->n_lines = 1;
    struct report_model half = {.total_ttc = 14550, .total_tva = 2111};
    report_lines_fill(a, inv, &half);
    tap_is_int(half.parts[PART_UNKNOWN], 14550 - 2111 - 2236,
               "what was not read is called so");
}

int main(void)
{
    a = arena_new(65536);
    business();
    many();
    share();
    arena_free(a);
    return tap_done();
}
