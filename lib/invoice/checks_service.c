/* Services, fees and aids on an invoice of a consumer: CHK-37, 40, 41, 43, 44
 * and 45. */
#include <stdlib.h>
#include "base/str.h"
#include "invoice/basket.h"
#include "invoice/checks.h"
#include "invoice/format_fr.h"
#include "invoice/mention.h"

typedef __int128 wide;

enum {
    YEAR_DAYS = 365,
    DAYS_LEAST = 20,
    DAYS_MOST = 1200,
    YEAR_MONTHS_MILLI = 12000
};

static int64_t gross(const struct line *l)
{
    return checks_with_vat(l->amount_cents, l->has_rate ? l->rate_bp : 0);
}

/* cents of a line as a year's: by its months, else by its days; -1 when
 * neither is known. */
static int64_t a_year(const struct checks *c, const struct line *l,
                      int64_t cents)
{
    const struct value *from = &c->inv->f[F_period_start],
                       *to = &c->inv->f[F_period_end];
    if (l->has_quantity && l->unit == UNIT_MONTH && l->quantity_milli > 0)
        return (int64_t)((wide)cents * YEAR_MONTHS_MILLI / l->quantity_milli);
    int64_t days = l->has_period ? l->end - l->start + 1 : 0;
    if (!l->has_period && from->present && to->present)
        days = to->num - from->num + 1;
    return days >= DAYS_LEAST && days <= DAYS_MOST
               ? format_fr_round(cents * YEAR_DAYS, days)
               : -1;
}

static const char *price(const struct checks *c, const struct line *l,
                         int64_t cents)
{
    const int64_t year = a_year(c, l, cents);
    return year < 0 ? arena_printf(c->a, "%s sur cette facture",
                                   format_fr_euros(c->a, cents))
                    : arena_printf(c->a, "%s/an", format_fr_euros(c->a, year));
}

static bool is_billed(const struct line *l, enum component component)
{
    return l->component == component && l->has_amount && l->amount_cents > 0;
}

/* Lines of which at least one is sure enough to be judged. */
static enum checks_outcome judged(struct checks *c)
{
    for (size_t i = 0; i < c->inv->n_lines; i++)
        if (checks_usable(c, &c->inv->lines[i].ev))
            return CHECKS_DONE;
    return CHECKS_SKIPPED;
}

/* CHK-37: a choice, and what it costs. */
enum checks_outcome checks_service_green(struct checks *c)
{
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        checks_again(c);
        if (!is_billed(l, COMP_GREEN) ||
            !basket_line_is(c->inv, l, ENERGY_ELEC) ||
            !checks_usable(c, &l->ev))
            continue;
        checks_hit(c, &(struct checks_hit){
                          .direction = DIR_NEUTRAL,
                          .has_amount = true,
                          .amount_cents = gross(l),
                          .ev = l->ev,
                          .args = {{"eur", price(c, l, gross(l)), NULL}}});
    }
    return judged(c);
}

/* ---- services ----------------------------------------------------------- */

static bool counts_energy(const struct line *l)
{
    return l->unit == UNIT_KWH || l->unit == UNIT_MWH || l->unit == UNIT_M3;
}

static bool is_service(struct checks *c, const struct lexicon *lex,
                       const struct line *l)
{
    const uint64_t said =
        mention_scan(c->a, lex, l->label ? l->label : "", c->inv->from_ocr);
    return is_billed(l, COMP_SERVICE) && !counts_energy(l) &&
           !(said >> MENTION_paper_bill & 1) && checks_usable(c, &l->ev);
}

static bool same_label(const struct line *l, const struct line *m)
{
    return l->label && m->label && str_eq(l->label, m->label);
}

static void hit_service(struct checks *c, const struct line *l, int64_t cents)
{
    checks_hit(
        c, &(struct checks_hit){.direction = DIR_NEUTRAL,
                                .has_amount = true,
                                .amount_cents = cents,
                                .ev = l->ev,
                                .args = {{"label", l->label ? l->label : "",
                                          wording_component(COMP_SERVICE)},
                                         {"eur", price(c, l, cents), NULL}}});
}

