/* Does the invoice agree with itself? CHK-01 to CHK-06. */
#include <stdlib.h>
#include "base/str.h"
#include "invoice/basket.h"
#include "invoice/checks.h"
#include "invoice/format_fr.h"

typedef __int128 wide;

enum { C5_KVA_MAX = 36 };

static const char *euros(const struct checks *c, int64_t cents)
{
    return format_fr_euros(c->a, cents);
}

static int64_t num(const struct checks *c, enum field_id id)
{
    return c->inv->f[id].num;
}

static const struct evidence *ev(const struct checks *c, enum field_id id)
{
    return &c->inv->f[id].ev;
}

static wide magnitude(wide v)
{
    return v < 0 ? -v : v;
}

/* Rounds a sum in 10^7ths of a cent to cents. */
static int64_t to_cents(wide v)
{
    const wide by = 10000000;
    return (int64_t)((v < 0 ? v - by / 2 : v + by / 2) / by);
}

static size_t count_rates(const struct invoice *inv)
{
    size_t n = inv->n_vat;
    for (size_t i = 0; n == 0 && i < inv->n_lines; i++) {
        size_t k = 0;
        while (k < i && inv->lines[k].rate_bp != inv->lines[i].rate_bp)
            k++;
        n += k == i && inv->lines[i].has_rate;
    }
    return n ? n : 1;
}

/* What bears no VAT (interest, a deposit) may be added below HT and TVA. */
static bool is_untaxed(const struct checks *c, int64_t gap)
{
    const struct mention *m = &c->inv->mentions[MENTION_untaxed];
    return m->present && m->num == gap;
}

/* CHK-01: |HT + TVA - TTC| > 0.01 x rates + 0.01 */
enum checks_outcome checks_arithmetic_total(struct checks *c)
{
    const int64_t ttc = num(c, F_total_ttc),
                  calc = num(c, F_total_ht) + num(c, F_total_tva),
                  gap = ttc - calc;
    if (llabs(gap) > (int64_t)count_rates(c->inv) + 1 && !is_untaxed(c, gap))
        checks_hit(c, &(struct checks_hit){
                          .direction = checks_direction(gap),
                          .has_amount = true,
                          .amount_cents = gap,
                          .ev = *ev(c, F_total_ttc),
                          .args = {{"ttc", euros(c, ttc), NULL},
                                   {"calc", euros(c, calc), NULL},
                                   {"ecart", euros(c, llabs(gap)), NULL}}});
    return CHECKS_DONE;
}

/* A unit price is printed rounded: half its last digit times the quantity is
 * no mistake. Sums in 10^7ths of a cent (thousandths x micro-euros). */
static wide tolerance(const struct line *l)
{
    const wide cent = 10000000, least = 2 * cent;
    wide ulp = 1000000;
    for (int i = 0; i < l->price_decimals && ulp > 1; i++)
        ulp /= 10;
    const wide rounded = magnitude(l->quantity_milli) * ulp / 2 + cent / 2;
    return rounded > least ? rounded : least;
}

/* True when calc / printed lies between two whole numbers, half a percent
 * aside. */
static bool ratio_within(wide calc, wide printed, int lo, int hi)
{
    const wide c = magnitude(calc) * 1000, p = magnitude(printed);
    return p > 0 && c >= p * lo * 995 && c <= p * hi * 1005;
}

/* A price may be printed per month beside days, per year beside months, in
 * cents or per MWh beside kWh, and an amount with its VAT: another unit, not
 * another sum. */
static bool other_unit(const struct line *l, wide calc, wide printed)
{
    if ((calc < 0) != (printed < 0))
        return false;
    if (l->has_rate && l->rate_bp &&
        magnitude(calc * (10000 + l->rate_bp) - printed * 10000) <=
            tolerance(l) * 12000)
        return true;
    switch (l->unit) {
    case UNIT_DAY:
        return ratio_within(calc, printed, 28, 31) ||
               ratio_within(calc, printed, 365, 366);
    case UNIT_MONTH:
        return ratio_within(calc, printed, 12, 12);
    case UNIT_KWH:
        return ratio_within(calc, printed, 100, 100) ||
               ratio_within(calc, printed, 1000, 1000);
    case UNIT_MWH:
        return ratio_within(printed, calc, 1000, 1000);
    default:
        return false;
    }
}

