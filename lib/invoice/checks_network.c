/* Is the CTA the part of the network's fixed tariff that the orders set?
 * CHK-12 and 12G. The formula or class is often not printed: then every one
 * that the site may have is right. Days without a tariff are never judged. */
#include <stdlib.h>
#include "base/str.h"
#include "invoice/basket.h"
#include "invoice/checks.h"
#include "invoice/format_fr.h"

typedef __int128 wide;

enum {
    SPANS_MAX = 16,
    FORMULAS_MAX = 16,
    DAYS_MAX = 1200,
    KVA_MAX = 36,
    GAS_SMALL_KWH = 300000, /* above, other classes than T1 and T2 */
    AHEAD_DAYS = 62,        /* may be billed two months ahead */
    NEAR_PCT = 5,
    NEAR_CENTS = 20
};

/* The days of CTA lines, each once, and what was billed for them. */
struct cta {
    struct span {
        int32_t start, end;
        int64_t months_milli;
    } spans[SPANS_MAX];
    size_t n_spans;
    int64_t billed_cents;
    int32_t rate_bp;
    int32_t shift; /* days; to look at the next period too */
    bool unsure;   /* days are those of the consumption: perhaps ahead */
    bool partial;
    const struct line *line;
};

/* Where the days of a line are printed; false when nowhere. */
static bool line_days(const struct checks *c, const struct line *l,
                      struct cta *x, struct span *s)
{
    const struct value *f = c->inv->f;
    const bool own =
        f[F_subscription_start].present && f[F_subscription_end].present;
    s->start = (int32_t)f[own ? F_subscription_start : F_period_start].num;
    s->end = (int32_t)f[own ? F_subscription_end : F_period_end].num;
    if (l->has_period) {
        s->start = l->start;
        s->end = l->end;
    }
    x->unsure |= !l->has_period && !own;
    return s->end >= s->start && s->end - s->start < DAYS_MAX;
}

/* Months of a line: as billed when that fits its days, else no judgement. */
static bool line_months(const struct line *l, struct span *s)
{
    const int64_t days = s->end - s->start + 1,
                  by_days = days * 10000000 / 304375;
    s->months_milli = by_days;
    if (l->has_quantity && l->unit == UNIT_MONTH)
        s->months_milli = l->quantity_milli;
    else if (l->has_quantity && l->unit == UNIT_DAY)
        s->months_milli = l->quantity_milli * 10000 / 304375;
    const int64_t gap = llabs(s->months_milli - by_days);
    return s->months_milli > 0 && (gap <= 500 || gap * 5 <= by_days);
}

static bool add_span(struct cta *x, const struct span *s)
{
    for (size_t i = 0; i < x->n_spans; i++)
        if (x->spans[i].start <= s->end && s->start <= x->spans[i].end)
            /* a second line of the same days, or days that overlap */
            return x->spans[i].start == s->start && x->spans[i].end == s->end;
    if (x->n_spans == SPANS_MAX)
        return false;
    x->spans[x->n_spans++] = *s;
    return true;
}

/* All CTA lines of an energy; false when there is none or one cannot be
 * judged. */
static bool collect(struct checks *c, enum energy energy, struct cta *x)
{
    *x = (struct cta){.line = NULL};
    checks_again(c);
    if (basket_elsewhere(c->inv) || c->inv->several_points ||
        !basket_is_whole(c->inv))
        return false;
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        struct span s;
        if (l->component != COMP_CTA || !basket_line_is(c->inv, l, energy))
            continue;
        if (!l->has_amount || l->amount_cents < 0 ||
            !checks_usable(c, &l->ev) || !line_days(c, l, x, &s) ||
            !line_months(l, &s) || !add_span(x, &s))
            return false;
        x->billed_cents += l->amount_cents;
        x->rate_bp = l->has_rate ? l->rate_bp : 0;
        x->line = x->line ? x->line : l;
    }
    return x->line != NULL;
}

/* What a formula or class costs a year on a day: the fixed part in
 * micro-euros times the rate in 10^-8; -1 without a tariff. */
typedef wide a_year(const struct checks *c, struct cta *x, int32_t day,
                    const char *formula, int64_t fixed);

/* Expected CTA in cents, -1 when a day has no tariff. */
static int64_t expect(const struct checks *c, struct cta *x, a_year *year,
                      const char *formula, int64_t fixed)
{
    wide cents_e16 = 0; /* micro-euros x 10^-8 are cents x 10^12; a thousandth
                           of a month is 1/12000 of a year */
    for (size_t i = 0; i < x->n_spans; i++) {
        const struct span *s = &x->spans[i];
        wide sum = 0;
        for (int32_t day = s->start; day <= s->end; day++) {
            const wide one = year(c, x, day + x->shift, formula, fixed);
            if (one < 0)
                return -1;
            sum += one;
        }
        cents_e16 += sum * s->months_milli / (s->end - s->start + 1);
    }
    const wide by = (wide)12000 * 1000000000000;
    return (int64_t)((cents_e16 + by / 2) / by);
}

