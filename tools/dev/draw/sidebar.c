/* Layout 3: a sidebar, and a table whose header takes two rows. */
#include "sidebar.h"
#include "base/str.h"
#include "boxed.h"
#include "facts.h"
#include "section.h"
#include "tabs.h"

enum { SIDE = 9, SIDE_WIDTH = 45, MAIN = 62, RIGHT = 200, BODY = 9 };
enum { X_QUANTITY = 112, X_PRICE = 146, X_RATE = 163, X_AMOUNT = 188 };

/* "Total HT ........ 224,53 €" */
static float leader(struct paper *p, float x, float y, bool bold,
                    const char *label, const char *value)
{
    float from = x + paper_width(p, label, BODY, bold) + 1.5f;
    float to = RIGHT - paper_width(p, value, BODY, bold) - 1.5f;
    float dot = paper_width(p, " .", BODY, false);
    char dots[256];
    size_t n = 0;
    for (; from + (float)(n / 2 + 1) * dot < to && n + 3 < sizeof dots; n += 2)
        dots[n] = ' ', dots[n + 1] = '.';
    dots[n] = '\0';
    paper_text(p, x, y, BODY, bold, label);
    paper_text(p, from, y, BODY, false, dots);
    paper_right(p, RIGHT, y, BODY, bold, value);
    return y + 6;
}

static float draw_side_pair(struct paper *p, float y, const char *label,
                            const char *value)
{
    paper_text(p, SIDE, y, 6.5f, false, label);
    return paper_wrap(p, SIDE, y + 3.4f, SIDE_WIDTH, 7.5f, true, value) + 5.3f;
}

static void draw_side(struct paper *p, const struct sample *s)
{
    struct fact fact[FACTS_MAX];
    size_t n = facts_list(s, WORDING_SIDEBAR, fact);
    float y = 49.3f;
    paper_text(p, SIDE, y, 8, true, "VOS RÉFÉRENCES");
    y += 5.7f;
    for (size_t i = 0; i < n; i++) {
        if (fact[i].is_reference)
            y = draw_side_pair(p, y, fact[i].label, fact[i].value);
    }
    const json_t *issuer = json_object_get(s->invoice, "supplier");
    const char *host = json_string_value(json_object_get(issuer, "dom"));
    y += 3;
    paper_text(p, SIDE, y, 8, true, "NOUS CONTACTER");
    y = draw_side_pair(p, y + 5.7f, "Service client (appel non surtaxé)",
                       "09 99 99 00 00");
    y = draw_side_pair(p, y, "Internet",
                       arena_printf(s->arena, "www.%s", host));
    paper_rule(p, SIDE, SIDE + SIDE_WIDTH, y - 2);
}

static float draw_totals_first(struct paper *p, const struct sample *s, float y)
{
    const json_t *e = s->expected, *sub = json_object_get(e, "subtotals");
    if (sub) {
        y = leader(p, MAIN, y, false, "Électricité TTC",
                   sample_euros(s, sample_real(sub, "electricite_ttc")));
        y = leader(p, MAIN, y, false, "Gaz naturel TTC",
                   sample_euros(s, sample_real(sub, "gaz_ttc")));
    } else {
        y = leader(p, MAIN, y, false, "Total hors TVA",
                   sample_euros(s, sample_real(e, "total_ht")));
        y = leader(p, MAIN, y, false, "Montant de la TVA",
                   sample_euros(s, sample_real(e, "total_tva")));
    }
    y = leader(p, MAIN, y, true, "Total TTC",
               sample_euros(s, sample_real(e, "total_ttc")));
    if (json_object_get(e, "cheque_energie"))
        y = leader(p, MAIN, y, false, "Chèque énergie 2025 utilisé",
                   sample_euros(s, -sample_real(e, "cheque_energie")));
    paper_rect(p, MAIN - 2, y - 1, RIGHT - MAIN + 4, 16);
    paper_text(p, MAIN + 2, y + 5, 11, true, "Net à payer");
    paper_right(p, RIGHT - 2, y + 5, 13, true,
                sample_euros(s, sample_real(e, "amount_due")));
    const char *due = sample_text(s, "due_date");
    paper_text(p, MAIN + 2, y + 11, BODY, false,
               arena_printf(s->arena, "À régler avant le %s",
                            sample_date(s, due, DATES_WORDS)));
    return y + 25;
}

