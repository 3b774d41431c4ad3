/* Layout 2: blocks and boxes, as many suppliers print since 2015. */
#include "boxed.h"
#include "base/str.h"
#include "facts.h"
#include "section.h"
#include "tabs.h"

enum { LEFT = 15, RIGHT = 195, CELL = 60, BODY = 8 };

/* Right edges of the number columns, left edges of the text columns. */
enum { X_PERIOD = 74, X_RATE = 117, X_QUANTITY = 141, X_PRICE = 170 };

void boxed_address(struct paper *p, const struct sample *s, float x, float y,
                   float pt)
{
    static const char *const labels[] = {"Adresse de facturation :",
                                         "Site de consommation :"};
    const char *part[3] = {NULL}, *where = NULL;
    for (size_t i = 0; !where && i < ARRAY_LEN(labels); i++)
        where = sample_after(s, labels[i]);
    paper_text(p, x, y, pt, true, sample_text(s, "customer_name"));
    size_t n = where ? str_split(s->arena, where, ',', part, 3) : 0;
    for (size_t i = 0; i < n; i++)
        paper_text(p, x, y += paper_leading(pt), pt, false,
                   str_trim(s->arena, part[i]));
}

static void draw_head(struct paper *p, const struct sample *s)
{
    const json_t *issuer = json_object_get(s->invoice, "supplier");
    paper_text(p, LEFT, 22, 18, true, sample_text(s, "supplier_name"));
    paper_text(p, LEFT, 28, 8, false,
               json_string_value(json_object_get(issuer, "legal")));
    paper_wrap(p, LEFT, 32, 60, 8, false,
               json_string_value(json_object_get(issuer, "addr")));
    boxed_address(p, s, 115, 40, 10);
    const json_t *first =
        json_array_get(json_object_get(s->invoice, "pages"), 0);
    paper_text(
        p, LEFT, 66, 13, true,
        json_string_value(json_object_get(json_array_get(first, 1), "t")));
    paper_rule(p, LEFT, RIGHT, 69);
}

/* Three labels side by side, each with its value below. */
static float draw_grid(struct paper *p, const struct sample *s, float y)
{
    struct fact fact[FACTS_MAX];
    size_t n = facts_list(s, WORDING_BOXED, fact);
    float end = y;
    for (size_t i = 0; i < n; i++) {
        float x = (float)LEFT + (float)(i % 3) * CELL;
        if (i && i % 3 == 0)
            y = end + 6;
        paper_text(p, x, y, 6.5f, false, fact[i].label);
        float last = paper_wrap(p, x, y + 4, CELL - 4, 9, true, fact[i].value);
        end = i % 3 == 0 || last > end ? last : end;
    }
    return end + 6;
}

static float draw_amount(struct paper *p, const struct sample *s, float y,
                         const char *label, double amount, bool bold)
{
    paper_text(p, 110, y, bold ? 10 : 9, bold, label);
    paper_right(p, RIGHT - 3, y, bold ? 10 : 9, bold, sample_euros(s, amount));
    return y + 6;
}

/* The box everybody looks for: what is to be paid, and when. */
static void draw_due(struct paper *p, const struct sample *s, float y)
{
    const json_t *e = s->expected;
    float top = y;
    y += 7;
    if (json_object_get(e, "subtotals")) {
        const json_t *sub = json_object_get(e, "subtotals");
        y = draw_amount(p, s, y, "Électricité TTC",
                        sample_real(sub, "electricite_ttc"), false);
        y = draw_amount(p, s, y, "Gaz naturel TTC", sample_real(sub, "gaz_ttc"),
                        false);
        y = draw_amount(p, s, y, "Total TTC", sample_real(e, "total_ttc"),
                        true);
    }
    if (json_object_get(e, "cheque_energie"))
        y = draw_amount(p, s, y, "Chèque énergie 2025 utilisé",
                        -sample_real(e, "cheque_energie"), false);
    y = draw_amount(p, s, y, "Montant total à payer",
                    sample_real(e, "amount_due"), true);
    paper_text(p, 110, y, 9, false, "Date limite de paiement");
    paper_right(p, RIGHT - 3, y, 9, false,
                sample_date(s, sample_text(s, "due_date"), DATES_DIGITS));
    paper_rect(p, 107, top, RIGHT - 107, y + 3 - top);
    const char *debit = sample_line(s, "Ce montant sera prélevé");
    if (debit)
        paper_wrap(p, LEFT, top + 7, 85, 8, false, debit);
}

