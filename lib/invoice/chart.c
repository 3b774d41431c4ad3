/* The drawings of a report: stacked bar, gauge and severity signs. Colour is
 * never the only mark: segments carry letters, signs have shapes. */
#include "invoice/chart.h"

#include "invoice/typo.h"
#include "base/banned.h"

enum { SPAN = REPORT_RIGHT - REPORT_LEFT, GAUGE_MAX_PM = 400, ZONE_PM = 50 };

static const struct {
    const char *name;
    uint32_t rgb;
} parts[PART_MAX] = {
    [PART_ENERGY] = {"Fourniture et abonnement", INK_INFO},
    [PART_NETWORK] = {"Acheminement", 0x5B4B8A},
    [PART_TAXES] = {"Taxes (accise et CTA)", INK_WARN},
    [PART_SERVICES] = {"Services et frais", INK_GOOD},
    [PART_VAT] = {"TVA", 0x7A2E5D},
    [PART_UNKNOWN] = {"Non détaillé", INK_MUTED},
};

/* ---- stacked bar ------------------------------------------------------- */

static int64_t positive_sum(const struct report_model *m)
{
    int64_t sum = 0;
    for (int i = 0; i < PART_MAX; i++)
        sum += m->parts[i] > 0 ? m->parts[i] : 0;
    return sum;
}

static int32_t share_pm(int64_t part, int64_t sum)
{
    return (int32_t)((part * 1000 + sum / 2) / sum);
}

static const char *whole_percent(struct arena *a, int64_t part, int64_t sum)
{
    int32_t pm = share_pm(part, sum);
    return pm < 10 ? "<\u00a01\u00a0%"
                   : typo_percent(a, (pm + 5) / 10 * 10, false);
}

/* A share that is inside the prices is hatched: it is not billed apart. */
static void hatch(struct canvas *c, float x, float y, float w, float h)
{
    for (float d = 4; d < w; d += 6)
        canvas_line(c, INK_WHITE, 0.5f, (struct point){x + d, y + h},
                    (struct point){x + (d + 5 < w ? d + 5 : w), y});
}

static void segment(struct canvas *c, struct arena *a,
                    const struct report_model *m, int part, int64_t sum,
                    struct point at)
{
    float w = (float)SPAN * (float)m->parts[part] / (float)sum;
    int letter = 'A';
    for (int i = 0; i < part; i++)
        letter += m->parts[i] > 0;
    bool hatched = part == PART_NETWORK && m->network_inside;
    canvas_fill(c, parts[part].rgb, at.x, at.y, w, 24);
    if (hatched)
        hatch(c, at.x, at.y, w, 24);
    struct ink k = {CANVAS_BOLD, 9, INK_WHITE};
    const char *full = arena_printf(a, "%c \u00b7 %s", letter,
                                    whole_percent(a, m->parts[part], sum));
    const char *brief = arena_printf(a, "%c", letter);
    const char *s = canvas_width(c, k, full) + 8 < w ? full : brief;
    float wide = canvas_width(c, k, s) + 2;
    if (wide >= w)
        return;
    if (hatched) /* no line through the words */
        canvas_fill(c, parts[part].rgb, at.x + (w - wide) / 2 - 1, at.y + 5,
                    wide + 2, 14);
    canvas_center(c, k, at.x + w / 2, at.y + 15.5f, s);
}

static void legend(struct canvas *c, struct arena *a,
                   const struct report_model *m, int part, int64_t sum,
                   int position, struct point at)
{
    canvas_fill(c, parts[part].rgb, at.x, at.y - 8, 10, 10);
    canvas_center(c, (struct ink){CANVAS_BOLD, 7, INK_WHITE}, at.x + 5,
                  at.y - 0.6f, arena_printf(a, "%c", 'A' + position));
    const char *money = report_draw_money(a, m, m->parts[part]);
    const char *inside = part == PART_NETWORK && m->network_inside
                             ? " (compris)"
                             : "";
    canvas_fit(c, (struct ink){CANVAS_SANS, 8.5f, INK_TEXT}, at.x + 15, at.y,
               240,
               arena_printf(a, "%s%s : %s, soit %s", parts[part].name, inside,
                            money, whole_percent(a, m->parts[part], sum)));
}

