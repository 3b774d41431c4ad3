/* Layout 4: labels and values in two columns, lines as small sums. */
#include "letter.h"
#include "base/str.h"
#include "boxed.h"
#include "facts.h"
#include "section.h"
#include "tabs.h"

enum { LEFT = 22, VALUE = 92, RIGHT = 188, BODY = 10, SMALL = 8 };

static float amount(struct paper *p, const struct sample *s, float y, bool bold,
                    const char *label, double value)
{
    paper_text(p, LEFT, y, BODY, bold, label);
    paper_right(p, RIGHT, y, BODY, bold, sample_euros(s, value));
    return y + 6.5f;
}

static const char *text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void draw_front(struct paper *p, const struct sample *s)
{
    const json_t *e = s->expected, *sub = json_object_get(e, "subtotals");
    struct fact fact[FACTS_MAX];
    size_t n = facts_list(s, WORDING_LETTER, fact);
    float y = 62;
    paper_right(p, RIGHT, 20, 17, true, sample_text(s, "supplier_name"));
    boxed_address(p, s, LEFT, 32, BODY);
    for (size_t i = 0; i < n; i++) {
        paper_text(p, LEFT, y, SMALL, false, fact[i].label);
        y = paper_wrap(p, VALUE, y, RIGHT - VALUE, BODY, false, fact[i].value);
        paper_rule(p, LEFT, RIGHT, y + 1.6f);
        y += 6.6f;
    }
    y += 4;
    if (sub) {
        y = amount(p, s, y, false, "Part électricité, TTC",
                   sample_real(sub, "electricite_ttc"));
        y = amount(p, s, y, false, "Part gaz, TTC",
                   sample_real(sub, "gaz_ttc"));
    }
    y = amount(p, s, y, false, "Facture TTC", sample_real(e, "total_ttc"));
    if (json_object_get(e, "cheque_energie"))
        y = amount(p, s, y, false, "Chèque énergie",
                   -sample_real(e, "cheque_energie"));
    y = amount(p, s, y, true, "Total à payer", sample_real(e, "amount_due"));
    paper_text(
        p, LEFT, y, BODY, false,
        arena_printf(s->arena, "À payer au plus tard le %s",
                     sample_date(s, sample_text(s, "due_date"), DATES_DOTS)));
}

static float draw_meter(struct paper *p, const struct sample *s,
                        const json_t *m, float y)
{
    bool gas = str_eq(text(m, "unit"), "m3");
    paper_text(p, LEFT, y, BODY, false,
               arena_printf(s->arena, "%s : de %s (%s) à %s (%s), soit %s%s%s",
                            gas ? "Compteur" : section_register(m),
                            sample_number(s, sample_real(m, "index_start"), 0),
                            section_reading(m, "kind_start"),
                            sample_number(s, sample_real(m, "index_end"), 0),
                            section_reading(m, "kind_end"),
                            sample_number(s, sample_real(m, "consumption"), 0),
                            s->gap, gas ? "m³" : "kWh"));
    return y + 6;
}

static float draw_line(struct paper *p, const struct sample *s,
                       const json_t *line, float y)
{
    const char *from = text(line, "period_start"), *when = "";
    if (from)
        when = arena_printf(
            s->arena, "du %s au %s : ", sample_date(s, from, DATES_DOTS),
            sample_date(s, text(line, "period_end"), DATES_DOTS));
    paper_text(p, LEFT, y, BODY, true, text(line, "label"));
    paper_right(p, RIGHT, y, BODY, true,
                sample_euros(s, sample_real(line, "amount_ht")));
    y += 4.2f;
    paper_text(
        p, LEFT + 3, y, SMALL, false,
        arena_printf(s->arena, "%s%s x %s%s€/%s HT, TVA %s", when,
                     sample_quantity(s, line),
                     sample_number(s, sample_real(line, "unit_price_ht"), 5),
                     s->gap, text(line, "unit"),
                     sample_rate(s, sample_real(line, "vat_rate"))));
    return y + 6;
}

static void draw_sums(struct paper *p, const struct sample *s,
                      const struct section *sec, float y)
{
    paper_rule(p, LEFT, RIGHT, y - 4);
    y = amount(p, s, y + 1, false,
               arena_printf(s->arena, "Montant hors TVA%s%s",
                            sec->is_dual ? " " : "",
                            sec->is_dual ? sec->title : ""),
               sec->ht);
    for (size_t i = 0; i < sec->n_vat; i++)
        y = amount(p, s, y, false,
                   arena_printf(s->arena, "TVA %s (assiette %s)",
                                sample_rate(s, sec->vat[i].rate),
                                sample_euros(s, sec->vat[i].base)),
                   sec->vat[i].amount);
    if (!sec->is_dual)
        y = amount(p, s, y, false, "Montant TVA", sec->tva);
    amount(p, s, y, true,
           arena_printf(s->arena, "Montant TTC%s%s", sec->is_dual ? " " : "",
                        sec->is_dual ? sec->title : ""),
           sec->ttc);
}

void letter_page(struct paper *p, const struct sample *s, size_t index)
{
    tabs_small_print(p, s, index, LEFT, RIGHT - LEFT, 268);
    if (index == 0) {
        draw_front(p, s);
        return;
    }
    struct section sec;
    section_make(s, index - 1, &sec);
    paper_text(p, LEFT, 20, 13, true,
               str_eq(sec.energy, "gaz") ? "Votre gaz naturel"
                                         : "Votre électricité");
    float y = 29;
    for (size_t i = 0; i < sec.n_meters; i++)
        y = draw_meter(p, s, sec.meters[i], y);
    if (str_eq(sec.energy, "gaz")) {
        paper_text(
            p, LEFT, y, BODY, false,
            arena_printf(
                s->arena, "%s%sm³ x %s%skWh/m³ (coefficient) = %s%skWh",
                sample_number(s, sample_real(s->expected, "volume_m3"), 0),
                s->gap,
                sample_number(s, sample_real(s->expected, "conversion"), 2),
                s->gap, sample_number(s, sec.kwh, 0), s->gap));
        y += 8;
    }
    y += 4;
    for (size_t i = 0; i < sec.n_lines; i++)
        y = draw_line(p, s, sec.lines[i], y);
    draw_sums(p, s, &sec, y + 3);
}
