/* What professionals pay for their power: CHK-60 to 63. Amounts in sentences
 * are without VAT, as professionals compare them. */
#include "base/str.h"
#include "invoice/basket.h"
#include "invoice/checks.h"
#include "invoice/format_fr.h"

typedef __int128 wide;

enum { YEAR = 365, YEAR_MIN = 360, YEAR_MAX = 372, KVA_MAX = 36 };

/* Lines of one component of electricity added up. */
struct billed {
    int64_t cents, hours_milli;
    int32_t rate_bp;
    const struct line *line; /* the largest, for evidence; NULL: none */
};

static struct billed add_up(struct checks *c, enum component component)
{
    struct billed b = {.line = NULL};
    checks_again(c);
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        if (l->component != component || !l->has_amount ||
            !basket_line_is(c->inv, l, ENERGY_ELEC) ||
            !checks_usable(c, &l->ev))
            continue;
        b.cents += l->amount_cents;
        b.hours_milli +=
            l->has_quantity && l->unit == UNIT_HOUR ? l->quantity_milli : 0;
        b.rate_bp = l->has_rate ? l->rate_bp : b.rate_bp;
        if (!b.line || l->amount_cents > b.line->amount_cents)
            b.line = l;
    }
    return b;
}

static bool known(struct checks *c, enum field_id id)
{
    const struct value *v = &c->inv->f[id];
    return v->present && v->num > 0 && v->num < 1000000 &&
           checks_usable(c, &v->ev);
}

/* The power to look at, as far as the invoice tells. */
static const char *next_power(struct checks *c)
{
    const bool has = known(c, F_kva), top = known(c, F_kva_reached);
    const int kva = (int)c->inv->f[F_kva].num,
              reached = (int)c->inv->f[F_kva_reached].num;
    if (top && (!has || reached > kva))
        return arena_printf(c->a, "de %d kVA", (int)basket_power_step(reached));
    return has ? arena_printf(c->a, "de plus de %d kVA", kva) : "plus élevée";
}

/* False when a year of the missing power costs more than a year of such
 * penalties: then paying them is right. */
static bool is_worth_it(struct checks *c, int64_t cents)
{
    const struct value *f = c->inv->f;
    const char *fta = invoice_text(c->inv, F_fta);
    if (!known(c, F_kva) || !known(c, F_kva_reached) || !fta ||
        !f[F_period_start].present || !f[F_period_end].present ||
        f[F_period_end].num < f[F_period_start].num)
        return true;
    const struct turpe_row *t =
        reference_turpe(c->ref, (int32_t)f[F_period_end].num, fta);
    const int64_t more = f[F_kva_reached].num - f[F_kva].num,
                  days = f[F_period_end].num - f[F_period_start].num + 1;
    return !t || t->kva_year[0] < 0 || more <= 0 ||
           (wide)cents * YEAR * 10000 >= (wide)t->kva_year[0] * more * days;
}

/* CHK-60: power beyond the subscribed one, billed or only reached */
enum checks_outcome checks_power_overrun(struct checks *c)
{
    const struct billed b = add_up(c, COMP_OVERRUN);
    const bool billed = b.cents > 0;
    const bool beyond = known(c, F_kva) && known(c, F_kva_reached) &&
                        c->inv->f[F_kva_reached].num > c->inv->f[F_kva].num;
    if (!billed && !beyond)
        return c->inv->n_lines ? CHECKS_DONE : CHECKS_SKIPPED;
    struct checks_hit hit = {
        .direction = DIR_LOSES,
        .has_amount = billed,
        .amount_cents = checks_with_vat(b.cents, b.rate_bp),
        .ev = billed ? b.line->ev : c->inv->f[F_kva_reached].ev,
        .args = {{"eur", "non facturés", NULL},
                 {"h", "durée non imprimée", NULL},
                 {"kva2", next_power(c), NULL}}};
    if (b.hours_milli > 0)
        hit.args[1].text = arena_printf(
            c->a, "%s h", format_fr_trim(c->a, b.hours_milli, 3, 0));
    if (billed) {
        hit.info = !is_worth_it(c, b.cents);
        hit.args[0].text =
            arena_printf(c->a, "%s HT", format_fr_euros(c->a, b.cents));
        hit.brief = arena_printf(c->a, "%s, %s HT", c->text->brief,
                                 format_fr_euros_round(c->a, b.cents));
    }
    checks_hit(c, &hit);
    return CHECKS_DONE;
}

/* CHK-61: reactive energy is billed */
enum checks_outcome checks_power_reactive(struct checks *c)
{
    const struct billed b = add_up(c, COMP_REACTIVE);
    if (b.cents > 0)
        checks_hit(c,
                   &(struct checks_hit){
                       .direction = DIR_LOSES,
                       .has_amount = true,
                       .amount_cents = checks_with_vat(b.cents, b.rate_bp),
                       .ev = b.line->ev,
                       .args = {{"eur",
                                 arena_printf(c->a, "%s HT",
                                              format_fr_euros(c->a, b.cents)),
                                 NULL}}});
    return c->inv->n_lines ? CHECKS_DONE : CHECKS_SKIPPED;
}

