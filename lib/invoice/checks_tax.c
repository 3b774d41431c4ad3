/* Are the taxes those of the law on the days billed? CHK-10, 11, 13. Corsica
 * and overseas have other rates: nothing is checked there. */
#include <stdlib.h>
#include "base/clock.h"
#include "base/str.h"
#include "invoice/basket.h"
#include "invoice/checks.h"
#include "invoice/format_fr.h"

typedef __int128 wide;

enum { LARGE_KVA = 37, /* any power above 36 kVA has the same VAT */
       KWH_ROUNDING = 2000, /* thousandths: two lines rounded to kWh */
       AHEAD_DAYS = 62 /* a subscription may be billed two months ahead */ };

/* Power that decides tax categories: printed, or at most 36 kVA for C5; -1
 * when unknown. Gas has none. */
static int32_t power(const struct checks *c, enum energy energy)
{
    if (energy == ENERGY_GAS)
        return 0;
    const struct value *kva = &c->inv->f[F_kva];
    const char *segment = invoice_text(c->inv, F_segment);
    if (kva->present)
        return kva->num > 100000 ? 100000 : (int32_t)kva->num;
    return segment && str_eq(segment, "C5") ? 36 : -1;
}

static enum energy energy_of(const struct checks *c, const struct line *l)
{
    return l->energy == ENERGY_NONE ? c->inv->energy : l->energy;
}

/* The word of tva.tsv; NULL when the table says nothing of a component. */
static const char *vat_word(const struct line *l, int32_t kva)
{
    switch (l->component) {
    case COMP_SUBSCRIPTION:
        return "abonnement";
    case COMP_CTA: /* "same as abonnement", which differs above 36 kVA */
        return kva >= LARGE_KVA ? "abonnement" : "cta";
    case COMP_CONSUMPTION:
        return "consommation";
    case COMP_EXCISE:
        return "accise";
    default:
        return NULL;
    }
}

/* Legal rates of a line over its days: the least, the largest, and the mean
 * in hundredths of a percent x days. */
struct expected {
    int32_t first, last, days;
    int64_t sum;
    bool partial;
};

static bool expect(const struct checks *c, const char *word, int32_t kva,
                   const int32_t span[2], struct expected *e)
{
    *e = (struct expected){.days = span[1] - span[0] + 1};
    if (e->days < 1 || e->days > 1200)
        return false;
    for (int32_t day = span[0]; day <= span[1]; day++) {
        const struct vat_row *v = reference_vat(c->ref, day, word, kva);
        if (!v || v->rate_bp < 0)
            return false;
        if (day == span[0])
            e->first = v->rate_bp;
        e->last = v->rate_bp;
        e->sum += v->rate_bp;
        e->partial |= v->verified != VERIFIED_YES;
    }
    return true;
}

/* Days a line covers: its own, else those of the subscription or of the
 * consumption; *sure is false when they are only the latter's. */
static void line_span(const struct checks *c, const struct line *l,
                      int32_t span[2], bool *sure)
{
    const bool standing =
        l->component == COMP_SUBSCRIPTION || l->component == COMP_CTA;
    *sure = true;
    if (l->has_period) {
        span[0] = l->start;
        span[1] = l->end;
        return;
    }
    const bool printed = c->inv->f[F_subscription_start].present &&
                         c->inv->f[F_subscription_end].present;
    const bool own = standing && printed;
    span[0] = (int32_t)c->inv->f[own ? F_subscription_start : F_period_start]
                  .num;
    span[1] = (int32_t)c->inv->f[own ? F_subscription_end : F_period_end].num;
    *sure = own || !standing;
    if (!*sure)
        span[1] += AHEAD_DAYS;
}