float chart_bar(struct canvas *c, struct arena *a, const struct report_model *m,
                float y)
{
    int64_t sum = positive_sum(m);
    if (sum <= 0) {
        canvas_fill(c, FILL_PALE, REPORT_LEFT, y, SPAN, 24);
        canvas_center(c, (struct ink){CANVAS_SANS, 9, INK_MUTED},
                      REPORT_LEFT + SPAN / 2.0f, y + 15.5f,
                      "Le détail des montants n’a pas pu être lu.");
        return y + 36;
    }
    float x = REPORT_LEFT;
    int shown = 0;
    for (int i = 0; i < PART_MAX; i++) {
        if (m->parts[i] <= 0)
            continue;
        segment(c, a, m, i, sum, (struct point){x, y});
        x += (float)SPAN * (float)m->parts[i] / (float)sum;
        legend(c, a, m, i, sum, shown,
               (struct point){REPORT_LEFT + (float)(shown % 2) * 262,
                              y + 38 + (float)(shown / 2) * 14});
        shown++;
    }
    return y + 38 + (float)((shown + 1) / 2) * 14;
}

/* ---- gauge ------------------------------------------------------------- */

static float gauge_x(int32_t pm)
{
    int32_t v = pm < -GAUGE_MAX_PM  ? -GAUGE_MAX_PM
                : pm > GAUGE_MAX_PM ? GAUGE_MAX_PM
                                    : pm;
    return REPORT_LEFT +
           (float)SPAN * (float)(v + GAUGE_MAX_PM) / (2 * GAUGE_MAX_PM);
}

static void zone(struct canvas *c, uint32_t rgb, int32_t from, int32_t to,
                 float y)
{
    canvas_fill(c, rgb, gauge_x(from), y, gauge_x(to) - gauge_x(from), 18);
}

/* The zones' names, away from the marker. */
static void zone_names(struct canvas *c, int32_t gap_pm, float y)
{
    struct ink white = {CANVAS_BOLD, 8.5f, INK_WHITE};
    y += 12;
    if (gap_pm < -250)
        canvas_right(c, white, gauge_x(-ZONE_PM) - 8, y, "moins cher");
    else
        canvas_text(c, white, REPORT_LEFT + 8, y, "moins cher");
    if (gap_pm > 250)
        canvas_text(c, white, gauge_x(ZONE_PM) + 8, y, "plus cher");
    else
        canvas_right(c, white, REPORT_RIGHT - 8, y, "plus cher");
}

static void ticks(struct canvas *c, struct arena *a, float y)
{
    static const int marks[] = {-400, -200, -50, 50, 200, 400};
    struct ink k = {CANVAS_SANS, 7, INK_MUTED};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        float x = gauge_x(marks[i]);
        const char *s = typo_percent(a, marks[i], true);
        canvas_line(c, INK_MUTED, 0.6f, (struct point){x, y},
                    (struct point){x, y + 3});
        if (marks[i] == -GAUGE_MAX_PM || marks[i] == ZONE_PM)
            canvas_text(c, k, x, y + 10, s);
        else if (marks[i] == GAUGE_MAX_PM || marks[i] == -ZONE_PM)
            canvas_right(c, k, x, y + 10, s);
        else
            canvas_center(c, k, x, y + 10, s);
    }
}

static void marker(struct canvas *c, struct arena *a, int32_t gap_pm, float y)
{
    struct ink k = {CANVAS_BOLD, 11, INK_TEXT};
    const char *s = gap_pm > GAUGE_MAX_PM    ? "plus cher de plus de 40\u00a0%"
                    : gap_pm < -GAUGE_MAX_PM ? "moins cher de plus de 40\u00a0%"
                                             : typo_percent(a, gap_pm, true);
    float x = gauge_x(gap_pm), half = canvas_width(c, k, s) / 2;
    float at = x - half < REPORT_LEFT    ? REPORT_LEFT + half
               : x + half > REPORT_RIGHT ? REPORT_RIGHT - half
                                         : x;
    canvas_center(c, k, at, y - 9, s);
    canvas_polygon(c, INK_TEXT,
                   (struct point[]){{x - 5, y - 6}, {x + 5, y - 6}, {x, y}}, 3);
    canvas_line(c, INK_TEXT, 1.6f, (struct point){x, y - 4},
                (struct point){x, y + 18});
}

static float grey_gauge(struct canvas *c, struct arena *a,
                        const struct report_model *m, float y)
{
    canvas_fill(c, 0xDDE3E8, REPORT_LEFT, y, SPAN, 18);
    const char *why = m->overall.why ? m->overall.why : "";
    canvas_fit(c, (struct ink){CANVAS_SANS, 8.5f, INK_TEXT}, REPORT_LEFT + 10,
               y + 12, SPAN - 20,
               typo_spaces(a, arena_printf(a, "Sans position : %s", why)));
    ticks(c, a, y + 18);
    return y + 40;
}

