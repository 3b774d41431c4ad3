/* Where an invoice stands against the public reference: the regulated
 * electricity tariff (TRVE, CRE) or the CRE's monthly gas price. Exact
 * integers throughout: one rounding at the end of each figure (see
 * docs/decisions/0008-exact-market.md). */
#include <string.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "invoice/audit.h"
#include "invoice/basket.h"
#include "invoice/format_fr.h"
#include "invoice/offers.h"
#include "invoice/plausible.h"

typedef __int128 wide;

enum {
    CAP_PCT = 40,
    COVERAGE_PCT = 60,   /* least share of the days with a reference */
    PARTIAL_PM = 800,    /* confidence factor of a partial reference */
    HALF_YEAR = 182,     /* fewer days say nothing of the best option */
    YEAR_LEAST = 359     /* more are twelve months */
};

/* Costs of the basket are cents x 10^4 (an amount times 10^4 + VAT rate). A
 * reference sum over the days is micro-euros x thousandths, that is cents x
 * 10^7 x days of the period: TO_REF brings costs to it, dividing by REF x
 * days gives cents. */
static const int64_t REF = 10000000, TO_REF = 1000;

static int64_t round_wide(wide v, wide by)
{
    const wide half = by / 2;
    return (int64_t)((v < 0 ? v - half : v + half) / by);
}

struct sums {
    int32_t covered;
    wide subscription, energy, base_option, lower_power;
    bool no_base_option, no_lower_power;
    enum verified verified;
};

static void note_verified(struct sums *s, enum verified v)
{
    if (v < s->verified)
        s->verified = v;
}

static int64_t price(const struct trve_row *t, enum basket_register r)
{
    switch (r) {
    case BASKET_BASE:
        return t->base;
    case BASKET_HP:
        return t->hp;
    case BASKET_HC:
        return t->hc;
    case BASKET_PEAK: /* EJP: the grid holds its mobile peak as rouge_hp */
        return t->tempo[5];
    default:
        return t->tempo[r - BASKET_TEMPO];
    }
}

/* The same day with the power that would do. */
static void add_lower_power(const struct reference *ref, const struct basket *b,
                            int32_t day, struct sums *s)
{
    if (!b->lower_kva)
        return;
    const struct trve_row *t =
        reference_trve(ref, day, b->option, b->lower_kva);
    if (!t || t->month_ttc < 0)
        s->no_lower_power = true;
    else
        s->lower_power += (wide)t->month_ttc * b->months_milli;
}

/* One day of electricity; false when the grid lacks a price it needs. */
static bool add_elec_day(const struct reference *ref, const struct basket *b,
                         int32_t day, struct sums *s)
{
    const struct trve_row *t = reference_trve(ref, day, b->option, b->kva);
    if (!t || t->month_ttc < 0)
        return false;
    wide energy = 0;
    for (enum basket_register r = 0; r < BASKET_MAX; r++) {
        if (!b->kwh_milli[r])
            continue;
        if (price(t, r) < 0)
            return false;
        energy += (wide)b->kwh_milli[r] * price(t, r);
    }
    s->subscription += (wide)t->month_ttc * b->months_milli;
    s->energy += energy;
    note_verified(s, t->verified);
    add_lower_power(ref, b, day, s);
    const struct trve_row *base = reference_trve(ref, day, "BASE", b->kva);
    if (!base || base->month_ttc < 0 || base->base < 0)
        s->no_base_option = true;
    else
        s->base_option += (wide)base->month_ttc * b->months_milli +
                          (wide)base->base * b->all_kwh_milli;
    return true;
}

static bool add_gas_day(const struct reference *ref, const struct basket *b,
                        int32_t day, struct sums *s)
{
    const struct prvg_row *p = reference_prvg(ref, day, b->heating);
    if (!p || p->year_ttc < 0 || p->kwh_ttc < 0)
        return false;
    s->subscription += (wide)p->year_ttc * b->months_milli / 12;
    s->energy += (wide)p->kwh_ttc * b->all_kwh_milli;
    note_verified(s, p->verified);
    return true;
}

