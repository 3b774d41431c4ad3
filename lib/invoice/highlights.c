/* Three or four lines that stand beside the anonymised report: they carry no
 * text of the invoice and never name a supplier, an offer or a person. */
#include <string.h>
#include "base/str.h"
#include "invoice/audit.h"
#include "invoice/format_fr.h"

enum { LINE_MAX = 70, CAP_PM = 400, HALF_YEAR = 182 };

static size_t characters(const char *s)
{
    size_t n = 0;
    while (str_utf8_next(&s))
        n++;
    return n;
}

/* Adds the line, or the shorter one when it is too long. */
static void add(struct audit_result *out, const char *line, const char *shorter)
{
    out->highlights[out->n_highlights++] =
        characters(line) <= LINE_MAX ? line : shorter;
}

bool highlights_power(const struct invoice *inv)
{
    if (inv->f[F_kva].present && inv->f[F_kva_reached].present &&
        inv->f[F_kva_reached].num > inv->f[F_kva].num)
        return true;
    for (size_t i = 0; i < inv->n_lines; i++)
        if (inv->lines[i].component == COMP_OVERRUN &&
            inv->lines[i].amount_cents > 0)
            return true;
    return false;
}

static void add_savings(struct arena *a, struct audit_result *out)
{
    const struct market *m = &out->overall;
    const char *head = "Économies potentielles:";
    const char *text = "aucune identifiée";
    if (m->unavailable)
        text = highlights_power(out->invoice)
                   ? "à étudier (puissance souscrite)"
                   : "non calculables";
    else if (m->saving_pct >= 1)
        text = arena_printf(a, "%d%%", m->saving_pct);
    add(out, arena_printf(a, "%s %s", head, text), head);
}

/* One of two energies stands alone when the other has no reference. */
static const char *alone(const struct audit_result *out)
{
    if (out->n_market < 2 || out->overall.energy == ENERGY_DUAL)
        return "";
    return out->overall.energy == ENERGY_GAS ? " (gaz)" : " (élec.)";
}

static const char *position(struct arena *a, const struct audit_result *out)
{
    const struct market *m = &out->overall;
    if (m->unavailable)
        return m->why && str_starts(m->why, "sans référence publique")
                   ? m->why
                   : "référence indisponible";
    const bool above = m->gap_pm > 0;
    const int32_t pm = above ? m->gap_pm : -m->gap_pm;
    const int pct = (int)format_fr_round(pm, 10);
    if (pct == 0)
        return arena_printf(a, "au niveau de la référence%s", alone(out));
    const char *side =
        above ? "au-dessus de la référence" : "sous le tarif de référence";
    if (pm > CAP_PM)
        return arena_printf(a, "plus de 40%% %s%s", side, alone(out));
    return arena_printf(a, "%d%% %s%s", pct, side, alone(out));
}

static void add_position(struct arena *a, struct audit_result *out)
{
    add(out, arena_printf(a, "Positionnement marché: %s", position(a, out)),
        "Positionnement marché: sans référence publique");
}

static bool found(const struct audit_result *out, size_t before, const char *id)
{
    for (size_t i = 0; i < before; i++)
        if (str_eq(out->findings[i].id, id))
            return true;
    return false;
}

/* A price above the reference includes its subscription: one point. */
static bool is_told(const struct audit_result *out, size_t i)
{
    const char *id = out->findings[i].id;
    return found(out, i, id) ||
           (str_eq(id, "CHK-31") && found(out, out->n_findings, "CHK-30"));
}

size_t highlights_points(const struct reference *ref,
                         const struct audit_result *out,
                         const struct finding **first)
{
    size_t n = 0;
    *first = NULL;
    for (size_t i = 0; i < out->n_findings; i++) {
        const struct finding *f = &out->findings[i];
        const struct check_text *t = reference_check(ref, f->id);
        if (is_told(out, i) || (t && str_eq(t->severity, "info")))
            continue;
        n++;
        /* the position has a line of its own: another point of its rank is
         * named before it */
        if (!*first || (str_eq((*first)->id, "CHK-30") &&
                        f->severity == (*first)->severity))
            *first = f;
    }
    return n;
}

/* What the findings of one check (two energies, several lines) add up to. */
static int64_t amount_of(const struct audit_result *out,
                         const struct finding *first)
{
    int64_t cents = 0;
    for (size_t i = 0; i < out->n_findings; i++) {
        const struct finding *f = &out->findings[i];
        if (str_eq(f->id, first->id) && f->direction == first->direction &&
            f->severity == first->severity && f->has_amount)
            cents += f->amount_cents;
    }
    return cents;
}

/* A single point is told with its amount. */
static void add_single(struct arena *a, struct audit_result *out,
                       const struct finding *f, const char *brief)
{
    const char *plain = arena_printf(a, "Vices cachés: %s", brief);
    const char *line = plain;
    const int64_t cents = f->brief ? 0 : amount_of(out, f);
    if (cents >= 50)
        line =
            arena_printf(a, "%s, %s", plain, format_fr_euros_round(a, cents));
    add(out, line, plain);
}

static void add_points(struct arena *a, struct audit_result *out,
                       const struct reference *ref)
{
    const struct finding *first;
    const size_t n = highlights_points(ref, out, &first);
    const struct check_text *t = first ? reference_check(ref, first->id) : NULL;
    if (n == 0 || !t || first->severity == SEV_INFO) {
        const char *what = n ? "aucun point majeur" : "aucun point détecté";
        const char *s = out->checks_run > 1 ? "s" : "";
        add(out,
            arena_printf(a, "Vices cachés: %s (%zu contrôle%s)", what,
                         out->checks_run, s),
            "Vices cachés: aucun point détecté");
    } else if (n == 1) {
        add_single(a, out, first, first->brief ? first->brief : t->brief);
    } else {
        const char *plain = arena_printf(a, "Vices cachés: %zu points", n);
        add(out,
            arena_printf(a, "%s, dont %s", plain,
                         first->brief ? first->brief : t->brief),
            plain);
    }
}

/* Off-peak hours that cost more than the plain tariff would: on a short bill
 * by one percent (CHK-32). */
static void add_option(struct arena *a, struct audit_result *out)
{
    const struct market *m = &out->market[0];
    const int64_t less = m->reference_cents - m->base_option_cents;
    if (!out->n_market || m->unavailable || m->hc_share_pm < 0 ||
        m->base_option_cents < 0 || less <= 0 ||
        (m->covered_days < HALF_YEAR && less * 100 < m->reference_cents))
        return;
    add(out,
        arena_printf(a, "Option HP/HC peu adaptée: %d%% d'heures creuses",
                     (int)format_fr_round(m->hc_share_pm, 10)),
        "Option HP/HC peu adaptée");
}

void highlights_write(struct arena *a, const struct reference *ref,
                      struct audit_result *out)
{
    out->n_highlights = 0;
    add_savings(a, out);
    add_position(a, out);
    add_points(a, out, ref);
    add_option(a, out);
}