/* ---- CHK-62: another formula -------------------------------------------- */

struct year {
    int32_t start, days, kva;
    int64_t kwh_milli[TURPE_MAX]; /* HP and HC also of seasons, BASE all */
    bool seasons, hours;
    bool partial;
};

/* kWh of the year by register; false when one is of another tariff. */
static bool fill_kwh(struct checks *c, struct year *y)
{
    static const char *const names[TURPE_MAX] = {
        [TURPE_HPH] = "HPH",  [TURPE_HCH] = "HCH", [TURPE_HPB] = "HPB",
        [TURPE_HCB] = "HCB",  [TURPE_HP] = "HP",   [TURPE_HC] = "HC",
        [TURPE_BASE] = "BASE"};
    int64_t sum[TURPE_MAX] = {0};
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        if (l->component != COMP_CONSUMPTION ||
            !basket_line_is(c->inv, l, ENERGY_ELEC))
            continue;
        const char *name = l->registr ? l->registr : "BASE";
        size_t r = 0;
        while (r < TURPE_MAX && !str_eq(names[r], name))
            r++;
        if (r == TURPE_MAX || !checks_usable(c, &l->ev))
            return false;
        sum[r] += basket_line_kwh(l);
        y->kwh_milli[TURPE_BASE] += basket_line_kwh(l);
    }
    for (size_t r = 0; r < TURPE_BASE; r++)
        y->kwh_milli[r] = sum[r];
    y->seasons = !sum[TURPE_HP] && !sum[TURPE_HC] && !sum[TURPE_BASE];
    y->hours = !sum[TURPE_BASE];
    y->kwh_milli[TURPE_HP] += sum[TURPE_HPH] + sum[TURPE_HPB];
    y->kwh_milli[TURPE_HC] += sum[TURPE_HCH] + sum[TURPE_HCB];
    return y->kwh_milli[TURPE_BASE] > 0;
}

/* True when the registers of the bill are enough for the formula. */
static bool has_registers(const struct year *y, const struct turpe_row *t)
{
    const bool seasons = t->kwh[TURPE_HPH] > 0, hours = t->kwh[TURPE_HP] > 0;
    return (!seasons || y->seasons) && (!hours || y->hours) &&
           (seasons || hours || t->kwh[TURPE_BASE] > 0);
}

/* Network cost of the year in a formula, cents without VAT; -1 when a day has
 * no tariff or the kWh do not fit. */
static int64_t formula_cost(const struct checks *c, struct year *y,
                            const char *fta)
{
    wide sum = 0; /* millionths of a cent x thousandths x 365 x days */
    for (int32_t d = y->start; d < y->start + y->days; d++) {
        const struct turpe_row *t = reference_turpe(c->ref, d, fta);
        const int64_t fixed = t ? reference_turpe_fixed(t, y->kva) : -1;
        if (fixed < 0 || !has_registers(y, t))
            return -1;
        wide energy = 0;
        for (size_t r = 0; r < TURPE_MAX; r++) {
            if (t->kwh[r] < 0)
                return -1;
            energy += (wide)t->kwh[r] * y->kwh_milli[r];
        }
        sum += energy * YEAR + (wide)fixed * 100000 * y->days;
        y->partial |= t->verified != VERIFIED_YES;
    }
    const wide by = (wide)1000000000 * YEAR * y->days;
    return (int64_t)((sum + by / 2) / by);
}

/* The cheapest formula of the same kind of site. */
static const char *cheapest(const struct checks *c, struct year *y,
                            const struct turpe_row *now, int64_t *cents)
{
    const char *best = now->fta;
    for (size_t i = 0; i < c->ref->n_turpe; i++) {
        const struct turpe_row *t = &c->ref->turpe[i];
        if (t->over_36kva != now->over_36kva || t->from > y->start ||
            t->to < y->start)
            continue;
        const int64_t cost = formula_cost(c, y, t->fta);
        if (cost >= 0 && cost < *cents) {
            *cents = cost;
            best = t->fta;
        }
    }
    return best;
}