static float draw_meters(struct paper *p, const struct sample *s,
                         const struct section *sec, float y)
{
    static const char *const head[] = {"Ancien index", "Nouvel index",
                                       "Consommation"};
    static const float right[] = {95, 140, 190};
    paper_text(p, LEFT, y, BODY, true, "Cadran");
    for (size_t i = 0; i < 3; i++)
        paper_right(p, right[i], y, BODY, true, head[i]);
    paper_rule(p, LEFT, RIGHT, y + 1.5f);
    for (size_t i = 0; i < sec->n_meters; i++) {
        const json_t *m = sec->meters[i];
        bool gas = str_eq(json_string_value(json_object_get(m, "unit")), "m3");
        const char *cell[] = {
            arena_printf(s->arena, "%s (%s)",
                         sample_number(s, sample_real(m, "index_start"), 0),
                         section_reading(m, "kind_start")),
            arena_printf(s->arena, "%s (%s)",
                         sample_number(s, sample_real(m, "index_end"), 0),
                         section_reading(m, "kind_end")),
            arena_printf(s->arena, "%s%s%s",
                         sample_number(s, sample_real(m, "consumption"), 0),
                         s->gap, gas ? "m³" : "kWh")};
        y += 5;
        paper_text(p, LEFT, y, BODY, false, section_register(m));
        for (size_t k = 0; k < 3; k++)
            paper_right(p, right[k], y, BODY, false, cell[k]);
    }
    if (!str_eq(sec->energy, "gaz"))
        return y + 9;
    paper_text(p, LEFT, y + 7, BODY, false,
               arena_printf(
                   s->arena,
                   "Volume : %s%sm³ – Coefficient de conversion : "
                   "%s%skWh/m³ – Énergie : %s%skWh",
                   sample_number(s, sample_real(s->expected, "volume_m3"), 0),
                   s->gap,
                   sample_number(s, sample_real(s->expected, "conversion"), 2),
                   s->gap, sample_number(s, sec->kwh, 0), s->gap));
    return y + 16;
}

static float draw_line(struct paper *p, const struct sample *s,
                       const json_t *line, float y)
{
    const char *from = json_string_value(json_object_get(line, "period_start"));
    const char *to = json_string_value(json_object_get(line, "period_end"));
    const char *unit = json_string_value(json_object_get(line, "unit"));
    if (from)
        paper_text(p, X_PERIOD, y, BODY, false,
                   arena_printf(s->arena, "%s au %s",
                                sample_date(s, from, DATES_SHORT),
                                sample_date(s, to, DATES_SHORT)));
    paper_right(p, X_RATE, y, BODY, false,
                sample_rate(s, sample_real(line, "vat_rate")));
    paper_right(p, X_QUANTITY, y, BODY, false, sample_quantity(s, line));
    paper_right(
        p, X_PRICE, y, BODY, false,
        arena_printf(s->arena, "%s%s€/%s",
                     sample_number(s, sample_real(line, "unit_price_ht"), 5),
                     s->gap, unit));
    paper_right(p, RIGHT, y, BODY, false,
                sample_euros(s, sample_real(line, "amount_ht")));
    return paper_wrap(p, LEFT, y, X_PERIOD - LEFT - 2, BODY, false,
                      json_string_value(json_object_get(line, "label"))) +
           5;
}

static float draw_lines(struct paper *p, const struct sample *s,
                        const struct section *sec, float y)
{
    paper_rect(p, LEFT - 1, y - 5, RIGHT - LEFT + 2, 7);
    paper_text(p, LEFT, y, BODY, true, "Désignation");
    paper_text(p, X_PERIOD, y, BODY, true, "Période");
    paper_right(p, X_RATE, y, BODY, true, "TVA");
    paper_right(p, X_QUANTITY, y, BODY, true, "Quantité");
    paper_right(p, X_PRICE, y, BODY, true, "Prix unitaire HT");
    paper_right(p, RIGHT, y, BODY, true, "Montant HT");
    y += 7;
    for (size_t i = 0; i < sec->n_lines; i++)
        y = draw_line(p, s, sec->lines[i], y);
    return y + 4;
}

/* VAT on the left, totals boxed on the right. */
static float draw_totals(struct paper *p, const struct sample *s,
                         const struct section *sec, float y)
{
    float top = y;
    if (sec->n_vat) {
        paper_text(p, LEFT, y, BODY, true, "Taux de TVA");
        paper_right(p, 65, y, BODY, true, "Base HT");
        paper_right(p, 95, y, BODY, true, "Montant TVA");
    }
    for (size_t i = 0; i < sec->n_vat; i++) {
        y += 5;
        paper_text(p, LEFT, y, BODY, false, sample_rate(s, sec->vat[i].rate));
        paper_right(p, 65, y, BODY, false, sample_euros(s, sec->vat[i].base));
        paper_right(p, 95, y, BODY, false, sample_euros(s, sec->vat[i].amount));
    }
    float end = y;
    const char *of =
        sec->is_dual ? arena_printf(s->arena, " %s", sec->title) : "";
    y = draw_amount(p, s, top, arena_printf(s->arena, "Total%s HT", of),
                    sec->ht, false);
    y = draw_amount(p, s, y, "Total TVA", sec->tva, false);
    y = draw_amount(p, s, y, arena_printf(s->arena, "Total%s TTC", of),
                    sec->ttc, true);
    paper_rect(p, 107, top - 6, RIGHT - 107, y - top + 3);
    return (y > end ? y : end) + 6;
}

void boxed_page(struct paper *p, const struct sample *s, size_t index)
{
    if (index == 0) {
        draw_head(p, s);
        draw_due(p, s, draw_grid(p, s, 75));
        tabs_small_print(p, s, index, LEFT, RIGHT - LEFT, 262);
        return;
    }
    struct section sec;
    section_make(s, index - 1, &sec);
    paper_text(p, LEFT, 22, 12, true,
               arena_printf(s->arena, "Le détail de votre facture %s%s",
                            str_eq(sec.energy, "gaz") ? "de " : "d'",
                            sec.title));
    float y = draw_meters(p, s, &sec, 32);
    y = draw_lines(p, s, &sec, y + 4);
    draw_totals(p, s, &sec, y + 4);
    tabs_small_print(p, s, index, LEFT, RIGHT - LEFT, 262);
}
