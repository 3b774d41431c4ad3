/* Page 1, « L’essentiel »: band, cards, the invoice in clear, gauge, key
 * facts. */
#include "invoice/report_draw.h"

#include "base/str.h"
#include "invoice/chart.h"
#include "invoice/format_fr.h"
#include "invoice/report_logo.h"
#include "invoice/typo.h"
#include "base/banned.h"

enum { WIDTH = REPORT_RIGHT - REPORT_LEFT };

static const struct ink small = {CANVAS_SANS, 8, INK_MUTED};
static const struct ink body = {CANVAS_SANS, 8.5f, INK_TEXT};
static const struct ink strong = {CANVAS_BOLD, 8.5f, INK_TEXT};

/* ---- band -------------------------------------------------------------- */

static const char *title(enum energy e)
{
    return e == ENERGY_ELEC  ? "Analyse de votre facture d’électricité"
           : e == ENERGY_GAS ? "Analyse de votre facture de gaz"
           : e == ENERGY_DUAL
               ? "Analyse de votre facture d’électricité et de gaz"
               : "Analyse de votre facture d’énergie";
}

static const char *period(struct arena *a, const struct report_model *m)
{
    if (m->start == MODEL_NO_DAY || m->end == MODEL_NO_DAY)
        return "Période non lue";
    const char *from = report_draw_day(a, m, m->start);
    const char *to = report_draw_day(a, m, m->end);
    if (!m->anonymous)
        return arena_printf(a, "Du %s au %s", from, to);
    return str_eq(from, to) ? arena_printf(a, "Période : %s", from)
                            : arena_printf(a, "De %s à %s", from, to);
}

static const char *supplier(const struct report_model *m)
{
    return m->anonymous       ? "Fournisseur A"
           : m->text.supplier ? m->text.supplier
                              : "fournisseur non reconnu";
}

/* On white, whatever its colours; returns the width it takes. */
static float logo(struct canvas *c, const struct report_model *m)
{
    enum { PAD = 4, WIDE = 110, HIGH = 40 };
    const struct report_logo *l = m->anonymous ? NULL : report_logo();
    if (!l)
        return 0;
    const float across = (float)WIDE / (float)l->width,
                down = (float)HIGH / (float)l->height,
                by = across < down ? across : down, w = by * (float)l->width,
                h = by * (float)l->height;
    canvas_round(c, INK_WHITE, REPORT_RIGHT - w - 2 * PAD, 8, w + 2 * PAD,
                 h + 2 * PAD);
    canvas_jpeg(c, l->jpeg, REPORT_RIGHT - w - PAD, 8 + PAD, w, h);
    return w + 4 * PAD;
}

static void band(struct canvas *c, struct arena *a,
                 const struct report_model *m)
{
    canvas_fill(c, INK_BRAND, 0, 0, CANVAS_WIDTH, 84);
    const float width = WIDTH - logo(c, m);
    struct ink k = {CANVAS_BOLD, 17, INK_WHITE};
    while (k.size > 12 && canvas_width(c, k, title(m->energy)) > width)
        k.size -= 0.5f;
    canvas_fit(c, k, REPORT_LEFT, 34, width, title(m->energy));
    k = (struct ink){CANVAS_SANS, 10, INK_WHITE};
    canvas_fit(c, k, REPORT_LEFT, 53, width,
               arena_printf(a, "%s · %s", period(a, m), supplier(m)));
    k.size = 8.5f;
    canvas_fit(c, k, REPORT_LEFT, 69, 370,
               arena_printf(a, "Analyse : %s · rapport n°\u00a0%s",
                            report_draw_day(a, m, m->today), m->number));
    k.font = CANVAS_BOLD;
    float w = canvas_width(c, k, m->brand);
    w = w > 130 ? 130 : w;
    canvas_fit(c, k, REPORT_RIGHT - w - 0.1f, 69, w + 0.2f, m->brand);
}