static int64_t tolerance(int64_t cents)
{
    const int64_t pct = cents * NEAR_PCT / 100;
    return pct > NEAR_CENTS ? pct : NEAR_CENTS;
}

static bool within(int64_t billed, int64_t lo, int64_t hi)
{
    return billed >= lo - tolerance(lo) && billed <= hi + tolerance(hi);
}

static const char *amount(const struct checks *c, int64_t cents)
{
    return format_fr_number(c->a, cents, 2, 2);
}

/* A finding: what was billed lies outside lo to hi. */
static struct checks_hit outside(const struct checks *c, const struct cta *x,
                                 int64_t lo, int64_t hi)
{
    const int64_t more =
        x->billed_cents > hi ? x->billed_cents - hi : x->billed_cents - lo;
    return (struct checks_hit){
        .direction = checks_direction(more),
        .has_amount = true,
        .amount_cents = checks_with_vat(more, x->rate_bp),
        .partial = x->partial,
        .ev = x->line->ev,
        .args = {{"cta", amount(c, x->billed_cents), NULL}}};
}

/* ---- electricity -------------------------------------------------------- */

static wide elec_year(const struct checks *c, struct cta *x, int32_t day,
                      const char *formula, int64_t kva)
{
    const struct cta_row *r = reference_cta(c->ref, day, CTA_ELEC);
    const struct turpe_row *t = reference_turpe(c->ref, day, formula);
    const int64_t fixed =
        t && !t->over_36kva ? reference_turpe_fixed(t, (int32_t)kva) : -1;
    if (!r || fixed < 0)
        return -1;
    x->partial |= r->verified != VERIFIED_YES || t->verified != VERIFIED_YES;
    return (wide)fixed * r->rate_bp * 10000;
}

/* Formulas of small sites; the printed one alone when it is known. */
static size_t formulas(const struct checks *c, const char **list)
{
    const char *printed = invoice_text(c->inv, F_fta);
    size_t n = 0;
    for (size_t i = 0; i < c->ref->n_turpe; i++) {
        const struct turpe_row *t = &c->ref->turpe[i];
        size_t k = 0;
        while (k < n && !str_eq(list[k], t->fta))
            k++;
        if (t->over_36kva || t->kva_year[0] < 0 || k < n || n == FORMULAS_MAX)
            continue;
        if (printed && str_eq(printed, t->fta)) {
            list[0] = t->fta;
            return 1;
        }
        list[n++] = t->fta;
    }
    return n;
}

/* Long use has a fixed part many times the others': as an end of the range
 * it would let everything pass, so it stands alone. */
static bool is_long_use(const char *formula)
{
    return str_ends(formula, "LU");
}

struct range {
    int64_t lo, hi;
    bool any, alone; /* alone: a long use fits */
};

/* Adds all formulas at the running shift; false without tariffs. */
static bool widen(struct checks *c, struct cta *x, struct range *r)
{
    const char *list[FORMULAS_MAX];
    const size_t n = formulas(c, list);
    for (size_t i = 0; i < n; i++) {
        const int64_t cents =
            expect(c, x, elec_year, list[i], c->inv->f[F_kva].num);
        if (cents < 0)
            continue; /* a formula of other years */
        if (is_long_use(list[i]) && n > 1) {
            r->alone |= within(x->billed_cents, cents, cents);
            continue;
        }
        r->lo = !r->any || cents < r->lo ? cents : r->lo;
        r->hi = !r->any || cents > r->hi ? cents : r->hi;
        r->any = true;
    }
    return r->any;
}

/* Above 36 kVA the fixed parts are printed: management, metering and power
 * by month or kVA, beside what goes by kWh. -1 when they cannot be told
 * apart. */
static int64_t printed_fixed(struct checks *c)
{
    int64_t fixed = 0;
    bool variable = false;
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        if (l->component != COMP_NETWORK ||
            !basket_line_is(c->inv, l, ENERGY_ELEC))
            continue;
        const bool by_kwh = l->unit == UNIT_KWH || l->unit == UNIT_MWH;
        if (!l->has_amount || !checks_usable(c, &l->ev) ||
            !(by_kwh || l->unit == UNIT_MONTH || l->unit == UNIT_DAY ||
              l->unit == UNIT_KVA))
            return -1;
        variable |= by_kwh;
        fixed += by_kwh ? 0 : l->amount_cents;
    }
    return variable && fixed > 0 ? fixed : -1;
}