static void hit_rate(struct checks *c, const struct line *l,
                     const struct expected *e)
{
    /* amount x (billed - mean legal rate), in cents */
    const wide by = (wide)10000 * e->days;
    const wide more = (wide)l->amount_cents *
                      ((wide)l->rate_bp * e->days - e->sum);
    const int64_t cents =
        (int64_t)((more < 0 ? more - by / 2 : more + by / 2) / by);
    const char *want = format_fr_rate(c->a, e->first);
    if (e->first != e->last)
        want = arena_printf(c->a, "%s puis %s", want,
                            format_fr_rate(c->a, e->last));
    checks_hit(c, &(struct checks_hit){
                      .direction = checks_direction(cents),
                      .has_amount = cents != 0,
                      .amount_cents = cents,
                      .partial = e->partial || e->first != e->last,
                      .ev = l->ev,
                      .args = {{"label", l->label ? l->label : "",
                                wording_component(l->component)},
                               {"taux", format_fr_rate(c->a, l->rate_bp),
                                NULL},
                               {"attendu", want, NULL}}});
}

/* Another line of the kind has the other rate: both share the days. */
static bool is_halved(const struct checks *c, const struct line *l,
                      const struct expected *e)
{
    const int32_t other = l->rate_bp == e->first ? e->last : e->first;
    if (l->has_period || (l->rate_bp != e->first && l->rate_bp != e->last))
        return false;
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *m = &c->inv->lines[i];
        if (m->component == l->component && !m->has_period && m->has_rate &&
            m->rate_bp == other && energy_of(c, m) == energy_of(c, l))
            return true;
    }
    return false;
}

/* True when the line could be judged. */
static bool judge_rate(struct checks *c, const struct line *l)
{
    const int32_t kva = power(c, energy_of(c, l));
    const char *word = vat_word(l, kva);
    struct expected e;
    int32_t span[2];
    bool sure;
    checks_again(c);
    if (!word || !l->has_rate || !checks_usable(c, &l->ev))
        return false;
    line_span(c, l, span, &sure);
    if (!expect(c, word, kva < 0 ? 0 : kva, span, &e) ||
        (!sure && e.first != e.last))
        return false;
    if ((l->rate_bp == e.first && e.first == e.last) || is_halved(c, l, &e))
        return true;
    /* 20 % instead of 5.5 % is right above 36 kVA: the power must be known */
    if (kva < 0 && l->rate_bp > e.first)
        return false;
    hit_rate(c, l, &e);
    return true;
}

/* CHK-10: the VAT rate is that of the days the line covers */
enum checks_outcome checks_tax_rate(struct checks *c)
{
    enum checks_outcome outcome = CHECKS_SKIPPED;
    if (basket_elsewhere(c->inv))
        return outcome;
    for (size_t i = 0; i < c->inv->n_lines; i++)
        if (judge_rate(c, &c->inv->lines[i]))
            outcome = CHECKS_DONE;
    return outcome;
}

/* Excise lines of one energy added up: rates printed in two parts (base and
 * increase for the islands) share their kWh. */
struct excise {
    int64_t billed_cents;
    wide kwh_days;  /* thousandths of kWh, once a period */
    wide legal;     /* thousandths of kWh x micro-euros per MWh */
    int32_t rate_bp;
    bool partial, is_split;
    const struct line *line; /* the largest, for evidence */
};

static bool same_days(const struct line *l, const struct line *m)
{
    return l->has_period == m->has_period &&
           (!l->has_period || (l->start == m->start && l->end == m->end));
}

static bool is_excise(const struct checks *c, const struct line *l,
                      enum energy energy)
{
    return l->component == COMP_EXCISE && l->has_amount &&
           basket_line_is(c->inv, l, energy);
}

static int64_t excise_kwh(const struct checks *c, const struct line *l,
                          enum energy energy)
{
    int64_t kwh = basket_line_kwh(l);
    if (kwh || l->has_period)
        return kwh;
    for (size_t i = 0; i < c->inv->n_lines; i++)
        if (c->inv->lines[i].component == COMP_CONSUMPTION &&
            basket_line_is(c->inv, &c->inv->lines[i], energy))
            kwh += basket_line_kwh(&c->inv->lines[i]);
    return kwh;
}