/* A label and a value of the strip under the band, w wide in all. */
static void strip_cell(struct canvas *c, struct point at, float w,
                       const char *label, const char *value)
{
    float used = canvas_width(c, small, label) + 3;
    canvas_text(c, small, at.x, at.y, label);
    canvas_fit(c, (struct ink){CANVAS_BOLD, 8, INK_TEXT}, at.x + used, at.y,
               w - used, value ? value : "non lu");
}

static void strip(struct canvas *c, struct arena *a,
                  const struct report_model *m)
{
    canvas_fill(c, FILL_PALE, 0, 84, CANVAS_WIDTH, 34);
    if (m->anonymous) {
        canvas_text(c, small, REPORT_LEFT, 98,
                    "Version anonymisée : sans fournisseur, offre, client, "
                    "adresse ni référence.");
        canvas_text(c, small, REPORT_LEFT, 110,
                    "Montants arrondis à l’euro, dates au mois.");
        return;
    }
    const char *number = m->text.invoice_number;
    if (number && m->invoice_date != MODEL_NO_DAY)
        number = arena_printf(a, "%s du %s", number,
                              format_fr_date(a, m->invoice_date));
    strip_cell(c, (struct point){REPORT_LEFT, 98}, 285,
               "Client :", m->text.customer);
    strip_cell(c, (struct point){335, 98}, 220, "Facture :", number);
    strip_cell(c, (struct point){REPORT_LEFT, 110}, 285,
               m->energy == ENERGY_GAS    ? "PCE :"
               : m->energy == ENERGY_DUAL ? "PDL et PCE :"
                                          : "PDL :",
               m->text.point);
    strip_cell(c, (struct point){335, 110}, 220, "Offre :", m->text.offer);
}

/* ---- cards ------------------------------------------------------------- */

static void card(struct canvas *c, struct arena *a,
                 const struct report_model *m, int i)
{
    struct model_card k = report_card(a, m, i);
    float x = REPORT_LEFT + (float)i * 176, y = 131, w = 163;
    uint32_t rgb = chart_tone_colour(k.tone);
    canvas_round(c, FILL_PALE, x, y, w, 68);
    canvas_fill(c, rgb, x, y + 6, 3, 56);
    canvas_text(c, (struct ink){CANVAS_BOLD, 8.5f, INK_MUTED}, x + 12, y + 17,
                k.title);
    chart_tone(c, k.tone, x + 12, y + 26);
    struct ink big = {CANVAS_BOLD, 16, rgb};
    if (canvas_width(c, big, k.value) > w - 38)
        big.size = 12;
    canvas_fit(c, big, x + 28, y + 36.5f, w - 36, k.value);
    canvas_wrap(c, (struct ink){CANVAS_SANS, 8, INK_TEXT},
                (struct point){x + 12, y + 50}, w - 20, 2,
                typo_spaces(a, k.detail ? k.detail : ""));
}

/* ---- lines ------------------------------------------------------------- */

enum { COL_QUANTITY = 345, COL_PRICE = 430, COL_AMOUNT = 507 };

static void table_head(struct canvas *c, float y)
{
    struct ink k = {CANVAS_BOLD, 7.5f, INK_MUTED};
    canvas_text(c, k, REPORT_LEFT, y, "Poste");
    canvas_right(c, k, COL_QUANTITY, y, "Quantité");
    canvas_right(c, k, COL_PRICE, y, "Prix unitaire HT");
    canvas_right(c, k, COL_AMOUNT, y, "Montant HT");
    canvas_right(c, k, REPORT_RIGHT, y, "TVA");
    canvas_line(c, FILL_RULE, 0.6f, (struct point){REPORT_LEFT, y + 4},
                (struct point){REPORT_RIGHT, y + 4});
}

