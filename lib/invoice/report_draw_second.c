/* Page 2: what to verify, the saving in detail, what to do, how reliable the
 * reading is, and the legal line. */
#include "invoice/report_draw.h"

#include "invoice/format_fr.h"
#include "invoice/typo.h"
#include "base/banned.h"

enum { WIDTH = REPORT_RIGHT - REPORT_LEFT };

static const struct ink small = {CANVAS_SANS, 7.5f, INK_MUTED};
static const struct ink body = {CANVAS_SANS, 8.2f, INK_TEXT};
static const struct ink strong = {CANVAS_BOLD, 8.2f, INK_TEXT};

/* ---- savings ----------------------------------------------------------- */

static float saving_row(struct canvas *c, struct arena *a,
                        const struct report_model *m,
                        const struct model_market *k, const char *name, float y)
{
    canvas_text(c, strong, REPORT_LEFT, y, name);
    if (k->unavailable) {
        canvas_fit(c, body, REPORT_LEFT + 110, y, WIDTH - 110,
                   typo_spaces(a, arena_printf(a, "pas de comparaison : %s",
                                               k->why ? k->why : "")));
        return y + 12.5f;
    }
    canvas_right(c, body, 255, y, report_draw_money(a, m, k->cost_cents));
    canvas_right(c, body, 355, y, report_draw_money(a, m, k->reference_cents));
    canvas_right(c, body, 435, y, typo_percent(a, k->gap_pm, true));
    canvas_right(c, strong, REPORT_RIGHT, y,
                 k->saving_pct >= 1
                     ? arena_printf(a, "%s (%d\u00a0%%)",
                                    report_draw_money(a, m, k->saving_cents),
                                    (int)k->saving_pct)
                     : "aucune identifiée");
    return y + 12.5f;
}

static void saving_head(struct canvas *c, float y)
{
    struct ink k = {CANVAS_BOLD, 7.5f, INK_MUTED};
    canvas_text(c, k, REPORT_LEFT, y, "Énergie");
    canvas_right(c, k, 255, y, "Votre coût TTC");
    canvas_right(c, k, 355, y, "Référence TTC");
    canvas_right(c, k, 435, y, "Écart");
    canvas_right(c, k, REPORT_RIGHT, y, "Économie sur la période");
    canvas_line(c, FILL_RULE, 0.6f, (struct point){REPORT_LEFT, y + 4},
                (struct point){REPORT_RIGHT, y + 4});
}

static const char *annual_text(struct arena *a, const struct report_model *m)
{
    const struct model_market *k = &m->overall;
    if (k->saving_pct >= 1 && k->has_annual && k->annual_cents > 0)
        return arena_printf(a, " Sur un an : environ %s.",
                            format_fr_euros_round(a, k->annual_cents));
    return k->saving_pct >= 1
               ? " Sans consommation annuelle connue, aucune projection "
                 "sur un an n’est faite."
               : "";
}

/* What the saving holds beside the price. */
static const char *plus_text(struct arena *a, const struct report_model *m)
{
    const char *option = "", *power = "";
    const struct model_market *k = &m->market[0];
    if (m->n_market == 0 || k->unavailable || m->overall.saving_pct < 1)
        return "";
    if (k->option_cents > 0)
        option = arena_printf(a, " Dont option Base\u00a0: %s.",
                              report_draw_money(a, m, k->option_cents));
    if (k->power_cents > 0)
        power = arena_printf(a, " Dont puissance de %d kVA\u00a0: %s.",
                             (int)k->lower_kva,
                             report_draw_money(a, m, k->power_cents));
    return arena_printf(a, "%s%s", option, power);
}

static float savings(struct canvas *c, struct arena *a,
                     const struct report_model *m, float y)
{
    y = report_draw_title(c, y, "Économies : le détail");
    if (!m->overall.unavailable) {
        saving_head(c, y);
        y += 15;
    }
    for (size_t i = 0; i < m->n_market; i++)
        y = saving_row(
            c, a, m, &m->market[i],
            m->market[i].energy == ENERGY_GAS ? "Gaz" : "Électricité", y);
    if (m->n_market > 1 && !m->overall.unavailable)
        y = saving_row(c, a, m, &m->overall, "Ensemble", y);
    if (m->n_market == 0)
        y = saving_row(c, a, m, &m->overall, "Facture", y);
    const char *against =
        m->overall.offers_day
            ? arena_printf(a,
                           "L’écart est celui de la référence publique ; "
                           "l’économie, celui de la moins chère des offres "
                           "chargées au %s.",
                           format_fr_date(a, m->overall.offers_day))
            : "La référence est publique : ce n’est pas l’offre la moins "
              "chère du marché.";
    const char *how =
        m->overall.unavailable
            ? "Sans référence publique, seule la répartition de la facture "
              "(page 1) est montrée."
            : arena_printf(
                  a,
                  "Hypothèses : mêmes kWh, même puissance et même option ; "
                  "abonnement, kWh et taxes comptés, services et "
                  "régularisations exclus. %s%s%s",
                  against, plus_text(a, m), annual_text(a, m));
    int n = canvas_wrap(c, small, (struct point){REPORT_LEFT, y}, WIDTH, 3,
                        typo_spaces(a, how));
    return y + (float)n * canvas_leading(small) + 8;
}

