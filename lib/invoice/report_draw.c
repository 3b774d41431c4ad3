/* What both pages of a report share, and the order they are drawn in. */
#include "invoice/report_draw.h"

#include "invoice/format_fr.h"
#include "invoice/typo.h"
#include "base/banned.h"

float report_draw_title(struct canvas *c, float y, const char *title)
{
    canvas_text(c, (struct ink){CANVAS_BOLD, 12.5f, INK_BRAND}, REPORT_LEFT, y,
                title);
    canvas_line(c, FILL_RULE, 0.8f, (struct point){REPORT_LEFT, y + 5},
                (struct point){REPORT_RIGHT, y + 5});
    return y + 17;
}

const char *report_draw_money(struct arena *a, const struct report_model *m,
                              int64_t cents)
{
    if (!m->anonymous)
        return format_fr_euros(a, cents);
    return cents > 0 && cents < 50 ? "<\u00a01\u00a0€"
                                   : format_fr_euros_round(a, cents);
}

const char *report_draw_day(struct arena *a, const struct report_model *m,
                            int32_t day)
{
    if (day == MODEL_NO_DAY)
        return "";
    return m->anonymous ? format_fr_month(a, day) : format_fr_date(a, day);
}

static void footer(struct canvas *c, struct arena *a,
                   const struct report_model *m, int page)
{
    struct ink k = {CANVAS_SANS, 7, INK_MUTED};
    canvas_line(c, FILL_RULE, 0.6f, (struct point){REPORT_LEFT, 812},
                (struct point){REPORT_RIGHT, 812});
    canvas_fit(c, k, REPORT_LEFT, 823, 420,
               arena_printf(a,
                            "%s · rapport n°\u00a0%s · analyse "
                            "automatique à titre d’information",
                            m->brand, m->number));
    canvas_right(c, k, REPORT_RIGHT, 823,
                 arena_printf(a, "page\u00a0%d sur\u00a02", page));
}

void report_draw(struct canvas *c, struct arena *a,
                 const struct report_model *m)
{
    canvas_page(c);
    report_draw_first(c, a, m);
    footer(c, a, m, 1);
    canvas_page(c);
    report_draw_second(c, a, m);
    footer(c, a, m, 2);
}