static void table_row(struct canvas *c, struct arena *a,
                      const struct report_model *m, const struct model_line *l,
                      float y)
{
    const char *label = l->label && !m->anonymous ? typo_spaces(a, l->label)
                                                  : report_model_label(a, m, l);
    const char *unit = l->unit ? l->unit : "";
    canvas_fit(c, body, REPORT_LEFT, y, 225, label);
    if (l->has_quantity)
        canvas_right(c, body, COL_QUANTITY, y,
                     arena_printf(a, "%s%s%s",
                                  format_fr_trim(a, l->quantity_milli, 3, 0),
                                  *unit ? "\u00a0" : "", unit));
    if (l->has_price)
        canvas_right(c, body, COL_PRICE, y,
                     arena_printf(a, "%s\u00a0€%s%s",
                                  format_fr_trim(a, l->price_micro, 6, 2),
                                  *unit ? "/" : "", unit));
    if (l->has_amount)
        canvas_right(c, strong, COL_AMOUNT, y,
                     report_draw_money(a, m, l->amount_cents));
    if (l->has_rate)
        canvas_right(
            c, body, REPORT_RIGHT, y,
            arena_printf(a, "%s\u00a0%%", format_fr_rate(a, l->rate_bp)));
}

static float total_row(struct canvas *c, struct arena *a,
                       const struct report_model *m, float y, const char *label,
                       int64_t cents)
{
    if (cents == MODEL_NO_AMOUNT)
        return y;
    canvas_right(c, body, COL_PRICE, y, label);
    canvas_right(c, strong, COL_AMOUNT, y, report_draw_money(a, m, cents));
    return y + 12.5f;
}

static int64_t negated(int64_t cents)
{
    return cents == MODEL_NO_AMOUNT || cents == 0 ? MODEL_NO_AMOUNT : -cents;
}

static float totals(struct canvas *c, struct arena *a,
                    const struct report_model *m, float y)
{
    y = total_row(c, a, m, y, "Total hors taxes", m->total_ht);
    y = total_row(c, a, m, y, "TVA", m->total_tva);
    y = total_row(c, a, m, y, "Total TTC", m->total_ttc);
    y = total_row(c, a, m, y, "Chèque énergie déduit", negated(m->cheque));
    y = total_row(c, a, m, y, "Acomptes déduits", negated(m->deposits));
    if (m->balance != 0)
        y = total_row(c, a, m, y, "Solde antérieur", m->balance);
    if (m->due != m->total_ttc)
        y = total_row(c, a, m, y, "Montant à payer", m->due);
    return y;
}

static float lines(struct canvas *c, struct arena *a,
                   const struct report_model *m, float y)
{
    y = chart_bar(c, a, m, y) + 8;
    if (m->n_lines == 0) {
        canvas_text(c, small, REPORT_LEFT, y + 4,
                    "Aucune ligne de facturation n’a pu être lue.");
        return totals(c, a, m, y + 20);
    }
    table_head(c, y);
    y += 15;
    for (size_t i = 0; i < m->n_lines; i++, y += 13.5f)
        table_row(c, a, m, &m->lines[i], y);
    canvas_line(c, FILL_RULE, 0.6f, (struct point){REPORT_LEFT, y - 8},
                (struct point){REPORT_RIGHT, y - 8});
    return totals(c, a, m, y + 3.5f);
}

/* ---- position ---------------------------------------------------------- */

static const char *reference_text(struct arena *a, const struct report_model *m)
{
    const struct model_market *k = &m->overall;
    const char *label = k->label;
    if (!label && m->n_market)
        label = m->market[0].label;
    return arena_printf(a, "Référence : %s%s%s", label ? label : "tarif public",
                        k->verified == VERIFIED_YES ? ""
                                                    : " (valeurs à vérifier)",
                        k->covered_days < k->days
                            ? arena_printf(a, ", %d jours couverts sur %d",
                                           (int)k->covered_days, (int)k->days)
                            : "");
}

static float position(struct canvas *c, struct arena *a,
                      const struct report_model *m, float y)
{
    y = chart_gauge(c, a, m, y);
    if (m->overall.unavailable)
        return y;
    for (size_t i = 0; m->energy == ENERGY_DUAL && i < m->n_market; i++) {
        const struct model_market *k = &m->market[i];
        canvas_fit(c, body, REPORT_LEFT + (float)i * 262, y, 250,
                   arena_printf(a, "%s : %s",
                                k->energy == ENERGY_GAS ? "Gaz" : "Électricité",
                                k->unavailable
                                    ? "sans référence"
                                    : typo_percent(a, k->gap_pm, true)));
    }
    if (m->energy == ENERGY_DUAL)
        y += 13;
    int n = canvas_wrap(c, small, (struct point){REPORT_LEFT, y}, WIDTH, 2,
                        typo_spaces(a, reference_text(a, m)));
    return y + (float)n * canvas_leading(small);
}