/* CHK-62: a year of kWh would cost less in another formula, by over 3 % */
enum checks_outcome checks_power_formula(struct checks *c)
{
    const struct value *f = c->inv->f;
    struct year y = {.start = (int32_t)f[F_period_start].num};
    const int64_t days = f[F_period_end].num - f[F_period_start].num + 1;
    if (days < YEAR_MIN || days > YEAR_MAX || !known(c, F_kva) ||
        c->inv->several_points || basket_elsewhere(c->inv) ||
        !basket_is_whole(c->inv))
        return CHECKS_SKIPPED;
    y.days = (int32_t)days;
    y.kva = (int32_t)f[F_kva].num;
    const struct turpe_row *now =
        reference_turpe(c->ref, y.start, f[F_fta].text);
    const struct vat_row *v = reference_vat(
        c->ref, (int32_t)f[F_period_end].num, "consommation", y.kva);
    if (!now || !v || !fill_kwh(c, &y))
        return CHECKS_SKIPPED;
    const int64_t cost = formula_cost(c, &y, now->fta);
    int64_t least = cost;
    if (cost < 0)
        return CHECKS_SKIPPED;
    const char *best = cheapest(c, &y, now, &least);
    if (least * 100 >= cost * 97)
        return CHECKS_DONE;
    const int64_t less = format_fr_round((cost - least) * YEAR, y.days);
    checks_hit(c, &(struct checks_hit){
                      .direction = DIR_LOSES,
                      .has_amount = true,
                      .amount_cents = checks_with_vat(less, v->rate_bp),
                      .partial = y.partial,
                      .ev = f[F_fta].ev,
                      .args = {{"fta", best, NULL},
                               {"eur",
                                arena_printf(c->a, "%s HT",
                                             format_fr_euros_round(c->a, less)),
                                NULL}}});
    return CHECKS_DONE;
}

/* ---- CHK-63: the category of the excise ---------------------------------- */

/* Legal rate of a power, mean of the days, micro-euros a MWh; -1 without. */
static int64_t legal_rate(const struct checks *c, int32_t start, int32_t end,
                          int32_t kva, bool *partial)
{
    wide sum = 0;
    if (end < start || end - start > 1200)
        return -1;
    for (int32_t day = start; day <= end; day++) {
        const struct excise_row *e = reference_excise(c->ref, day, false, kva);
        if (!e || e->micro_per_mwh < 0)
            return -1;
        sum += e->micro_per_mwh;
        *partial |= e->verified != VERIFIED_YES;
    }
    return (int64_t)(sum / (end - start + 1));
}

/* Micro-euros a MWh as billed; 0 when it cannot be told. */
static int64_t billed_rate(const struct line *l)
{
    const int64_t kwh = basket_line_kwh(l);
    if (l->has_price && l->price_micro > 0)
        return l->unit == UNIT_KWH   ? l->price_micro * 1000
               : l->unit == UNIT_MWH ? l->price_micro
                                     : 0;
    return kwh > 0 && l->amount_cents > 0
               ? (int64_t)((wide)l->amount_cents * 10000000000 / kwh)
               : 0;
}

/* Half a percent: rates are printed with four or five decimals. */
static bool same_rate(int64_t a, int64_t b)
{
    const int64_t gap = a > b ? a - b : b - a;
    return gap * 200 <= b;
}

/* True when the line could be judged. */
static bool judge_category(struct checks *c, const struct line *l)
{
    static const int32_t powers[] = {KVA_MAX, KVA_MAX + 1, 251};
    const struct value *f = c->inv->f;
    const int32_t from =
                      l->has_period ? l->start : (int32_t)f[F_period_start].num,
                  to = l->has_period ? l->end : (int32_t)f[F_period_end].num;
    bool partial = false, other = false;
    checks_again(c);
    const int64_t billed = billed_rate(l),
                  own =
                      legal_rate(c, from, to, (int32_t)f[F_kva].num, &partial);
    if (!checks_usable(c, &l->ev) || billed <= 0 || own < 0)
        return false;
    if (same_rate(billed, own))
        return true;
    for (size_t i = 0; i < sizeof powers / sizeof *powers; i++) {
        const int64_t rate = legal_rate(c, from, to, powers[i], &partial);
        other |= rate > 0 && same_rate(billed, rate);
    }
    if (other)
        checks_hit(
            c, &(struct checks_hit){
                   .direction = checks_direction(billed - own),
                   .partial = partial,
                   .ev = l->ev,
                   .args = {
                       {"taux", format_fr_number(c->a, billed, 6, 2), NULL},
                       {"attendu", format_fr_number(c->a, own, 6, 2), NULL}}});
    return true;
}

/* CHK-63: the excise is that of the power, not of another category. What is
 * billed too much is CHK-11's amount: none here. */
enum checks_outcome checks_power_category(struct checks *c)
{
    enum checks_outcome outcome = CHECKS_SKIPPED;
    if (basket_elsewhere(c->inv) || c->inv->several_points || !known(c, F_kva))
        return outcome;
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        if (l->component == COMP_EXCISE && l->has_amount &&
            basket_line_is(c->inv, l, ENERGY_ELEC) && judge_category(c, l))
            outcome = CHECKS_DONE;
    }
    return outcome;
}
