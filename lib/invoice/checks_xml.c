/* The electronic invoice inside a PDF: does it agree with the page, and with
 * the arithmetic of its standard? XML-01, XML-02, BR-CO-10 to BR-CO-17. They
 * hold for invoices of every country. */
#include <stdlib.h>
#include "base/str.h"
#include "einvoice/rules.h"
#include "invoice/checks.h"
#include "invoice/format_fr.h"

/* Our own words for the fields that are compared. */
static const char *field_word(enum field_id id)
{
    static const struct {
        enum field_id id;
        const char *word;
    } words[] = {{F_invoice_number, "le numéro de facture"},
                 {F_invoice_date, "la date de facture"},
                 {F_due_date, "la date d’échéance"},
                 {F_total_ht, "le total HT"},
                 {F_total_tva, "la TVA"},
                 {F_total_ttc, "le total TTC"},
                 {F_amount_due, "le montant à payer"}};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (words[i].id == id)
            return words[i].word;
    return "un champ";
}

/* "1 234,56 EUR": embedded invoices are in any currency. */
static const char *money(const struct checks *c, int64_t micro)
{
    const char *code = einvoice_currency(c->inv->xml);
    return arena_printf(c->a, "%s %s", format_fr_trim(c->a, micro, 6, 2),
                        code ? code : "");
}

static struct wording_arg value_arg(const struct checks *c, const char *name,
                                    enum field_id id, const struct value *v)
{
    switch (field_infos[id].type) {
    case FIELD_CENTS:
        return (struct wording_arg){name, money(c, v->num * 10000), NULL};
    case FIELD_DATE:
        return (struct wording_arg){name, format_fr_date(c->a, (int32_t)v->num),
                                    NULL};
    default:
        return (struct wording_arg){name, v->text ? v->text : "", "…"};
    }
}

static bool in_euros(const struct invoice *inv)
{
    return str_eq(einvoice_currency(inv->xml), "EUR");
}

/* XML-01: the page prints something else, and nowhere what the XML says. */
enum checks_outcome checks_xml_page(struct checks *c)
{
    const struct invoice *inv = c->inv;
    if (inv->xml->malformed)
        return CHECKS_SKIPPED;
    for (size_t i = 0; i < inv->n_disagreements; i++) {
        const struct disagreement *d = &inv->disagreements[i];
        const struct value *embedded = &inv->f[d->id];
        checks_again(c);
        if (!embedded->present || !checks_usable(c, &d->printed.ev))
            continue;
        const bool amount =
            field_infos[d->id].type == FIELD_CENTS && in_euros(inv);
        checks_hit(
            c, &(struct checks_hit){
                   .direction = DIR_NEUTRAL,
                   .has_amount = amount,
                   .amount_cents = amount ? d->printed.num - embedded->num : 0,
                   .ev = d->printed.ev,
                   .args = {{"champ", field_word(d->id), NULL},
                            value_arg(c, "imprime", d->id, &d->printed),
                            value_arg(c, "xml", d->id, embedded)}});
    }
    return CHECKS_DONE;
}

/* XML-02: attached as an electronic invoice, and not readable. */
enum checks_outcome checks_xml_readable(struct checks *c)
{
    if (c->inv->xml->malformed)
        checks_hit(c, &(struct checks_hit){.direction = DIR_NEUTRAL,
                                           .ev = {.conf = 1000}});
    return CHECKS_DONE;
}

/* BR-CO-nn, by the id of the check that runs. */
enum checks_outcome checks_xml_sums(struct checks *c)
{
    struct rules_result r;
    switch (rules_judge(c->inv->xml, c->text->id, &r)) {
    case RULES_SKIPPED:
        return CHECKS_SKIPPED;
    case RULES_KEPT:
        return CHECKS_DONE;
    default:
        break;
    }
    const int64_t gap = format_fr_round(r.stated_micro, 10000) -
                        format_fr_round(r.expected_micro, 10000);
    checks_hit(c, &(struct checks_hit){
                      .direction = DIR_NEUTRAL,
                      .has_amount = in_euros(c->inv),
                      .amount_cents = gap,
                      .ev = {.conf = 1000, .from_xml = true},
                      .args = {{"terme", einvoice_info(r.term)->id, NULL},
                               {"annonce", money(c, r.stated_micro), NULL},
                               {"calc", money(c, r.expected_micro), NULL}}});
    return CHECKS_DONE;
}
