/* lib/invoice/reconcile_lines.c: lines on the same page with the same amount
 * and component are one; others are added only proved and wanted. */
#include "invoice/reconcile.h"
#include "tap.h"

static struct arena *a;

static struct line make(enum component c, int64_t cents, float y)
{
    return (struct line){
        .component = c,
        .has_amount = true,
        .amount_cents = cents,
        .ev = {.conf = 750, .page = 1, .box = {0, y, 100, y + 10}}};
}

static struct invoice *record(int64_t ht)
{
    struct invoice *inv = ARENA_NEW(a, struct invoice);
    inv->lines = ARENA_NEW(a, struct line);
    inv->lines[0] = make(COMP_CONSUMPTION, 7750, 10);
    inv->n_lines = 1;
    inv->f[F_total_ht] = (struct value){.present = true, .num = ht};
    return inv;
}

static struct reconciled say(struct invoice *inv, enum component c,
                             int64_t cents, float y, bool verified)
{
    struct opinion op = {.n_lines = 1};
    struct reconciled out = {.n_used = 0};
    struct opinion_line l = {.component = c,
                             .verified = verified,
                             .amount_cents = cents,
                             .line = make(c, cents, y)};
    l.line.ev.conf = 800;
    op.lines = &l;
    reconcile_lines(a, inv, &op, &out);
    return out;
}

int main(void)
{
    a = arena_new(4096);
    struct invoice *inv = record(10000);
    say(inv, COMP_CONSUMPTION, 7750, 10, true);
    tap_ok(inv->n_lines == 1 && inv->lines[0].ev.conf == 950, "aligned");
    inv = record(10000);
    say(inv, COMP_CONSUMPTION, 7750, 10, false);
    tap_ok(inv->n_lines == 1 && inv->lines[0].ev.conf == 813,
           "aligned, not proved");
    inv = record(10000);
    struct reconciled r = say(inv, COMP_SUBSCRIPTION, 2250, 40, true);
    tap_ok(inv->n_lines == 2 && r.lines_added == 1, "a line that is missing");
    inv = record(10000);
    say(inv, COMP_SUBSCRIPTION, 2250, 40, false);
    tap_ok(inv->n_lines == 1, "not without proof");
    inv = record(10000);
    say(inv, COMP_OTHER, 7750, 12, true);
    tap_ok(inv->n_lines == 1, "not a row that is a line already");
    inv = record(7750);
    say(inv, COMP_SUBSCRIPTION, 2250, 40, true);
    tap_ok(inv->n_lines == 1, "not when the lines add up");
    arena_free(a);
    return tap_done();
}