static struct sums add_days(const struct reference *ref,
                            const struct basket *b)
{
    struct sums s = {.verified = VERIFIED_YES};
    for (int32_t day = b->start; day <= b->end; day++)
        s.covered += b->energy == ENERGY_GAS ? add_gas_day(ref, b, day, &s)
                                             : add_elec_day(ref, b, day, &s);
    return s;
}

/* Rounded down, as far as the position is shown. */
static int32_t percent(wide saving, wide cost)
{
    const int64_t pct = cost > 0 ? (int64_t)(saving * 100 / cost) : 0;
    return (int32_t)(pct > CAP_PCT ? CAP_PCT : pct);
}

/* Gap, saving and percentage of two exact sums of the same scale; scale
 * turns them into cents. What a better option or power (plus, of the same
 * scale) brings adds to the saving; a price below the reference counts
 * against it. */
static void compare(struct market *m, wide cost, wide reference, wide plus,
                    wide scale)
{
    m->gap_pm = (int32_t)(round_wide(cost * 1000, reference) - 1000);
    m->cost_cents = round_wide(cost, scale);
    m->reference_cents = round_wide(reference, scale);
    m->above_cents = round_wide(cost - reference, scale);
    const wide saving = cost > reference - plus ? cost - reference + plus : 0;
    m->saving_cents = round_wide(saving, scale);
    m->saving_pct = percent(saving, cost);
}

/* A year's saving: the subscription part grows with the months, the energy
 * part with the printed annual consumption, else with that of the remembered
 * invoices. Without either there is no annual figure: a winter bill is never multiplied by six. */
static void extrapolate(struct market *m, const struct basket *b,
                        const struct sums *s)
{
    if (b->annual_kwh <= 0 || m->saving_cents <= 0 || !b->all_kwh_milli)
        return;
    const wide cov = s->covered,
               sub = b->cost_subscription * cov * TO_REF - s->subscription,
               rest = b->cost_energy * cov * TO_REF - s->energy,
               scale = cov * REF;
    const int64_t year =
        round_wide(sub * 12000, scale * b->months_milli) +
        round_wide(rest * b->annual_kwh * 1000, scale * b->all_kwh_milli) +
        round_wide((wide)m->option_cents * b->annual_kwh * 1000,
                   b->all_kwh_milli) +
        round_wide((wide)m->power_cents * 12000, b->months_milli);
    m->has_annual = year > 0;
    m->annual_cents = year > 0 ? year : 0;
}

static const char *months_between(struct arena *a, int32_t from, int32_t to)
{
    int y1, m1, y2, m2, d;
    clock_civil(from, &y1, &m1, &d);
    clock_civil(to, &y2, &m2, &d);
    const char *first = format_fr_month(a, from),
               *last = format_fr_month(a, to);
    if (str_eq(first, last))
        return last;
    if (y1 == y2)
        first = arena_strndup(a, first, (size_t)(strchr(first, ' ') - first));
    return arena_printf(a, "%s à %s", first, last);
}

static const char *label(struct arena *a, const struct basket *b)
{
    static const char *const words[][2] = {
        {"BASE", "Base"}, {"HPHC", "HP/HC"}, {"TEMPO", "Tempo"}};
    const char *months = months_between(a, b->start, b->end);
    if (b->energy == ENERGY_GAS)
        return arena_printf(a, "Prix repère de la CRE (%s), %s",
                            b->heating ? "chauffage" : "cuisson, eau chaude",
                            months);
    const char *option = b->option;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_eq(words[i][0], b->option))
            option = words[i][1];
    return arena_printf(a, "Tarif réglementé %s %d kVA, %s", option, b->kva,
                        months);
}

static void refuse(struct market *m, const char *why)
{
    m->unavailable = true;
    m->why = why;
}

