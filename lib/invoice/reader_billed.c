/* How many kWh are billed in all: the lines that bill them, else a total
 * that is printed, else the meters. */
#include "base/str.h"
#include "invoice/basket.h"
#include "invoice/reader.h"

enum { KWH_MAX = 2000000000 };

/* A quantity billed twice, as energy and as its supplement, counts once:
 * lines of consumption only. */
static int64_t of_lines(const struct invoice *inv)
{
    int64_t milli = 0;
    for (size_t i = 0; i < inv->n_lines; i++) {
        const struct line *l = &inv->lines[i];
        if (l->component == COMP_CONSUMPTION &&
            __builtin_add_overflow(milli, basket_line_kwh(l), &milli))
            return 0;
    }
    return (milli + 500) / 1000;
}

/* The same without quantities said again for the same register and time:
 * energy and a supplement on it. */
static int64_t of_different_lines(const struct invoice *inv)
{
    int64_t milli = 0;
    for (size_t i = 0; i < inv->n_lines; i++) {
        const struct line *l = &inv->lines[i];
        bool again = l->component != COMP_CONSUMPTION;
        for (size_t k = 0; k < i && !again; k++) {
            const struct line *o = &inv->lines[k];
            again = o->component == COMP_CONSUMPTION &&
                    o->has_quantity && o->registr == l->registr &&
                    o->quantity_milli == l->quantity_milli &&
                    o->has_period == l->has_period && o->start == l->start;
        }
        if (!again &&
            __builtin_add_overflow(milli, basket_line_kwh(l), &milli))
            return 0;
    }
    return (milli + 500) / 1000;
}

static int64_t of_meters(const struct invoice *inv)
{
    int64_t sum = 0;
    for (size_t i = 0; i < inv->n_meters; i++)
        if (inv->meters[i].unit == UNIT_KWH && inv->meters[i].has_consumption)
            sum += inv->meters[i].consumption;
    return sum;
}

static const struct candidate *printed(const struct reader *r, int64_t lines)
{
    const struct candidates *list = &r->fields[F_billed_kwh];
    const struct candidate *best = NULL;
    for (size_t i = 0; i < list->n; i++) {
        const struct candidate *c = &list->list[i];
        if (lines && c->num == lines)
            return c;
        if (!best || c->score > best->score)
            best = c;
    }
    return best;
}

/* The sum of the lines counts more than a total that differs: a row of the
 * table may look like one. */
void billed_read(struct reader *r)
{
    const int64_t meters = of_meters(r->inv), once = of_different_lines(r->inv);
    int64_t lines = of_lines(r->inv);
    const struct candidate *c = printed(r, lines);
    if (once != lines && ((c && printed(r, once)->num == once) ||
                          (meters && meters == once))) {
        lines = once; /* a printed total or the meters say so */
        c = printed(r, lines);
    }
    if (c && (!lines || c->num == lines))
        reader_set(r, F_billed_kwh, NULL, c->num, c, lines ? 950 : 750);
    else if (lines > 0 && lines <= KWH_MAX)
        reader_derive(r, F_billed_kwh, NULL, lines,
                      lines == meters ? 930 : 800);
    else if (!lines && meters > 0 && meters <= KWH_MAX)
        reader_derive(r, F_billed_kwh, NULL, meters, 700);
}