static void draw_front(struct paper *p, const struct sample *s)
{
    const json_t *pages = json_object_get(s->invoice, "pages");
    const json_t *title = json_array_get(json_array_get(pages, 0), 1);
    paper_text(p, MAIN, 20, 16, true, sample_text(s, "supplier_name"));
    boxed_address(p, s, 128, 30, 9.5f);
    paper_text(p, MAIN, 52, 13, true,
               json_string_value(json_object_get(title, "t")));
    float y = draw_totals_first(p, s, 61);
    struct fact fact[FACTS_MAX];
    size_t n = facts_list(s, WORDING_SIDEBAR, fact);
    for (size_t i = 0; i < n; i++) {
        if (fact[i].is_reference)
            continue;
        y = paper_wrap(p, MAIN, y, RIGHT - MAIN, BODY, false,
                       arena_printf(s->arena, "%s : %s", fact[i].label,
                                    fact[i].value)) +
            5.6f;
    }
    const char *debit = sample_line(s, "Ce montant sera prélevé");
    if (debit)
        paper_wrap(p, MAIN, y, RIGHT - MAIN, BODY, false, debit);
}

static float draw_meter(struct paper *p, const struct sample *s,
                        const json_t *m, bool named, float y)
{
    bool gas = str_eq(json_string_value(json_object_get(m, "unit")), "m3");
    if (named) {
        paper_text(p, SIDE, y, BODY, true, section_register(m));
        y += 5;
    }
    y = leader(p, SIDE + 3, y, false,
               arena_printf(s->arena, "Index début (%s)",
                            section_reading(m, "kind_start")),
               sample_number(s, sample_real(m, "index_start"), 0));
    y = leader(p, SIDE + 3, y, false,
               arena_printf(s->arena, "Index fin (%s)",
                            section_reading(m, "kind_end")),
               sample_number(s, sample_real(m, "index_end"), 0));
    return leader(
        p, SIDE + 3, y, false, gas ? "Volume consommé" : "Consommation",
        arena_printf(s->arena, "%s%s%s",
                     sample_number(s, sample_real(m, "consumption"), 0), s->gap,
                     gas ? "m³" : "kWh"));
}

static float draw_meters(struct paper *p, const struct sample *s,
                         const struct section *sec, float y)
{
    for (size_t i = 0; i < sec->n_meters; i++)
        y = draw_meter(p, s, sec->meters[i], sec->n_meters > 1, y);
    if (!str_eq(sec->energy, "gaz"))
        return y;
    y = leader(p, SIDE + 3, y, false, "Coefficient de conversion",
               arena_printf(
                   s->arena, "%s%skWh/m³",
                   sample_number(s, sample_real(s->expected, "conversion"), 2),
                   s->gap));
    return leader(p, SIDE + 3, y, false, "Énergie",
                  arena_printf(s->arena, "%s%skWh",
                               sample_number(s, sec->kwh, 0), s->gap));
}

static float draw_table_head(struct paper *p, float y)
{
    paper_rule(p, SIDE, RIGHT, y - 5);
    paper_text(p, SIDE, y, BODY, true, "Libellé");
    paper_right(p, X_QUANTITY, y, BODY, true, "Quantité");
    paper_right(p, X_PRICE, y, BODY, true, "Prix unitaire");
    paper_right(p, X_RATE, y, BODY, true, "Taux");
    paper_right(p, X_AMOUNT, y, BODY, true, "Montant");
    y += 4.2f;
    paper_right(p, X_PRICE, y, BODY, true, "hors TVA");
    paper_right(p, X_RATE, y, BODY, true, "TVA");
    paper_right(p, X_AMOUNT, y, BODY, true, "hors TVA");
    paper_rule(p, SIDE, RIGHT, y + 1.5f);
    return y + 7;
}