/* Legal excise of kwh spread evenly over the days; false without a rate. */
static bool add_legal(const struct checks *c, const struct line *l,
                      enum energy energy, int64_t kwh, struct excise *x)
{
    int32_t span[2];
    bool sure;
    wide sum = 0;
    line_span(c, l, span, &sure);
    const int32_t days = span[1] - span[0] + 1, kva = power(c, energy);
    if (days < 1 || days > 1200 || kva < 0)
        return false;
    for (int32_t day = span[0]; day <= span[1]; day++) {
        const struct excise_row *e =
            reference_excise(c->ref, day, energy == ENERGY_GAS, kva);
        if (!e || e->micro_per_mwh < 0)
            return false;
        sum += e->micro_per_mwh;
        x->partial |= e->verified != VERIFIED_YES;
    }
    x->legal += (wide)kwh * sum / days;
    x->kwh_days += kwh;
    return true;
}

/* Billed kWh of the days of line l, of all days when no line has its days. */
static int64_t consumed(const struct checks *c, const struct line *l,
                        enum energy energy)
{
    int64_t own = 0, all = 0;
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *m = &c->inv->lines[i];
        if (m->component != COMP_CONSUMPTION ||
            !basket_line_is(c->inv, m, energy))
            continue;
        all += basket_line_kwh(m);
        own += same_days(l, m) ? basket_line_kwh(m) : 0;
    }
    return own > 0 ? own : all;
}

/* The printed price in micro-euros a MWh, 0 for none. */
static int64_t printed_rate(const struct line *l)
{
    return !l->has_price         ? 0
           : l->unit == UNIT_KWH ? l->price_micro * 1000
           : l->unit == UNIT_MWH ? l->price_micro
                                 : 0;
}

/* A line without days whose price is the law's on one of the billed days
 * (half a percent: they are printed rounded). */
static bool is_of_some_day(const struct checks *c, const struct line *l,
                           enum energy energy)
{
    int32_t span[2];
    bool sure;
    const int64_t price = printed_rate(l);
    line_span(c, l, span, &sure);
    for (int32_t day = span[0]; day <= span[1] && day < span[0] + 1200; day++) {
        const struct excise_row *e = reference_excise(
            c->ref, day, energy == ENERGY_GAS, power(c, energy));
        const int64_t legal = e ? e->micro_per_mwh : -1;
        if (legal > 0 && llabs(price - legal) * 200 <= legal)
            return true;
    }
    return false;
}

/* Lines without days that bill several legal rates, each on kWh of its own:
 * the meter told how many, not the calendar. A single rate is no such split. */
static bool is_split(const struct checks *c, enum energy energy)
{
    int64_t first = 0, kwh = 0;
    const struct line *last = NULL;
    bool several = false;
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        if (!is_excise(c, l, energy) || l->has_period)
            continue;
        if (basket_line_kwh(l) <= 0 || !is_of_some_day(c, l, energy))
            return false;
        several |= first && printed_rate(l) != first;
        first = printed_rate(l);
        kwh += basket_line_kwh(l);
        last = l;
    }
    return several && kwh <= consumed(c, last, energy) + KWH_ROUNDING;
}

/* Adds line i: its amount always, its kWh when it is the first of its days.
 * Lines of the same days share their kWh (two parts of a rate), unless what
 * was consumed holds them one after the other (two months, two registers). */
static bool add_excise(struct checks *c, size_t i, enum energy energy,
                       struct excise *x)
{
    const struct line *l = &c->inv->lines[i];
    if (!checks_usable(c, &l->ev))
        return false;
    x->billed_cents += l->amount_cents;
    x->rate_bp = l->has_rate ? l->rate_bp : 0;
    if (!x->line || l->amount_cents > x->line->amount_cents)
        x->line = l;
    int64_t kwh = basket_line_kwh(l), sum = 0;
    if (!l->has_period && x->is_split) {
        x->legal += (wide)kwh * printed_rate(l);
        x->kwh_days += kwh;
        return true;
    }
    for (size_t k = 0; k < c->inv->n_lines; k++) {
        const struct line *m = &c->inv->lines[k];
        if (!is_excise(c, m, energy) || !same_days(l, m))
            continue;
        if (k < i)
            return true; /* its period is counted */
        const int64_t other = excise_kwh(c, m, energy);
        kwh = other > kwh ? other : kwh;
        sum += basket_line_kwh(m);
    }
    if (sum > kwh && sum <= consumed(c, l, energy) + KWH_ROUNDING)
        kwh = sum;
    return kwh > 0 && add_legal(c, l, energy, kwh, x);
}