/* ---- what to do -------------------------------------------------------- */

static const char *const steps[3] = {
    "Relevez votre compteur et transmettez l’index au fournisseur si la "
    "facture est estimée ou l’index douteux.",
    "Écrivez au service clients du fournisseur : citez les points ci-dessus "
    "et demandez une réponse écrite.",
    "Sans réponse satisfaisante après deux mois, saisissez le médiateur "
    "national de l’énergie (gratuit pour les particuliers).",
};

static const char *const last_step_business =
    "Sans réponse satisfaisante après deux mois, une très petite entreprise "
    "peut saisir le médiateur national de l’énergie.";

static float todo(struct canvas *c, struct arena *a,
                  const struct report_model *m, float y)
{
    y = report_draw_title(c, y, "Que faire\u00a0?");
    int most = 0;
    for (int i = 0; i < 3; i++) {
        float x = REPORT_LEFT + (float)i * 176;
        canvas_disc(c, INK_BRAND, x + 7, y + 3, 7);
        canvas_center(c, (struct ink){CANVAS_BOLD, 9, INK_WHITE}, x + 7,
                      y + 6.2f, arena_printf(a, "%d", i + 1));
        const char *s =
            i == 2 && m->professional ? last_step_business : steps[i];
        int n = canvas_wrap(c, body, (struct point){x + 19, y + 3}, 143, 6,
                            typo_spaces(a, s));
        most = n > most ? n : most;
    }
    return y + (float)most * canvas_leading(body) + 10;
}

static bool is_grave(const struct report_model *m)
{
    for (size_t i = 0; i < m->n_findings; i++)
        if (m->findings[i].severity == SEV_HIGH)
            return true;
    return false;
}

/* "facture n° X du 12/03/2025"; no reference when anonymous. */
static const char *invoice_words(struct arena *a, const struct report_model *m)
{
    const char *number = m->text.invoice_number;
    const char *day = report_draw_day(a, m, m->invoice_date);
    return arena_printf(a, "facture%s%s%s%s", number ? " n°\u00a0" : "",
                        number ? number : "",
                        !*day          ? ""
                        : m->anonymous ? " de "
                                       : " du ",
                        day);
}

static const char *grave_points(struct arena *a, const struct report_model *m)
{
    const char *out = "";
    int n = 0;
    for (size_t i = 0; i < m->n_findings && n < 3; i++)
        if (m->findings[i].severity == SEV_HIGH) {
            out = arena_printf(a, "%s%s%s", out, n ? " ; " : "",
                               m->findings[i].title);
            n++;
        }
    return out;
}

static float letter(struct canvas *c, struct arena *a,
                    const struct report_model *m, float y)
{
    if (!is_grave(m))
        return y;
    const char *const text[5] = {
        typo_spaces(a, arena_printf(a, "Objet : demande de vérification, %s",
                                    invoice_words(a, m))),
        "Madame, Monsieur,",
        typo_spaces(a, arena_printf(a,
                                    "L’examen de cette facture fait "
                                    "apparaître : %s.",
                                    grave_points(a, m))),
        "Merci d’en justifier le calcul ou de m’adresser une facture "
        "rectifiée et de rembourser le trop-perçu.",
        "Sans réponse sous deux mois, je saisirai le médiateur national de "
        "l’énergie. [Nom, référence client, date]",
    };
    int lines = 0;
    for (int i = 0; i < 5; i++)
        lines += canvas_lines(c, body, WIDTH - 20, 2, text[i]);
    const float h = 21 + (float)lines * canvas_leading(body);
    canvas_fill(c, FILL_PALE, REPORT_LEFT, y - 4, WIDTH, h);
    canvas_fill(c, INK_BRAND, REPORT_LEFT, y - 4, 2.5f, h);
    canvas_text(c, strong, REPORT_LEFT + 10, y + 8, "Modèle de lettre");
    struct point at = {REPORT_LEFT + 10, y + 20};
    for (int i = 0; i < 5; i++)
        at.y += (float)canvas_wrap(c, body, at, WIDTH - 20, 2, text[i]) *
                canvas_leading(body);
    return y + h + 10;
}

/* ---- reliability ------------------------------------------------------- */

/* With its full stop, which an ellipsis makes needless. */
static const char *doubtful_names(struct arena *a, const struct report_model *m)
{
    const char *out = "";
    for (size_t i = 0; i < m->n_doubtful; i++)
        out = arena_printf(a, "%s%s%s", out, i ? ", " : " : ", m->doubtful[i]);
    return arena_printf(a, "%s%s", out,
                        m->fields_doubtful > m->n_doubtful ? "…" : ".");
}

/* What OCR doubted: " 2 nombres corrigés par recoupement, 1 ligne à
 * vérifier." or nothing. */