static void hit_line(struct checks *c, const struct line *l, wide calc)
{
    const int64_t gap = l->amount_cents - to_cents(calc);
    const char *unit = unit_name(l->unit);
    const int shown = l->price_decimals > 2 ? l->price_decimals : 2;
    checks_hit(
        c, &(struct checks_hit){
               .direction = checks_direction(gap),
               .has_amount = true,
               .amount_cents =
                   checks_with_vat(gap, l->has_rate ? l->rate_bp : 0),
               .ev = l->ev,
               .args = {{"label", l->label ? l->label : "",
                         wording_component(l->component)},
                        {"qty",
                         arena_printf(c->a, "%s%s%s",
                                      format_fr_trim(c->a, l->quantity_milli,
                                                     3, 0),
                                      *unit ? "\u202f" : "", unit),
                         NULL},
                        {"price",
                         arena_printf(c->a, "%s\u202f€",
                                      format_fr_number(c->a, l->price_micro,
                                                       6, shown)),
                         NULL},
                        {"calc", euros(c, to_cents(calc)), NULL},
                        {"amount", euros(c, l->amount_cents), NULL}}});
}

/* CHK-02: quantity x unit price is the amount */
enum checks_outcome checks_arithmetic_lines(struct checks *c)
{
    enum checks_outcome outcome = CHECKS_SKIPPED;
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        checks_again(c);
        if (!l->has_quantity || !l->has_price || !l->has_amount ||
            !checks_usable(c, &l->ev))
            continue;
        outcome = CHECKS_DONE;
        const wide calc = (wide)l->quantity_milli * l->price_micro,
                   printed = (wide)l->amount_cents * 10000000;
        if (magnitude(calc - printed) > tolerance(l) &&
            !other_unit(l, calc, printed))
            hit_line(c, l, calc);
    }
    return outcome;
}

static bool is_near(int64_t a, int64_t b)
{
    return llabs(a - b) <= 1;
}

/* The difference of the readings, also when the counter went round at five
 * or six digits; with a reading coefficient (C1 to C4, gas correctors) any
 * whole multiple is as good. */
static bool agrees(const struct checks *c, const struct meter *m, int64_t kwh)
{
    const char *segment = invoice_text(c->inv, F_segment);
    const int64_t diff = m->end - m->start;
    if (is_near(diff, kwh))
        return true;
    if (diff < 0 && (is_near(diff + 100000, kwh) ||
                     is_near(diff + 1000000, kwh)))
        return true;
    const bool large =
        segment ? !str_eq(segment, "C5") : c->inv->f[F_kva].num > C5_KVA_MAX;
    return large && diff > 0 && kwh % diff == 0;
}

/* Billed quantity of the meter's register, when only this meter has it and
 * its consumption is not printed beside the readings; -1 otherwise. */
static int64_t billed(struct checks *c, const struct meter *m)
{
    int64_t milli = 0;
    if (m->unit != UNIT_KWH || !m->registr)
        return -1;
    for (size_t i = 0; i < c->inv->n_meters; i++)
        if (&c->inv->meters[i] != m &&
            str_eq(c->inv->meters[i].registr, m->registr))
            return -1;
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        if (l->component != COMP_CONSUMPTION ||
            !basket_line_is(c->inv, l, m->energy) ||
            !str_eq(l->registr, m->registr))
            continue;
        if (!checks_usable(c, &l->ev))
            return -1;
        milli += basket_line_kwh(l);
    }
    return milli > 0 ? format_fr_round(milli, 1000) : -1;
}

/* Consumption and excise of an energy, with VAT, for kwh of its kWh; -1 when
 * it cannot be told. */
