/* The table of findings on page 2: as many as fit, eight at most. */
#include "invoice/report_draw.h"

#include "invoice/chart.h"
#include "invoice/typo.h"
#include "base/banned.h"

enum { ROWS_MAX = 8, COL_TEXT = 112, COL_AMOUNT = 500, TEXT_WIDTH = 335 };

static const struct ink sentence_ink = {CANVAS_SANS, 8.5f, INK_TEXT};
static const struct ink advice_ink = {CANVAS_BOLD, 7.5f, INK_TEXT};
static const struct ink source_ink = {CANVAS_SANS, 7, INK_MUTED};

static const char *sentence(struct arena *a, const struct model_finding *f)
{
    return typo_spaces(a, f->sentence);
}

static const char *advice(struct arena *a, const struct model_finding *f)
{
    return arena_printf(a, "À faire\u00a0: %s", f->advice);
}

static const char *source(struct arena *a, const struct model_finding *f)
{
    return f->source ? typo_spaces(a, arena_printf(a, "Source : %s", f->source))
                     : "";
}

/* What to do, and the source behind it when the line has room for both;
 * draws and returns the height. */
static float notes(struct canvas *c, struct arena *a,
                   const struct model_finding *f, float y)
{
    const float wide = TEXT_WIDTH + 15;
    const float leading = canvas_leading(advice_ink);
    const char *todo = advice(a, f), *law = source(a, f);
    float used = canvas_width(c, advice_ink, todo);
    if (used + 10 + canvas_width(c, source_ink, law) <= wide) {
        canvas_text(c, advice_ink, COL_TEXT, y, todo);
        canvas_text(c, source_ink, COL_TEXT + used + 10, y, law);
        return leading;
    }
    int n =
        canvas_wrap(c, advice_ink, (struct point){COL_TEXT, y}, wide, 2, todo);
    canvas_fit(c, source_ink, COL_TEXT, y + (float)n * leading, wide, law);
    return (float)(n + (*law != 0)) * leading;
}

static const char *severity_word(enum severity s)
{
    static const char *const words[] = {"Haute", "Moyenne", "Basse", "Info"};
    return words[s <= SEV_INFO ? s : SEV_INFO];
}

/* Draws a finding and returns its height. */
static float row(struct canvas *c, struct arena *a,
                 const struct report_model *m, const struct model_finding *f,
                 float y)
{
    chart_severity(c, f->severity, REPORT_LEFT, y - 8);
    canvas_text(
        c, (struct ink){CANVAS_BOLD, 8.5f, chart_severity_colour(f->severity)},
        REPORT_LEFT + 15, y, severity_word(f->severity));
    struct ink k = {CANVAS_BOLD, 8.5f, INK_TEXT};
    canvas_right(c, k, COL_AMOUNT, y,
                 f->has_amount ? report_draw_money(a, m, f->amount_cents)
                               : "–");
    canvas_right(c, sentence_ink, REPORT_RIGHT, y,
                 f->page > 0 ? arena_printf(a, "p.\u00a0%d", f->page) : "–");
    int n = canvas_wrap(c, sentence_ink, (struct point){COL_TEXT, y},
                        TEXT_WIDTH, 3, sentence(a, f));
    float h = (float)n * canvas_leading(sentence_ink);
    return h + notes(c, a, f, y + h) + 7;
}

static float row_height(struct canvas *c, struct arena *a,
                        const struct report_model *m,
                        const struct model_finding *f)
{
    canvas_quiet(c, true);
    float h = row(c, a, m, f, 0);
    canvas_quiet(c, false);
    return h;
}

static void head(struct canvas *c, float y)
{
    struct ink k = {CANVAS_BOLD, 7.5f, INK_MUTED};
    canvas_text(c, k, REPORT_LEFT, y, "Gravité");
    canvas_text(c, k, COL_TEXT, y, "Constat");
    canvas_right(c, k, COL_AMOUNT, y, "Montant");
    canvas_right(c, k, REPORT_RIGHT, y, "Où");
    canvas_line(c, FILL_RULE, 0.6f, (struct point){REPORT_LEFT, y + 4},
                (struct point){REPORT_RIGHT, y + 4});
}

static float nothing(struct canvas *c, struct arena *a,
                     const struct report_model *m, float y)
{
    chart_tone(c, TONE_GOOD, REPORT_LEFT, y - 8);
    canvas_text(c, (struct ink){CANVAS_BOLD, 9.5f, INK_GOOD}, REPORT_LEFT + 16,
                y,
                arena_printf(a,
                             "Aucun point à vérifier sur les contrôles "
                             "réalisés (%zu %s sur %zu).",
                             m->checks_run,
                             typo_plural((int64_t)m->checks_run, "contrôle",
                                         "contrôles"),
                             m->checks_total));
    return y + 12;
}

/* The points that found no room: named minor when none of them is grave. */
static float others(struct canvas *c, struct arena *a,
                    const struct report_model *m, size_t shown, float y)
{
    size_t rest = m->n_findings - shown;
    if (rest == 0)
        return y;
    bool minor = m->findings[shown].severity > SEV_MEDIUM;
    canvas_text(
        c, (struct ink){CANVAS_BOLD, 8.5f, INK_MUTED}, COL_TEXT, y,
        arena_printf(
            a, "+\u00a0%zu %s%s", rest,
            typo_plural((int64_t)rest, "autre point", "autres points"),
            !minor ? "" : typo_plural((int64_t)rest, " mineur", " mineurs")));
    return y + 13;
}

float report_draw_findings(struct canvas *c, struct arena *a,
                           const struct report_model *m, float y, float limit)
{
    if (m->n_findings == 0)
        return nothing(c, a, m, y + 8);
    head(c, y);
    y += 16;
    size_t shown = 0;
    while (shown < m->n_findings && shown < ROWS_MAX) {
        float h = row_height(c, a, m, &m->findings[shown]);
        bool last = shown + 1 == m->n_findings;
        if (y + h > limit - (last ? 0 : 13))
            break;
        row(c, a, m, &m->findings[shown++], y);
        y += h;
        canvas_line(c, FILL_RULE, 0.4f, (struct point){REPORT_LEFT, y - 10},
                    (struct point){REPORT_RIGHT, y - 10});
    }
    return others(c, a, m, shown, y + 1);
}