float chart_gauge(struct canvas *c, struct arena *a,
                  const struct report_model *m, float y)
{
    y += 18;
    if (m->overall.unavailable)
        return grey_gauge(c, a, m, y - 12);
    zone(c, INK_GOOD, -GAUGE_MAX_PM, -ZONE_PM, y);
    zone(c, 0xDDE3E8, -ZONE_PM, ZONE_PM, y);
    zone(c, INK_BAD, ZONE_PM, GAUGE_MAX_PM, y);
    zone_names(c, m->overall.gap_pm, y);
    canvas_center(c, (struct ink){CANVAS_SANS, 6.9f, INK_TEXT},
                  REPORT_LEFT + SPAN / 2.0f, y + 28, "dans la moyenne");
    ticks(c, a, y + 18);
    marker(c, a, m->overall.gap_pm, y);
    return y + 42;
}

/* ---- signs ------------------------------------------------------------- */

static void triangle(struct canvas *c, uint32_t rgb, float x, float y)
{
    canvas_polygon(
        c, rgb,
        (struct point[]){{x + 5, y}, {x + 10.5f, y + 10}, {x - 0.5f, y + 10}},
        3);
    canvas_fill(c, INK_WHITE, x + 4.4f, y + 3.4f, 1.2f, 3.4f);
    canvas_fill(c, INK_WHITE, x + 4.4f, y + 7.6f, 1.2f, 1.2f);
}

static void diamond(struct canvas *c, uint32_t rgb, float x, float y)
{
    canvas_polygon(c, rgb,
                   (struct point[]){{x + 5, y - 0.5f},
                                    {x + 10.5f, y + 5},
                                    {x + 5, y + 10.5f},
                                    {x - 0.5f, y + 5}},
                   4);
    canvas_fill(c, INK_WHITE, x + 4.4f, y + 2.4f, 1.2f, 3.2f);
    canvas_fill(c, INK_WHITE, x + 4.4f, y + 6.6f, 1.2f, 1.2f);
}

static void tick(struct canvas *c, uint32_t rgb, float x, float y)
{
    canvas_disc(c, rgb, x + 5, y + 5, 5.2f);
    canvas_line(c, INK_WHITE, 1.3f, (struct point){x + 2.4f, y + 5.2f},
                (struct point){x + 4.4f, y + 7.3f});
    canvas_line(c, INK_WHITE, 1.3f, (struct point){x + 4.2f, y + 7.3f},
                (struct point){x + 7.8f, y + 3});
}

/* A disc with an "i". */
static void note(struct canvas *c, uint32_t rgb, float x, float y)
{
    canvas_disc(c, rgb, x + 5, y + 5, 5);
    canvas_fill(c, INK_WHITE, x + 4.4f, y + 2.2f, 1.2f, 1.2f);
    canvas_fill(c, INK_WHITE, x + 4.4f, y + 4.2f, 1.2f, 3.6f);
}

static void square(struct canvas *c, uint32_t rgb, float x, float y)
{
    canvas_fill(c, rgb, x + 0.5f, y + 0.5f, 9, 9);
    canvas_fill(c, INK_WHITE, x + 3, y + 4.4f, 4, 1.2f);
}

uint32_t chart_severity_colour(enum severity s)
{
    return s == SEV_HIGH     ? INK_BAD
           : s == SEV_MEDIUM ? INK_WARN
           : s == SEV_LOW    ? INK_INFO
                             : INK_MUTED;
}

void chart_severity(struct canvas *c, enum severity s, float x, float y)
{
    uint32_t rgb = chart_severity_colour(s);
    if (s == SEV_HIGH)
        triangle(c, rgb, x, y);
    else if (s == SEV_MEDIUM)
        diamond(c, rgb, x, y);
    else if (s == SEV_LOW)
        square(c, rgb, x, y);
    else
        note(c, rgb, x, y);
}

uint32_t chart_tone_colour(enum card_tone t)
{
    return t == TONE_GOOD      ? INK_GOOD
           : t == TONE_BAD     ? INK_BAD
           : t == TONE_NEUTRAL ? INK_INFO
                               : INK_MUTED;
}

void chart_tone(struct canvas *c, enum card_tone t, float x, float y)
{
    uint32_t rgb = chart_tone_colour(t);
    if (t == TONE_GOOD)
        tick(c, rgb, x, y);
    else if (t == TONE_BAD)
        triangle(c, rgb, x, y);
    else if (t == TONE_NEUTRAL)
        square(c, rgb, x, y);
    else
        note(c, rgb, x, y);
}