static const char *scan_text(struct arena *a, const struct report_model *m)
{
    const char *fixed =
        m->n_repaired
            ? arena_printf(
                  a, " %zu %s par recoupement des montants.", m->n_repaired,
                  typo_plural((int64_t)m->n_repaired, "nombre douteux corrigé",
                              "nombres douteux corrigés"))
            : "";
    if (!m->n_unsure)
        return fixed;
    return arena_printf(
        a, "%s %zu %s (lignes, TVA ou index).", fixed, m->n_unsure,
        typo_plural((int64_t)m->n_unsure, "rangée de chiffres douteuse",
                    "rangées de chiffres douteuses"));
}

static const char *reading_text(struct arena *a, const struct report_model *m)
{
    const char *how = m->ocr_pages == 0 ? "texte du document"
                      : m->ocr_pages >= m->pages
                          ? "reconnaissance optique (OCR)"
                          : "texte et reconnaissance optique (OCR)";
    return arena_printf(
        a, "%zu %s avec certitude, %zu à vérifier%s %u %s, méthode : %s.%s",
        m->fields_sure,
        typo_plural((int64_t)m->fields_sure, "champ lu", "champs lus"),
        m->fields_doubtful, doubtful_names(a, m), (unsigned)m->pages,
        typo_plural(m->pages, "page lue", "pages lues"), how, scan_text(a, m));
}

/* "Attention : énergie non reconnue avec certitude." or "". */
static const char *warning_text(struct arena *a, const struct report_model *m)
{
    const char *out = "";
    for (size_t i = 0; i < m->n_warnings; i++)
        out = arena_printf(a, "%s%s%s", out,
                           i ? " ; " : "Attention : ", m->warnings[i]);
    return *out ? arena_printf(a, "%s.", out) : out;
}

static const char *until(struct arena *a, int32_t day)
{
    return day == MODEL_NO_DAY || day <= 0 ? "non chargé"
                                           : format_fr_month(a, day);
}

static float reliability(struct canvas *c, struct arena *a,
                         const struct report_model *m, float y)
{
    y = report_draw_title(c, y, "Fiabilité de la lecture");
    int warned = canvas_wrap(c, strong, (struct point){REPORT_LEFT, y}, WIDTH,
                             2, typo_spaces(a, warning_text(a, m)));
    y += (float)warned * canvas_leading(strong);
    int n = canvas_wrap(c, body, (struct point){REPORT_LEFT, y}, WIDTH, 3,
                        typo_spaces(a, reading_text(a, m)));
    y += (float)n * canvas_leading(body);
    const char *data = arena_printf(
        a,
        "%zu contrôles réalisés sur %zu. Données de référence connues "
        "jusqu’à : tarif réglementé d’électricité %s, prix repère du gaz %s "
        "(source CRE).",
        m->checks_run, m->checks_total, until(a, m->trve_until),
        until(a, m->prvg_until));
    n = canvas_wrap(c, body, (struct point){REPORT_LEFT, y}, WIDTH, 2,
                    typo_spaces(a, data));
    return y + (float)n * canvas_leading(body);
}

static const char *legal(struct arena *a, const struct report_model *m)
{
    static const char head[] =
        "Analyse automatique fournie à titre d’information : elle ne remplace "
        "ni la facture, ni un avis juridique. La facture transmise n’est ";
    if (!m->kept_days)
        return arena_printf(a,
                            "%sutilisée que pour cette analyse et n’est "
                            "pas conservée après la réponse.",
                            head);
    return arena_printf(a,
                        "%spas conservée ; ses chiffres clés le sont %lld "
                        "jours au plus, pour la comparer aux suivantes.",
                        head, (long long)m->kept_days);
}

/* Everything below the findings; returns the y of the last line. */
static float below(struct canvas *c, struct arena *a,
                   const struct report_model *m, float y)
{
    y = savings(c, a, m, y + 14);
    y = todo(c, a, m, y + 8);
    y = letter(c, a, m, y);
    y = reliability(c, a, m, y + 8);
    int n = canvas_wrap(c, small, (struct point){REPORT_LEFT, y + 6}, WIDTH, 2,
                        typo_spaces(a, legal(a, m)));
    return y + 6 + (float)n * canvas_leading(small);
}

void report_draw_second(struct canvas *c, struct arena *a,
                        const struct report_model *m)
{
    canvas_fill(c, INK_BRAND, 0, 0, CANVAS_WIDTH, 30);
    canvas_text(c, (struct ink){CANVAS_BOLD, 11, INK_WHITE}, REPORT_LEFT, 20,
                "Les points à vérifier et que faire");
    float y = report_draw_title(c, 53, "Vices cachés : points à vérifier");
    canvas_text(c, small, REPORT_LEFT, y - 2,
                "Points à vérifier relevés automatiquement\u00a0; ils ne "
                "constituent pas un avis juridique.");
    canvas_quiet(c, true);
    float rest = below(c, a, m, 0);
    canvas_quiet(c, false);
    y = report_draw_findings(c, a, m, y + 13, REPORT_BOTTOM - rest);
    below(c, a, m, y);
}
