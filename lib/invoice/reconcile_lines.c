/* Billed lines: aligned on page, amount and component. A line that only the
 * model saw needs its label and amount in one printed row, and is wanted only
 * when the rules' lines do not already add up. */
#include "invoice/reconcile.h"
#include <string.h>
#include "base/banned.h"

enum { HINT = 250 };

static bool aligned(const struct line *l, const struct opinion_line *o)
{
    return l->has_amount && l->amount_cents == o->amount_cents &&
           l->component == o->component && l->ev.page == o->line.ev.page;
}

static bool adds_up(const struct invoice *inv)
{
    int64_t sum = 0;
    for (size_t i = 0; i < inv->n_lines; i++)
        sum += inv->lines[i].amount_cents;
    return inv->f[F_total_ht].present && sum == inv->f[F_total_ht].num;
}

/* The same printed row is never two lines. */
static bool is_taken(const struct invoice *inv, const struct evidence *ev)
{
    for (size_t i = 0; i < inv->n_lines; i++) {
        const struct evidence *e = &inv->lines[i].ev;
        float middle = (ev->box.y0 + ev->box.y1) / 2;
        if (e->page == ev->page && e->box.y0 < middle && middle < e->box.y1)
            return true;
    }
    return false;
}

void reconcile_lines(struct arena *a, struct invoice *inv,
                     const struct opinion *op, struct reconciled *out)
{
    bool *used = ARENA_ARRAY(a, inv->n_lines + 1, bool);
    bool wanted = !adds_up(inv);
    struct line *all =
        ARENA_ARRAY(a, inv->n_lines + op->n_lines + 1, struct line);
    size_t before = inv->n_lines;
    if (before)
        memcpy(all, inv->lines, before * sizeof *all);
    inv->lines = all;
    for (size_t i = 0; i < op->n_lines; i++) {
        const struct opinion_line *o = &op->lines[i];
        size_t k = 0;
        while (k < before && (used[k] || !aligned(&all[k], o)))
            k++;
        if (k < before) {
            used[k] = true;
            all[k].ev.conf = reconcile_agreed(
                all[k].ev.conf, o->verified ? o->line.ev.conf : HINT);
        } else if (wanted && o->verified && !is_taken(inv, &o->line.ev)) {
            all[inv->n_lines++] = o->line;
            out->lines_added++;
        }
    }
}