/* CTA of the printed fixed parts at the mean rate of the days. */
static bool large_range(struct checks *c, struct cta *x, struct range *r)
{
    const int64_t fixed = printed_fixed(c);
    const char *segment = invoice_text(c->inv, F_segment);
    wide sum = 0;
    int32_t days = 0;
    if (fixed < 0 || (segment && !str_eq(segment, "C4")))
        return false;
    for (size_t i = 0; i < x->n_spans; i++)
        for (int32_t d = x->spans[i].start; d <= x->spans[i].end; d++) {
            const struct cta_row *row =
                reference_cta(c->ref, d + x->shift, CTA_ELEC);
            if (!row)
                return false;
            x->partial |= row->verified != VERIFIED_YES;
            sum += row->rate_bp;
            days++;
        }
    const wide by = (wide)10000 * days;
    const int64_t cents = (int64_t)((sum * fixed + by / 2) / by);
    r->lo = !r->any || cents < r->lo ? cents : r->lo;
    r->hi = !r->any || cents > r->hi ? cents : r->hi;
    r->any = true;
    return true;
}

/* CHK-12: the CTA lies where a formula of the power puts it */
enum checks_outcome checks_network_cta(struct checks *c)
{
    struct cta x;
    struct range r = {0};
    const int64_t kva = c->inv->f[F_kva].num;
    if (!collect(c, ENERGY_ELEC, &x) || kva <= 0 || kva > 100000)
        return CHECKS_SKIPPED;
    for (; x.shift <= AHEAD_DAYS; x.shift += AHEAD_DAYS) {
        if (!(kva > KVA_MAX ? large_range(c, &x, &r) : widen(c, &x, &r)))
            return CHECKS_SKIPPED;
        if (!x.unsure)
            break;
    }
    if (r.alone || within(x.billed_cents, r.lo, r.hi))
        return CHECKS_DONE;
    struct checks_hit hit = outside(c, &x, r.lo, r.hi);
    hit.args[1] = (struct wording_arg){"min", amount(c, r.lo), NULL};
    hit.args[2] = (struct wording_arg){"max", amount(c, r.hi), NULL};
    checks_hit(c, &hit);
    return CHECKS_DONE;
}

/* ---- gas ---------------------------------------------------------------- */

/* 20.80 % of the subscription and a share of 4.71 % for transport. */
static wide gas_year(const struct checks *c, struct cta *x, int32_t day,
                     const char *class, int64_t fixed)
{
    (void)fixed;
    const struct atrd_row *t = reference_atrd(c->ref, day, class);
    const struct cta_row *own = reference_cta(c->ref, day, CTA_GAS),
                         *share = reference_cta(c->ref, day, CTA_GAS_SHARE),
                         *coef = reference_cta(c->ref, day, CTA_GAS_COEF);
    if (!t || !own || !share || !coef)
        return -1;
    x->partial |=
        t->verified != VERIFIED_YES || own->verified != VERIFIED_YES ||
        share->verified != VERIFIED_YES || coef->verified != VERIFIED_YES;
    return (wide)t->year * ((int64_t)own->rate_bp * 10000 +
                            (int64_t)share->rate_bp * coef->rate_bp);
}

static bool is_gas_small(const struct checks *c)
{
    return invoice_num(c->inv, F_car_kwh, 0) < GAS_SMALL_KWH;
}

/* CHK-12G: the CTA is that of the class on GRDF's network */
enum checks_outcome checks_network_cta_gas(struct checks *c)
{
    const char *printed = invoice_text(c->inv, F_gas_class);
    const char *classes[2] = {printed ? printed : "T1", "T2"};
    const size_t n = printed ? 1 : 2;
    int64_t cents[2];
    struct cta x;
    if (!collect(c, ENERGY_GAS, &x) || basket_own_network(c->ref, c->inv) ||
        (!printed && !is_gas_small(c)))
        return CHECKS_SKIPPED;
    bool fits = false;
    for (; x.shift <= AHEAD_DAYS; x.shift += AHEAD_DAYS) {
        for (size_t i = 0; i < n; i++) {
            const int64_t one = expect(c, &x, gas_year, classes[i], 0);
            if (one < 0)
                return CHECKS_SKIPPED;
            fits |= within(x.billed_cents, one, one);
            if (!x.shift)
                cents[i] = one;
        }
        if (!x.unsure)
            break;
    }
    if (fits)
        return CHECKS_DONE;
    /* without a class: below the least, above the largest, or between */
    const bool far = n == 2 && x.billed_cents > cents[0];
    struct checks_hit hit = outside(c, &x, cents[far], cents[far]);
    const char *calc = amount(c, cents[0]);
    if (n == 2)
        calc = arena_printf(c->a, "%s ou %s", calc, amount(c, cents[1]));
    hit.args[1] = (struct wording_arg){"calc", calc, NULL};
    checks_hit(c, &hit);
    return CHECKS_DONE;
}