/* €/MWh with two decimals: cents / (thousandths of kWh) x 10^4 … */
static const char *per_mwh(const struct checks *c, wide micro_cents, wide kwh)
{
    return format_fr_number(c->a, (int64_t)((micro_cents + kwh / 2) / kwh), 6,
                            2);
}

static bool judge_excise(struct checks *c, enum energy energy)
{
    struct excise x = {.is_split = is_split(c, energy)};
    checks_again(c);
    for (size_t i = 0; i < c->inv->n_lines; i++)
        if (is_excise(c, &c->inv->lines[i], energy) &&
            !add_excise(c, i, energy, &x))
            return false;
    if (!x.line || x.kwh_days <= 0)
        return false;
    /* cents x 10^10 on both sides: kWh/1000 x micro/MWh = 10^-12 euro */
    const wide cent = 10000000000, billed = (wide)x.billed_cents * cent;
    if (billed * 1000 <= x.legal * 1005 + 2000 * cent)
        return true;
    const int64_t more = (int64_t)((billed - x.legal + cent / 2) / cent);
    checks_hit(c, &(struct checks_hit){
                      .direction = DIR_LOSES,
                      .has_amount = true,
                      .amount_cents = checks_with_vat(more, x.rate_bp),
                      .partial = x.partial,
                      .ev = x.line->ev,
                      .args = {{"taux", per_mwh(c, billed, x.kwh_days), NULL},
                               {"legal", per_mwh(c, x.legal, x.kwh_days),
                                NULL},
                               {"eur", format_fr_euros(c->a, more), NULL}}});
    return true;
}

/* CHK-11: the excise is not above the legal rate weighted by days. A lower
 * one is no finding: reduced rates exist. */
enum checks_outcome checks_tax_excise(struct checks *c)
{
    if (basket_elsewhere(c->inv) || c->inv->several_points ||
        !basket_is_whole(c->inv))
        return CHECKS_SKIPPED;
    const bool elec = judge_excise(c, ENERGY_ELEC),
               gas = judge_excise(c, ENERGY_GAS);
    return elec || gas ? CHECKS_DONE : CHECKS_SKIPPED;
}

/* CHK-13: no local tax line for days after 2023-01-01 (the taxes were merged
 * into the excise in 2022-2023; sources differ on the month). */
enum checks_outcome checks_tax_local(struct checks *c)
{
    const int32_t merged = clock_days(2023, 1, 1);
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        checks_again(c);
        const int64_t from =
            l->has_period ? l->start : c->inv->f[F_period_start].num;
        const bool local = l->is_local_tax || l->component == COMP_LOCAL_TAX;
        if (!local || from < merged || !basket_line_is(c->inv, l, ENERGY_ELEC))
            continue;
        if (!checks_usable(c, &l->ev) || (l->has_amount && !l->amount_cents))
            continue;
        const int64_t cents =
            checks_with_vat(l->has_amount ? l->amount_cents : 0,
                            l->has_rate ? l->rate_bp : 0);
        checks_hit(c, &(struct checks_hit){
                          .direction = cents < 0 ? DIR_GAINS : DIR_LOSES,
                          .has_amount = l->has_amount,
                          .amount_cents = cents,
                          .ev = l->ev,
                          .args = {{"label", l->label ? l->label : "",
                                    wording_component(COMP_LOCAL_TAX)}}});
    }
    return c->inv->n_lines ? CHECKS_DONE : CHECKS_SKIPPED;
}