/* ---- key facts --------------------------------------------------------- */

static const char *fact_label(struct arena *a, const struct report_model *m,
                              const struct model_fact *f)
{
    static const char *const names[] = {[FACT_KWH] = "Énergie facturée",
                                        [FACT_KWH_DAY] = "Par jour",
                                        [FACT_ALL_IN] = "Prix TTC tout compris",
                                        [FACT_POWER] = "Puissance souscrite",
                                        [FACT_OPTION] = "Option tarifaire",
                                        [FACT_GAS_CLASS] = "Classe de gaz",
                                        [FACT_SEGMENT] = "Segment",
                                        [FACT_OFFER] = "Type d’offre",
                                        [FACT_READING] = "Relevé du compteur",
                                        [FACT_DAYS] = "Durée facturée"};
    bool both =
        m->energy == ENERGY_DUAL && (f->id == FACT_KWH || f->id == FACT_ALL_IN);
    if (!both)
        return names[f->id];
    return arena_printf(a, "%s (%s)",
                        f->id == FACT_KWH ? "Énergie" : "Prix TTC complet",
                        report_model_energy(f->energy));
}

static const char *fact_value(struct arena *a, const struct report_model *m,
                              const struct model_fact *f)
{
    switch (f->id) {
    case FACT_KWH:
        return arena_printf(a, "%s\u00a0kWh",
                            format_fr_number(a, f->num, 3, 0));
    case FACT_KWH_DAY:
        return arena_printf(a, "%s\u00a0kWh",
                            format_fr_number(a, f->num, 3, 1));
    case FACT_ALL_IN:
        return arena_printf(a, "%s\u00a0€/kWh",
                            format_fr_number(a, f->num, 6, 4));
    case FACT_POWER:
        return arena_printf(a, "%d\u00a0kVA", (int)f->num);
    case FACT_DAYS:
        return arena_printf(a, "%d\u00a0%s", (int)f->num,
                            typo_plural(f->num, "jour", "jours"));
    case FACT_GAS_CLASS:
        return f->num > 0 ? arena_printf(a, "%s, %s\u00a0kWh/an", f->word,
                                         format_fr_number(a, f->num, 0, 0))
                          : f->word;
    case FACT_OFFER:
        return f->day != MODEL_NO_DAY
                   ? arena_printf(a, "%s, fin %s", f->word,
                                  report_draw_day(a, m, f->day))
                   : f->word;
    default:
        return f->word ? f->word : "";
    }
}

static void facts(struct canvas *c, struct arena *a,
                  const struct report_model *m, float y)
{
    for (size_t i = 0; i < m->n_facts; i++) {
        float x = REPORT_LEFT + (float)(i % 4) * 131;
        float top = y + (float)(i / 4) * 34;
        canvas_fit(c, (struct ink){CANVAS_SANS, 7.5f, INK_MUTED}, x, top, 124,
                   fact_label(a, m, &m->facts[i]));
        struct ink k = {CANVAS_BOLD, 10, INK_TEXT};
        const char *s = fact_value(a, m, &m->facts[i]);
        if (canvas_width(c, k, s) > 124)
            k.size = 8;
        canvas_wrap(c, k, (struct point){x, top + 12}, 126, k.size < 9 ? 2 : 1,
                    s);
    }
}

void report_draw_first(struct canvas *c, struct arena *a,
                       const struct report_model *m)
{
    band(c, a, m);
    strip(c, a, m);
    for (int i = 0; i < 3; i++)
        card(c, a, m, i);
    float y = report_draw_title(c, 226, "Votre facture en clair");
    y = lines(c, a, m, y);
    y = report_draw_title(c, y + 22, "Votre prix face à la référence");
    y = position(c, a, m, y);
    y = report_draw_title(c, y + 22, "Chiffres clés");
    facts(c, a, m, y + 4);
}
