/* The three cards of a report, by the same rules as the highlights. */
#include "invoice/report_model.h"

#include "invoice/format_fr.h"
#include "invoice/report_draw.h"
#include "invoice/typo.h"
#include "base/banned.h"

enum { GAP_CAP_PM = 400 };

static struct model_card savings(struct arena *a, const struct report_model *m)
{
    struct model_card c = {"Économies potentielles", NULL, NULL, TONE_NEUTRAL};
    const struct model_market *k = &m->overall;
    if (k->unavailable) {
        c.value = m->power_exceeded ? "à étudier" : "non calculables";
        c.detail = m->power_exceeded ? "puissance souscrite"
                                     : "faute de référence publique";
        c.tone = TONE_UNKNOWN;
    } else if (k->saving_pct < 1) {
        c.value = "aucune identifiée";
        c.detail = k->offers_day
                       ? arena_printf(a, "par rapport aux offres chargées au %s",
                                      format_fr_date(a, k->offers_day))
                       : "par rapport à la référence publique";
        c.tone = TONE_GOOD;
    } else {
        c.value = typo_percent(a, k->saving_pct * 10, false);
        const char *money = report_draw_money(a, m, k->saving_cents);
        c.detail = k->offers_day
                       ? arena_printf(a, "%s, offres chargées au %s", money,
                                      format_fr_date(a, k->offers_day))
                       : arena_printf(a, "%s sur la période facturée", money);
        c.tone = TONE_BAD;
    }
    return c;
}

/* One of two energies stands alone when the other has no reference. */
static const char *alone(const struct report_model *m)
{
    if (m->n_market < 2 || m->overall.energy == ENERGY_DUAL)
        return "";
    return m->overall.energy == ENERGY_GAS ? " (gaz)" : " (électricité)";
}

static struct model_card position(struct arena *a, const struct report_model *m)
{
    struct model_card c = {"Positionnement marché", NULL, NULL, TONE_NEUTRAL};
    const struct model_market *k = &m->overall;
    if (k->unavailable) {
        c.value = "non établi";
        c.detail = k->why;
        c.tone = TONE_UNKNOWN;
        return c;
    }
    int32_t size = k->gap_pm < 0 ? -k->gap_pm : k->gap_pm;
    int32_t pct = (size + 5) / 10;
    c.value = size > GAP_CAP_PM ? "plus de 40\u00a0%"
                                : typo_percent(a, pct * 10, false);
    c.detail = arena_printf(a, "%s la référence publique%s",
                            k->gap_pm < 0 ? "sous" : "au-dessus de", alone(m));
    c.tone = k->gap_pm > 50    ? TONE_BAD
             : k->gap_pm < -50 ? TONE_GOOD
                               : TONE_NEUTRAL;
    if (pct == 0) {
        c.value = "au niveau";
        c.detail = arena_printf(a, "de la référence publique%s", alone(m));
    }
    return c;
}

static struct model_card points(struct arena *a, const struct report_model *m)
{
    struct model_card c = {"Points à vérifier", NULL, NULL, TONE_BAD};
    if (m->points == 0) {
        c.value = "aucun point";
        c.detail = arena_printf(a, "détecté sur %zu contrôles réalisés",
                                m->checks_run);
        c.tone = TONE_GOOD;
        return c;
    }
    c.value = arena_printf(a, "%zu\u00a0%s", m->points,
                           typo_plural((int64_t)m->points, "point", "points"));
    if (m->n_findings)
        c.detail = arena_printf(a, "%s%s", m->points > 1 ? "dont " : "",
                                m->findings[m->first].title);
    else
        c.detail = "voir page suivante";
    if (m->n_findings && m->findings[m->first].severity > SEV_MEDIUM)
        c.tone = TONE_NEUTRAL;
    return c;
}

struct model_card report_card(struct arena *a, const struct report_model *m,
                              int i)
{
    return i == 0 ? savings(a, m) : i == 1 ? position(a, m) : points(a, m);
}