static int64_t kwh_cost(const struct checks *c, enum energy energy, wide milli)
{
    wide cost = 0, kwh = 0;
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        const bool energy_line = l->component == COMP_CONSUMPTION;
        if ((!energy_line && l->component != COMP_EXCISE) ||
            !basket_line_is(c->inv, l, energy) || !l->has_amount)
            continue;
        cost += (wide)l->amount_cents *
                (10000 + (l->has_rate ? l->rate_bp : 0));
        kwh += energy_line ? basket_line_kwh(l) : 0;
    }
    return kwh > 0 ? to_cents(cost * milli * 1000 / kwh) : -1;
}

static void hit_meter(struct checks *c, const struct meter *m, int64_t kwh)
{
    const int64_t gap = kwh - (m->end - m->start);
    const int64_t cost = m->unit == UNIT_KWH
                             ? kwh_cost(c, m->energy, (wide)gap * 1000)
                             : -1;
    const char *unit = m->unit == UNIT_M3 ? "m³" : "kWh";
    const char *calc = format_fr_number(c->a, m->end - m->start, 0, 0),
               *used = format_fr_number(c->a, kwh, 0, 0);
    checks_hit(c, &(struct checks_hit){
                      .direction = checks_direction(gap),
                      .has_amount = gap > 0 && cost > 0,
                      .amount_cents = cost,
                      .ev = m->ev,
                      .args = {{"calc",
                                arena_printf(c->a, "%s\u202f%s", calc, unit),
                                NULL},
                               {"conso",
                                arena_printf(c->a, "%s\u202f%s", used, unit),
                                NULL}}});
}

/* CHK-03: the readings' difference is the consumption */
enum checks_outcome checks_arithmetic_meters(struct checks *c)
{
    enum checks_outcome outcome = CHECKS_SKIPPED;
    for (size_t i = 0; i < c->inv->n_meters; i++) {
        const struct meter *m = &c->inv->meters[i];
        checks_again(c);
        const int64_t kwh = m->has_consumption ? m->consumption : billed(c, m);
        if (kwh < 0 || !checks_usable(c, &m->ev))
            continue;
        outcome = CHECKS_DONE;
        if (!agrees(c, m, kwh))
            hit_meter(c, m, kwh);
    }
    return outcome;
}

static int64_t gas_kwh_milli(struct checks *c)
{
    int64_t milli = 0;
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        if (l->component == COMP_CONSUMPTION &&
            basket_line_is(c->inv, l, ENERGY_GAS) &&
            checks_usable(c, &l->ev))
            milli += basket_line_kwh(l);
    }
    return milli;
}

/* CHK-04: cubic metres x coefficient are the billed kWh, within the rounding
 * of a coefficient printed with two (or three) decimals. Sums in 10^6ths. */
enum checks_outcome checks_arithmetic_gas(struct checks *c)
{
    const wide m3 = num(c, F_volume_m3), coef = num(c, F_conversion);
    const wide kwh = (wide)gas_kwh_milli(c) * 1000, calc = m3 * coef;
    if (m3 <= 0 || coef <= 0 || kwh <= 0 || c->inv->several_points)
        return CHECKS_SKIPPED;
    const wide ulp = coef % 10 ? 1 : 10, kwh_one = 1000000;
    wide allowed = m3 * ulp / 2 + coef * 1000 / 2;
    if (allowed < kwh_one)
        allowed = kwh_one;
    if (magnitude(calc - kwh) <= allowed)
        return CHECKS_DONE;
    const int64_t gap = (int64_t)((kwh - calc) / 1000);
    const int64_t cost = kwh_cost(c, ENERGY_GAS, gap);
    checks_hit(c, &(struct checks_hit){
        .direction = checks_direction(gap),
        .has_amount = gap > 0 && cost > 0,
        .amount_cents = cost,
        .ev = *ev(c, F_conversion),
        .args = {{"m3", format_fr_trim(c->a, (int64_t)m3, 3, 0), NULL},
                 {"coef", format_fr_trim(c->a, (int64_t)coef, 3, 2), NULL},
                 {"calc",
                  format_fr_number(c->a, (int64_t)(calc / 1000), 3, 0), NULL},
                 {"kwh", format_fr_number(c->a, (int64_t)(kwh / 1000), 3, 0),
                  NULL},
                 {"ecart", format_fr_number(c->a, llabs(gap), 3, 0), NULL}}});
    return CHECKS_DONE;
}

