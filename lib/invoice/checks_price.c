/* Where the price stands against the public reference, and whether option,
 * power and class fit: CHK-30 to 33 and 36. Positions come from the market
 * step: where it has no reference, nothing is said. */
#include "base/str.h"
#include "invoice/basket.h"
#include "invoice/checks.h"
#include "invoice/format_fr.h"

enum {
    TOTAL_PCT = 105,
    SUBSCRIPTION_PCT = 115,
    CAP_PM = 400,
    HALF_YEAR = 182,
    YEAR = 365,
    KVA_MAX = 36
};

/* The line that carries a position: the largest amount of the component. */
static const struct line *largest(const struct checks *c, enum energy energy,
                                  enum component component)
{
    const struct line *found = NULL;
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        if (l->component == component && l->has_amount &&
            basket_line_is(c->inv, l, energy) &&
            (!found || l->amount_cents > found->amount_cents))
            found = l;
    }
    return found;
}

/* "21", or "plus de 40" where the position is capped. */
static const char *percent(struct arena *a, int64_t pm)
{
    if (pm > CAP_PM)
        return "plus de 40";
    return arena_printf(a, "%d", (int)format_fr_round(pm, 10));
}

typedef bool judge(struct checks *c, const struct market *m);

/* Every energy that has a position is judged by itself. */
static enum checks_outcome each(struct checks *c, judge *rule)
{
    enum checks_outcome outcome = CHECKS_SKIPPED;
    for (size_t i = 0; i < c->out->n_market; i++) {
        checks_again(c);
        if (!c->out->market[i].unavailable && rule(c, &c->out->market[i]))
            outcome = CHECKS_DONE;
    }
    return outcome;
}

static bool judge_total(struct checks *c, const struct market *m)
{
    const struct line *l = largest(c, m->energy, COMP_CONSUMPTION);
    if (!l)
        return false;
    if (m->cost_cents * 100 <= m->reference_cents * TOTAL_PCT)
        return true;
    checks_hit(c, &(struct checks_hit){
                      .direction = DIR_LOSES,
                      .has_amount = true,
                      .amount_cents = m->above_cents,
                      .partial = m->verified != VERIFIED_YES,
                      .ev = l->ev,
                      .args = {{"pct", percent(c->a, m->gap_pm), NULL},
                               {"ref", m->label, NULL}}});
    return true;
}

/* CHK-30: more than 5 % above the reference: a position, no infringement */
enum checks_outcome checks_price_total(struct checks *c)
{
    return each(c, judge_total);
}

static bool judge_subscription(struct checks *c, const struct market *m)
{
    const struct line *l = largest(c, m->energy, COMP_SUBSCRIPTION);
    const int64_t cost = m->subscription_cents,
                  reference = m->reference_subscription_cents;
    if (!l || reference <= 0)
        return false;
    if (cost * 100 <= reference * SUBSCRIPTION_PCT)
        return true;
    const int64_t pm = format_fr_round((cost - reference) * 1000, reference);
    checks_hit(
        c, &(struct checks_hit){.direction = DIR_LOSES,
                                .has_amount = true,
                                .info = m->cost_cents <= m->reference_cents,
                                .amount_cents = cost - reference,
                                .partial = m->verified != VERIFIED_YES,
                                .ev = l->ev,
                                .args = {{"pct", percent(c->a, pm), NULL}}});
    return true;
}

/* CHK-31: subscription and CTA, with VAT, against the reference's. A high one
 * beside a low price a kWh may be right: it only informs then. */
enum checks_outcome checks_price_subscription(struct checks *c)
{
    return each(c, judge_subscription);
}

/* A few weeks show a season, not a habit: no figure for a year then, and less
 * than one percent only informs. */
static bool judge_option(struct checks *c, const struct market *m)
{
    const struct line *l = largest(c, m->energy, COMP_CONSUMPTION);
    if (!l || m->hc_share_pm < 0 || m->base_option_cents < 0)
        return false;
    const int64_t less = m->reference_cents - m->base_option_cents;
    const bool year = m->covered_days >= HALF_YEAR;
    const int64_t cents =
        year ? format_fr_round(less * YEAR, m->covered_days) : less;
    if (less <= 0)
        return true;
    checks_hit(
        c, &(struct checks_hit){
               .direction = DIR_LOSES,
               .has_amount = true,
               .info = !year && less * 100 < m->reference_cents,
               .amount_cents = cents,
               .partial = !year || m->verified != VERIFIED_YES,
               .ev = l->ev,
               .args = {{"pct", percent(c->a, m->hc_share_pm), NULL},
                        {"eur", format_fr_euros(c->a, cents), NULL},
                        {"duree", year ? "par an" : "sur la période", NULL}}});
    return true;
}