/* CHK-40: a question, since nobody but the customer knows whether it was
 * ordered. A service on several lines is one. */
enum checks_outcome checks_service_extra(struct checks *c)
{
    const struct lexicon *lex = mention_lexicon(c->a, c->ref);
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        bool first = true;
        checks_again(c);
        if (!is_service(c, lex, l))
            continue;
        for (size_t k = 0; k < i; k++)
            first &= !same_label(l, &c->inv->lines[k]) ||
                     c->inv->lines[k].component != COMP_SERVICE;
        int64_t months = l->unit == UNIT_MONTH ? l->quantity_milli : 0;
        int64_t cents = gross(l);
        for (size_t k = i + 1; first && k < c->inv->n_lines; k++) {
            const struct line *m = &c->inv->lines[k];
            if (!is_service(c, lex, m) || !same_label(l, m))
                continue;
            cents += gross(m);
            months += m->unit == UNIT_MONTH ? m->quantity_milli : 0;
        }
        struct line all = *l;
        all.quantity_milli = months;
        all.has_quantity = months > 0;
        all.has_period &= cents == gross(l);
        if (first)
            hit_service(c, &all, cents);
    }
    return judged(c);
}

/* ---- fees --------------------------------------------------------------- */

static bool may_be_fee(enum component k)
{
    return k == COMP_FEE || k == COMP_OTHER || k == COMP_SERVICE ||
           k == COMP_ADJUSTMENT;
}

/* One finding for all lines whose label says so; to be verified where it is
 * not known who is billed. */
static enum checks_outcome fees(struct checks *c, enum mention_id words)
{
    const struct lexicon *lex = mention_lexicon(c->a, c->ref);
    const struct line *largest = NULL;
    int64_t cents = 0;
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        if (!may_be_fee(l->component) || !l->label || !l->has_amount ||
            l->amount_cents <= 0 ||
            !(mention_scan(c->a, lex, l->label, c->inv->from_ocr) >> words &
              1) ||
            !checks_usable(c, &l->ev))
            continue;
        cents += gross(l);
        if (!largest || l->amount_cents > largest->amount_cents)
            largest = l;
    }
    if (largest)
        checks_hit(c,
                   &(struct checks_hit){
                       .direction = DIR_LOSES,
                       .has_amount = true,
                       .partial = !c->inv->f[F_customer_name].present,
                       .amount_cents = cents,
                       .ev = largest->ev,
                       .args = {{"eur", format_fr_euros(c->a, cents), NULL}}});
    return judged(c);
}

/* CHK-41: the costs of collecting a debt, billed to a consumer */
enum checks_outcome checks_service_collection(struct checks *c)
{
    return fees(c, MENTION_collection);
}

/* CHK-43: a fee for ending the contract */
enum checks_outcome checks_service_termination(struct checks *c)
{
    return fees(c, MENTION_termination);
}

/* CHK-44: a fee for the invoice on paper */
enum checks_outcome checks_service_paper(struct checks *c)
{
    return fees(c, MENTION_paper_bill);
}

/* CHK-45: the cheque is deducted. When the sum does not show it, CHK-06
 * speaks and nothing is confirmed here. */
enum checks_outcome checks_service_cheque(struct checks *c)
{
    const struct invoice *inv = c->inv;
    const struct value *cheque = &inv->f[F_cheque_energie],
                       *ttc = &inv->f[F_total_ttc],
                       *due = &inv->f[F_amount_due];
    if (!checks_usable(c, &ttc->ev) || !checks_usable(c, &due->ev))
        return CHECKS_SKIPPED;
    const int64_t rest = ttc->num - cheque->num -
                         invoice_num(inv, F_deposits, 0) +
                         invoice_num(inv, F_previous_balance, 0);
    if (cheque->num > 0 && llabs(rest - due->num) <= 2)
        checks_hit(c, &(struct checks_hit){
                          .direction = DIR_NEUTRAL,
                          .has_amount = true,
                          .amount_cents = cheque->num,
                          .ev = cheque->ev,
                          .args = {{"eur", format_fr_euros(c->a, cheque->num),
                                    NULL}}});
    return CHECKS_DONE;
}
