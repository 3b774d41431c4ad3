/* Contract and readings: CHK-20, 21, 25, 34 and 38. */
#include "base/clock.h"
#include "base/str.h"
#include "invoice/basket.h"
#include "invoice/checks.h"
#include "invoice/format_fr.h"

typedef __int128 wide;

enum {
    YEAR_DAYS = 365,
    MONTHS_MAX = 14, /* C. conso. art. L224-11 */
    SPAN_MAX = 4000,
    REFUND_CENTS = 2500 /* arrêté du 18 avril 2012, art. 14 */
};

static int32_t day(const struct checks *c, enum field_id id)
{
    return (int32_t)c->inv->f[id].num;
}

/* The same day of the month so many months before, or the month's last. */
static int32_t months_before(int32_t from, int months)
{
    int y, m, d;
    clock_civil(from, &y, &m, &d);
    m -= 1 + months;
    y += m / 12 - (m % 12 < 0);
    m = (m % 12 + 12) % 12 + 1;
    const int last = clock_month_days(y, m);
    return clock_days(y, m, d < last ? d : last);
}

/* ---- readings ----------------------------------------------------------- */

/* How the meters that count were read: all the ends estimated, all the
 * starts too. */
struct readings {
    bool any, end_estimated, start_estimated;
    const struct meter *first;
    const struct value *last_real; /* NULL when not printed or not sure */
};

static struct readings readings(struct checks *c)
{
    struct readings r = {.end_estimated = true, .start_estimated = true};
    for (size_t i = 0; i < c->inv->n_meters; i++) {
        const struct meter *m = &c->inv->meters[i];
        if (!checks_usable(c, &m->ev))
            continue;
        r.first = r.any ? r.first : m;
        r.any = true;
        r.end_estimated &= m->kind_end == READING_ESTIMATED;
        r.start_estimated &= m->kind_start == READING_ESTIMATED;
    }
    const struct value *real = &c->inv->f[F_last_real_reading];
    if (real->present && real->num <= day(c, F_period_end) &&
        checks_usable(c, &real->ev))
        r.last_real = real;
    r.end_estimated &= r.any;
    r.start_estimated &= r.any;
    return r;
}

/* A printed period of more than a year may be the contract's: it counts as
 * the billed one when the paper is an adjustment, or a subscription of as many
 * months stands beside. */
static bool is_long_bill(const struct checks *c)
{
    enum { MONTHS_MILLI_LEAST = 13000 };
    int64_t months = 0;
    bool adjusts = c->inv->paper == PAPER_ADJUSTMENT;
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        adjusts |= l->component == COMP_ADJUSTMENT;
        if (l->component == COMP_SUBSCRIPTION && l->unit == UNIT_MONTH)
            months += l->quantity_milli;
    }
    return adjusts || months >= MONTHS_MILLI_LEAST;
}

/* What is billed by the kWh, with VAT, for days before the limit: cents. */
static int64_t billed_before(struct checks *c, int32_t limit,
                             const struct line **largest)
{
    int64_t sum = 0, most = 0;
    const bool is_long = is_long_bill(c);
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        const bool by_kwh = l->component == COMP_CONSUMPTION ||
                            l->component == COMP_EXCISE ||
                            l->component == COMP_ADJUSTMENT;
        const int32_t start = l->has_period ? l->start : day(c, F_period_start),
                      end = l->has_period ? l->end : day(c, F_period_end),
                      days = end - start + 1;
        if (!by_kwh || !l->has_amount || !(l->has_period || is_long) ||
            start >= limit || days < 1 || days > SPAN_MAX ||
            !checks_usable(c, &l->ev))
            continue;
        const int32_t before = limit - start < days ? limit - start : days;
        const int64_t gross =
            checks_with_vat(l->amount_cents, l->has_rate ? l->rate_bp : 0);
        const int64_t part = (int64_t)((wide)gross * before / days);
        sum += part;
        if (part > most) {
            most = part;
            *largest = l;
        }
    }
    return sum;
}

/* Both forms of CHK-21: what is older than 14 months is billed; or nobody has
 * read the meter for longer than that. */
struct excess {
    const struct line *line; /* NULL: nothing that old is billed */
    int64_t cents;
    bool unread;
};

static struct excess excess(struct checks *c, const struct readings *r)
{
    struct excess x = {0};
    const int32_t end = day(c, F_period_end);
    const int32_t last = !r->end_estimated ? end
                         : r->last_real    ? (int32_t)r->last_real->num
                                           : 0;
    if (last)
        x.cents = billed_before(c, months_before(last, MONTHS_MAX), &x.line);
    if (x.cents <= 0)
        x = (struct excess){0};
    x.unread = !x.line && r->end_estimated && r->last_real &&
               last < months_before(end, MONTHS_MAX);
    return x;
}

/* CHK-20: readings estimated for more than a year. Where CHK-21 says more,
 * nothing is said here. */