/* What the option Base and a lower power would cost less; the sum of both. */
static wide improve(struct market *m, const struct basket *b,
                    const struct sums *s)
{
    const wide scale = (wide)b->days * REF;
    const int64_t hp = b->kwh_milli[BASKET_HP], hc = b->kwh_milli[BASKET_HC];
    wide option = 0, power = 0;
    if (str_eq(b->option, "HPHC") && hp + hc > 0) {
        m->hc_share_pm = (int32_t)round_wide((wide)hc * 1000, hp + hc);
        if (!s->no_base_option) {
            m->base_option_cents = round_wide(s->base_option, scale);
            if (s->covered >= HALF_YEAR)
                option = s->subscription + s->energy - s->base_option;
        }
    }
    if (b->lower_kva && !s->no_lower_power)
        power = s->subscription - s->lower_power;
    option = option > 0 ? option : 0;
    power = power > 0 ? power : 0;
    m->option_cents = round_wide(option, scale);
    m->power_cents = round_wide(power, scale);
    m->lower_kva = power > 0 ? b->lower_kva : 0;
    return option + power;
}

static void fill(struct arena *a, struct market *m, const struct basket *b,
                 const struct sums *s)
{
    const wide cov = s->covered, cost = b->cost_subscription + b->cost_energy,
               scale = (wide)b->days * REF;
    const wide plus = improve(m, b, s);
    compare(m, cost * cov * TO_REF, s->subscription + s->energy, plus, scale);
    m->subscription_cents =
        round_wide(b->cost_subscription * cov * TO_REF, scale);
    m->reference_subscription_cents = round_wide(s->subscription, scale);
    m->label = label(a, b);
    extrapolate(m, b, s);
}

/* The same against the cheapest offer of the operator's table. */
struct against_offer {
    bool found;
    int64_t saving_cents, annual_cents;
    int32_t saving_pct;
};

static struct against_offer against(const struct reference *ref,
                                    const struct basket *b)
{
    struct against_offer x = {.found = false};
    struct offers_cost o;
    if (!offers_cheapest(ref, b, &o))
        return x;
    x.found = true;
    const wide sub = b->cost_subscription * TO_REF - o.subscription,
               rest = b->cost_energy * TO_REF - o.energy,
               cost = (b->cost_subscription + b->cost_energy) * TO_REF;
    if (sub + rest <= 0)
        return x;
    x.saving_cents = round_wide(sub + rest, REF);
    x.saving_pct = percent(sub + rest, cost);
    if (b->annual_kwh > 0 && b->all_kwh_milli > 0)
        x.annual_cents =
            round_wide(sub * 12000, (wide)REF * b->months_milli) +
            round_wide(rest * b->annual_kwh * 1000,
                       (wide)REF * b->all_kwh_milli);
    return x;
}

/* Offers count when every energy with a position has one: a saving is never
 * partly against offers and partly against the reference. */
static void use_offers(const struct reference *ref, struct audit_result *out,
                       const struct against_offer x[2])
{
    bool all = ref->n_offers > 0;
    for (size_t i = 0; i < out->n_market; i++)
        all = all && (out->market[i].unavailable || x[i].found);
    for (size_t i = 0; all && i < out->n_market; i++) {
        struct market *m = &out->market[i];
        if (m->unavailable)
            continue;
        m->offers_day = ref->offers_day;
        m->saving_cents = x[i].saving_cents;
        m->saving_pct = x[i].saving_pct;
        m->has_annual = x[i].annual_cents > 0;
        m->annual_cents = m->has_annual ? x[i].annual_cents : 0;
        m->option_cents = m->power_cents = m->lower_kva = 0;
    }
}

/* kWh of twelve months from remembered invoices that follow each other day
 * by day; -1 when they do not reach back a year, or one is not known. */
static int64_t remembered_year(const struct audit_result *out,
                               enum energy energy)
{
    const struct history *h = NULL;
    for (size_t i = 0; i < out->n_past; i++)
        if (out->past[i].now.energy == energy)
            h = &out->past[i];
    if (!h || h->now.kwh < 0)
        return -1;
    int64_t kwh = h->now.kwh;
    int32_t from = h->now.start;
    for (size_t i = 0; i < h->n_rows && h->now.end - from < YEAR_LEAST; i++) {
        const struct history_fact *f = &h->rows[i];
        const int32_t apart = from - f->end; /* 1 when they follow */
        if (apart < 0 || apart > 2 || f->end < f->start || f->kwh < 0 ||
            f->paper == PAPER_CREDIT || f->replaces)
            return -1;
        kwh += f->kwh;
        from = f->start;
    }
    const int64_t days = h->now.end - from + 1;
    return days > YEAR_LEAST ? kwh * 365 / days : -1;
}