/* Energy is priced in cents, everything else in euros. */
static const char *price(const struct sample *s, const json_t *line)
{
    const char *unit = json_string_value(json_object_get(line, "unit"));
    double value = sample_real(line, "unit_price_ht");
    if (str_eq(unit, "kWh"))
        return arena_printf(s->arena, "%s%sc€/kWh",
                            sample_number(s, value * 100, 3), s->gap);
    return arena_printf(s->arena, "%s%s€/%s", sample_number(s, value, 2),
                        s->gap, unit);
}

static float draw_line(struct paper *p, const struct sample *s,
                       const json_t *line, float y)
{
    const char *from = json_string_value(json_object_get(line, "period_start"));
    const char *to = json_string_value(json_object_get(line, "period_end"));
    paper_right(p, X_QUANTITY, y, BODY, false, sample_quantity(s, line));
    paper_right(p, X_PRICE, y, BODY, false, price(s, line));
    paper_right(p, X_RATE, y, BODY, false,
                sample_rate(s, sample_real(line, "vat_rate")));
    paper_right(p, X_AMOUNT, y, BODY, false,
                sample_number(s, sample_real(line, "amount_ht"), 2));
    paper_right(p, RIGHT - 5, y, BODY, false, "€");
    y = paper_wrap(p, SIDE, y, X_QUANTITY - SIDE - 22, BODY, false,
                   json_string_value(json_object_get(line, "label")));
    if (from)
        paper_text(p, SIDE + 2, y += 3.6f, 7.5f, false,
                   arena_printf(s->arena, "du %s au %s",
                                sample_date(s, from, DATES_WORDS),
                                sample_date(s, to, DATES_WORDS)));
    return y + 5.4f;
}

static void draw_table_totals(struct paper *p, const struct sample *s,
                              const struct section *sec, float y)
{
    const char *of =
        sec->is_dual ? arena_printf(s->arena, " %s", sec->title) : "";
    const float x = 100;
    paper_rule(p, SIDE, RIGHT, y - 4);
    y = leader(p, x, y + 1, true, arena_printf(s->arena, "Total%s HT", of),
               sample_euros(s, sec->ht));
    for (size_t i = 0; i < sec->n_vat; i++)
        y = leader(p, x, y, false,
                   arena_printf(s->arena, "TVA %s sur %s",
                                sample_rate(s, sec->vat[i].rate),
                                sample_euros(s, sec->vat[i].base)),
                   sample_euros(s, sec->vat[i].amount));
    y = leader(p, x, y, false, "Total TVA", sample_euros(s, sec->tva));
    leader(p, x, y, true, arena_printf(s->arena, "Total%s TTC", of),
           sample_euros(s, sec->ttc));
}

void sidebar_page(struct paper *p, const struct sample *s, size_t index)
{
    tabs_small_print(p, s, index, SIDE, RIGHT - SIDE, 266);
    if (index == 0) {
        draw_front(p, s);
        draw_side(p, s);
        return;
    }
    struct section sec;
    section_make(s, index - 1, &sec);
    paper_text(p, SIDE, 18, 12, true,
               arena_printf(s->arena, "VOTRE CONSOMMATION %s",
                            str_eq(sec.energy, "gaz") ? "DE GAZ NATUREL"
                                                      : "D'ÉLECTRICITÉ"));
    float y = draw_meters(p, s, &sec, 26);
    y = draw_table_head(p, y + 5);
    for (size_t i = 0; i < sec.n_lines; i++)
        y = draw_line(p, s, sec.lines[i], y);
    draw_table_totals(p, s, &sec, y + 2);
}