static int64_t vat_of(int64_t base_cents, int32_t rate_bp)
{
    return checks_with_vat(base_cents, rate_bp) - base_cents;
}

/* VAT from the printed bases; false when they are not the whole invoice. */
static bool vat_from_bases(struct checks *c, int64_t *sum)
{
    int64_t base = 0;
    *sum = 0;
    for (size_t i = 0; i < c->inv->n_vat; i++) {
        const struct vat_line *v = &c->inv->vat[i];
        if (!checks_usable(c, &v->ev))
            return false;
        base += v->base_cents;
        *sum += vat_of(v->base_cents, v->rate_bp);
    }
    return c->inv->n_vat && llabs(base - num(c, F_total_ht)) <= 2;
}

/* The same from the lines, each rate rounded once. */
static bool vat_from_lines(struct checks *c, int64_t *sum)
{
    int64_t base = 0;
    *sum = 0;
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        if (!l->has_amount || !l->has_rate || !checks_usable(c, &l->ev))
            return false;
        base += l->amount_cents;
        size_t k = 0;
        while (k < i && c->inv->lines[k].rate_bp != l->rate_bp)
            k++;
        int64_t group = 0; /* at the first line of a rate: all of it */
        for (size_t j = i; k == i && j < c->inv->n_lines; j++)
            if (c->inv->lines[j].rate_bp == l->rate_bp)
                group += c->inv->lines[j].amount_cents;
        *sum += vat_of(group, l->rate_bp);
    }
    return c->inv->n_lines && llabs(base - num(c, F_total_ht)) <= 2;
}

/* CHK-05: the VAT is the sum of bases x rates, within 0.02 a line */
enum checks_outcome checks_arithmetic_vat(struct checks *c)
{
    int64_t calc;
    if (!vat_from_bases(c, &calc)) {
        checks_again(c);
        if (!vat_from_lines(c, &calc))
            return CHECKS_SKIPPED;
    }
    const size_t n = c->inv->n_lines > c->inv->n_vat ? c->inv->n_lines
                                                     : c->inv->n_vat;
    const int64_t tva = num(c, F_total_tva), gap = tva - calc;
    if (llabs(gap) > 2 * (int64_t)n)
        checks_hit(c, &(struct checks_hit){
                          .direction = checks_direction(gap),
                          .has_amount = true,
                          .amount_cents = gap,
                          .ev = *ev(c, F_total_tva),
                          .args = {{"tva", euros(c, tva), NULL},
                                   {"calc", euros(c, calc), NULL}}});
    return CHECKS_DONE;
}

/* CHK-06: what is to be paid is the total less what was paid. Instalments
 * that are not listed explain a smaller sum: then nothing is said. */
enum checks_outcome checks_arithmetic_due(struct checks *c)
{
    static const enum field_id parts[] = {F_deposits, F_cheque_energie,
                                          F_previous_balance};
    int64_t calc = num(c, F_total_ttc);
    bool any = false;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        const struct value *v = &c->inv->f[parts[i]];
        if (!v->present)
            continue;
        if (!checks_usable(c, &v->ev))
            return CHECKS_SKIPPED;
        any = true;
        calc += parts[i] == F_previous_balance ? v->num : -v->num;
    }
    const int64_t gap = num(c, F_amount_due) - calc;
    if (!any && gap)
        return CHECKS_SKIPPED;
    if (llabs(gap) > 2 && (gap > 0 || c->inv->f[F_deposits].present))
        checks_hit(c, &(struct checks_hit){.direction = checks_direction(gap),
                                           .has_amount = true,
                                           .amount_cents = gap,
                                           .ev = *ev(c, F_amount_due)});
    return CHECKS_DONE;
}