enum checks_outcome checks_contract_estimated(struct checks *c)
{
    const struct readings r = readings(c);
    if (!r.any)
        return CHECKS_SKIPPED;
    if (!r.end_estimated || !r.start_estimated)
        return CHECKS_DONE;
    const struct excess x = excess(c, &r);
    const int32_t since =
        r.last_real ? (int32_t)r.last_real->num : day(c, F_period_start);
    const bool year = day(c, F_period_end) - since > YEAR_DAYS;
    if (x.line || x.unread || (r.last_real && !year))
        return CHECKS_DONE;
    checks_hit(c, &(struct checks_hit){
                      .direction = DIR_NEUTRAL,
                      .info = !year,
                      .ev = r.last_real ? r.last_real->ev : r.first->ev,
                      .args = {{"constat",
                                year ? "Facture estimée depuis plus de 12 mois"
                                     : "Index estimés",
                                NULL}}});
    return CHECKS_DONE;
}

/* CHK-21: 14 months count back from the last reading. Always to be verified:
 * no access, or a letter without an answer, lift the limit. */
enum checks_outcome checks_contract_limit(struct checks *c)
{
    const struct readings r = readings(c);
    const struct excess x = excess(c, &r);
    struct checks_hit hit = {.partial = true};
    if (x.line) {
        hit.direction = DIR_LOSES;
        hit.has_amount = true;
        hit.amount_cents = x.cents;
        hit.ev = x.line->ev;
        hit.args[0] = (struct wording_arg){"quoi", "facturées", NULL};
        hit.args[1] = (struct wording_arg){
            "detail",
            arena_printf(c->a, "estimation %s", format_fr_euros(c->a, x.cents)),
            NULL};
        checks_hit(c, &hit);
    } else if (x.unread) {
        hit.direction = DIR_NEUTRAL;
        hit.ev = r.last_real->ev;
        hit.args[0] = (struct wording_arg){"quoi", "non relevées", NULL};
        hit.args[1] = (struct wording_arg){
            "detail",
            arena_printf(c->a, "dernier relevé le %s",
                         format_fr_date(c->a, (int32_t)r.last_real->num)),
            NULL};
        checks_hit(c, &hit);
    }
    return r.any || x.line ? CHECKS_DONE : CHECKS_SKIPPED;
}

/* ---- balance, offer, discount ------------------------------------------- */

/* CHK-25: a credit of 25 euros or more went over to the next bill. To be
 * verified: the customer may have asked for it. */
enum checks_outcome checks_contract_refund(struct checks *c)
{
    const struct value *over = &c->inv->f[F_previous_balance],
                       *due = &c->inv->f[F_amount_due], *credit = NULL;
    const struct mention *next = &c->inv->mentions[MENTION_carried_over];
    const bool balance = over->present && checks_usable(c, &over->ev),
               asked = due->present && checks_usable(c, &due->ev);
    if (balance && over->num <= -REFUND_CENTS)
        credit = over;
    else if (asked && due->num <= -REFUND_CENTS && next->present &&
             checks_usable(c, &next->ev))
        credit = due;
    if (credit)
        checks_hit(c, &(struct checks_hit){
                          .direction = DIR_LOSES,
                          .has_amount = true,
                          .partial = true,
                          .amount_cents = credit->num,
                          .ev = credit->ev,
                          .args = {{"eur", format_fr_euros(c->a, -credit->num),
                                    NULL}}});
    return balance || asked ? CHECKS_DONE : CHECKS_SKIPPED;
}

/* CHK-34: the price term ended before the billed period did. */
enum checks_outcome checks_contract_offer(struct checks *c)
{
    const struct value *end = &c->inv->f[F_offer_end];
    const char *type = invoice_text(c->inv, F_offer_type);
    if (end->num >= c->inv->f[F_period_end].num)
        return CHECKS_DONE;
    const char *offer = str_eq(type, "fixe")     ? "offre à prix fixe"
                        : str_eq(type, "indexe") ? "offre à prix indexé"
                                                 : "offre";
    const char *date = format_fr_date(c->a, (int32_t)end->num);
    checks_hit(
        c, &(struct checks_hit){
               .direction = DIR_NEUTRAL,
               .brief = arena_printf(c->a, "offre échue depuis le %s", date),
               .ev = end->ev,
               .args = {{"offre", offer, NULL}, {"date", date, NULL}}});
    return CHECKS_DONE;
}

/* CHK-38: a discount is announced and no line gives one. Only where the lines
 * are the whole bill; it may be in the unit price, so always to be verified. */
enum checks_outcome checks_contract_discount(struct checks *c)
{
    const struct mention *said = &c->inv->mentions[MENTION_discount];
    bool given = false, sure = c->inv->n_lines > 0;
    for (size_t i = 0; i < c->inv->n_lines; i++) {
        const struct line *l = &c->inv->lines[i];
        given |= l->component == COMP_DISCOUNT || l->amount_cents < 0;
        sure = sure && checks_usable(c, &l->ev);
    }
    if (!sure || !basket_is_whole(c->inv))
        return CHECKS_SKIPPED;
    if (said->present && !given && checks_usable(c, &said->ev))
        checks_hit(
            c, &(struct checks_hit){
                   .direction = DIR_LOSES,
                   .partial = true,
                   .ev = said->ev,
                   .args = {{"pct", format_fr_rate(c->a, (int32_t)said->num),
                             NULL}}});
    return CHECKS_DONE;
}