static struct against_offer one_energy(struct arena *a,
                                       const struct reference *ref,
                                       const struct invoice *inv,
                                       int16_t conf_min,
                                       int64_t remembered, struct market *m)
{
    struct basket b;
    m->hc_share_pm = -1;
    m->base_option_cents = -1;
    m->verified = VERIFIED_NO;
    const char *why = basket_fill(a, ref, inv, m->energy, &b);
    const struct value *reached = &inv->f[F_kva_reached];
    if (!why && m->energy == ENERGY_ELEC && reached->present &&
        reached->ev.conf >= conf_min)
        b.lower_kva = basket_lower_power(b.kva, reached->num);
    if (!why && b.annual_kwh < 0)
        b.annual_kwh = remembered;
    m->days = b.days;
    m->conf = b.conf;
    if (why) {
        refuse(m, why);
        return (struct against_offer){.found = false};
    }
    const struct sums s = add_days(ref, &b);
    m->covered_days = s.covered;
    m->verified = s.verified;
    if (inv->is_professional && m->verified == VERIFIED_YES)
        m->verified = VERIFIED_PARTIAL; /* the grids are those of homes */
    if (m->verified != VERIFIED_YES)
        m->conf = (int16_t)(m->conf * PARTIAL_PM / 1000);
    if (s.covered * 100 < b.days * COVERAGE_PCT)
        refuse(m, "référence indisponible");
    else if (s.subscription + s.energy <= 0 ||
             b.cost_subscription + b.cost_energy <= 0)
        refuse(m, "montants non comparables");
    else if (m->conf < conf_min)
        refuse(m, "lecture ou référence trop incertaine");
    else
        fill(a, m, &b, &s);
    return against(ref, &b);
}

/* Dual: the rounded sums of both; when only one has a reference it stands
 * alone (and its energy says so). */
static void add_up(struct arena *a, struct audit_result *out)
{
    struct market *one = &out->market[0], *two = &out->market[1],
                  *all = &out->overall;
    *all = one->unavailable && out->n_market == 2 ? *two : *one;
    if (out->n_market < 2 || one->unavailable || two->unavailable)
        return;
    all->energy = ENERGY_DUAL;
    const int64_t saving = one->saving_cents + two->saving_cents;
    const wide plus = (wide)one->option_cents + one->power_cents;
    compare(all, one->cost_cents + two->cost_cents,
            one->reference_cents + two->reference_cents, plus, 1);
    if (all->offers_day) {
        all->saving_cents = saving;
        all->saving_pct = percent(saving, all->cost_cents);
    }
    all->conf = one->conf < two->conf ? one->conf : two->conf;
    all->verified = one->verified < two->verified ? one->verified
                                                  : two->verified;
    all->has_annual = one->has_annual && two->has_annual;
    all->annual_cents =
        all->has_annual ? one->annual_cents + two->annual_cents : 0;
    all->hc_share_pm = one->hc_share_pm;
    all->base_option_cents = -1;
    all->label = arena_printf(a, "%s ; %s", one->label, two->label);
}

void market_compute(struct arena *a, const struct reference *ref,
                    const struct invoice *inv, int16_t conf_min,
                    struct audit_result *out)
{
    const bool dual = inv->energy == ENERGY_DUAL;
    inv = plausible_copy(a, inv);
    out->n_market = dual ? 2 : 1;
    out->market[0] = (struct market){
        .energy = dual ? ENERGY_ELEC : inv->energy};
    out->market[1] = (struct market){.energy = ENERGY_GAS};
    struct against_offer x[2] = {{.found = false}};
    for (size_t i = 0; i < out->n_market; i++)
        x[i] = one_energy(a, ref, inv, conf_min,
                          remembered_year(out, out->market[i].energy),
                          &out->market[i]);
    use_offers(ref, out, x);
    add_up(a, out);
}