/* CHK-32: the kWh of this bill would cost less without off-peak hours */
enum checks_outcome checks_price_option(struct checks *c)
{
    return each(c, judge_option);
}

/* Yearly cost of the fixed part for one power with VAT, cents; -1 without a
 * tariff. Above 36 kVA it is that of the network. */
static int64_t fixed_year(const struct checks *c, int32_t day, int32_t kva,
                          bool *partial)
{
    if (c->inv->f[F_kva].num <= KVA_MAX) {
        const char *option = invoice_text(c->inv, F_option);
        const struct trve_row *t =
            reference_trve(c->ref, day, option ? option : "BASE", kva);
        if (!t || t->month_ttc < 0)
            return -1;
        *partial |= t->verified != VERIFIED_YES || c->inv->is_professional;
        return format_fr_round(t->month_ttc * 12, 10000);
    }
    const char *fta = invoice_text(c->inv, F_fta);
    const struct turpe_row *t = fta ? reference_turpe(c->ref, day, fta) : NULL;
    const struct vat_row *v = reference_vat(c->ref, day, "abonnement", kva);
    const int64_t net = t && t->over_36kva ? reference_turpe_fixed(t, kva) : -1;
    if (net < 0 || !v || v->rate_bp < 0)
        return -1;
    *partial |= t->verified != VERIFIED_YES;
    return checks_with_vat(format_fr_round(net, 10000), v->rate_bp);
}

/* CHK-33: less than 70 % of the subscribed power was ever reached */
enum checks_outcome checks_price_power(struct checks *c)
{
    const struct value *kva = &c->inv->f[F_kva],
                       *reached = &c->inv->f[F_kva_reached];
    const int32_t day = (int32_t)c->inv->f[F_period_end].num,
                  lower = basket_lower_power(kva->num, reached->num);
    bool partial = false;
    if (c->inv->several_points || basket_elsewhere(c->inv) ||
        kva->num > INT32_MAX)
        return CHECKS_SKIPPED;
    if (!lower)
        return CHECKS_DONE;
    const int64_t now = fixed_year(c, day, (int32_t)kva->num, &partial),
                  then = fixed_year(c, day, lower, &partial);
    if (now < 0 || then < 0)
        return CHECKS_SKIPPED;
    if (now <= then)
        return CHECKS_DONE;
    checks_hit(
        c,
        &(struct checks_hit){
            .direction = DIR_LOSES,
            .has_amount = true,
            .amount_cents = now - then,
            .partial = partial,
            .ev = reached->ev,
            .args = {{"kva", arena_printf(c->a, "%d", (int)kva->num), NULL},
                     {"max", arena_printf(c->a, "%d", (int)reached->num), NULL},
                     {"kva2", arena_printf(c->a, "%d", (int)lower), NULL},
                     {"eur", format_fr_euros_round(c->a, now - then), NULL}}});
    return CHECKS_DONE;
}

/* CHK-36: the class of the gas network tariff holds the annual consumption.
 * Whether the price would follow is the supplier's: no amount. */
enum checks_outcome checks_price_class(struct checks *c)
{
    const char *class = invoice_text(c->inv, F_gas_class);
    const int64_t car = c->inv->f[F_car_kwh].num;
    const struct atrd_row *t =
        reference_atrd(c->ref, (int32_t)c->inv->f[F_period_end].num, class);
    if (!t || c->inv->several_points || basket_elsewhere(c->inv) ||
        basket_own_network(c->ref, c->inv))
        return CHECKS_SKIPPED;
    if (t->kwh_from <= car && car < t->kwh_to)
        return CHECKS_DONE;
    checks_hit(c,
               &(struct checks_hit){
                   .direction = DIR_NEUTRAL,
                   .partial = t->verified != VERIFIED_YES,
                   .ev = c->inv->f[F_gas_class].ev,
                   .args = {{"c", t->class, NULL},
                            {"car", format_fr_number(c->a, car, 0, 0), NULL}}});
    return CHECKS_DONE;
}
