/* The present invoice against the earlier ones of its point: CHK-22, 23, 24
 * and 35. What is remembered comes in c->out->past; NULL means that nothing
 * is kept, or nobody could be asked. */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/str.h"
#include "invoice/checks.h"
#include "invoice/format_fr.h"
#include "invoice/history.h"

typedef __int128 wide;

enum {
    OVERLAP_DAYS = 1, /* the day of a reading may stand on both invoices */
    SEASON_DAYS = 45, /* how far a comparable period may lie from a year ago */
    SHORT_DAYS = 20,
    YEAR_DAYS = 365,
    WHOLE_YEAR_DAYS = 330,
    PRICE_STEP_MICRO = 100,
    PRICE_STEP_PM = 5
};

static int32_t days(const struct history_fact *f)
{
    return f->end - f->start + 1;
}

static int32_t overlap(const struct history_fact *x,
                       const struct history_fact *y)
{
    const int32_t from = x->start > y->start ? x->start : y->start,
                  to = x->end < y->end ? x->end : y->end;
    return to - from + 1;
}

static const struct history *sides(const struct checks *c, size_t *n)
{
    *n = c->out->past ? c->out->n_past : 0;
    return c->out->past;
}

/* ---- CHK-22: billed twice ------------------------------------------------ */

/* A credit note covers the days that both invoices bill. */
static bool is_credited(const struct history *h, const struct history_fact *old)
{
    const int32_t from = h->now.start > old->start ? h->now.start : old->start;
    const int32_t to = h->now.end < old->end ? h->now.end : old->end;
    for (size_t i = 0; i < h->n_rows; i++)
        if (h->rows[i].paper == PAPER_CREDIT &&
            h->rows[i].start <= from + OVERLAP_DAYS &&
            h->rows[i].end >= to - OVERLAP_DAYS)
            return true;
    return false;
}

static bool is_same_number(const struct history *h,
                           const struct history_fact *old)
{
    return *h->number_hash && str_eq(h->number_hash, old->number);
}

/* The same paper in another file: scanned anew, or fetched once more. */
static bool is_same_paper(const struct history *h,
                          const struct history_fact *old)
{
    return is_same_number(h, old) && h->now.start == old->start &&
           h->now.end == old->end && h->now.has_amount == old->has_amount &&
           h->now.amount_cents == old->amount_cents;
}

/* Which earlier invoice bills the same days most, or has the same number. */
static const struct history_fact *twice(const struct history *h)
{
    const struct history_fact *worst = NULL;
    for (size_t i = 0; i < h->n_rows; i++) {
        const struct history_fact *old = &h->rows[i];
        if (old->paper == PAPER_CREDIT)
            continue;
        if (is_same_number(h, old))
            return old;
        if (overlap(&h->now, old) <= OVERLAP_DAYS || old->replaces ||
            h->now.replaces || is_credited(h, old))
            continue;
        if (!worst || overlap(&h->now, old) > overlap(&h->now, worst))
            worst = old;
    }
    return worst;
}

/* An adjustment bills again, with the real reading, what was billed before,
 * and takes off what was paid. */
static bool adjusts(const struct invoice *inv, const struct history_fact *old)
{
    if (inv->paper == PAPER_ADJUSTMENT || old->paper == PAPER_ADJUSTMENT ||
        inv->f[F_deposits].present)
        return true;
    for (size_t i = 0; i < inv->n_lines; i++)
        if (inv->lines[i].component == COMP_ADJUSTMENT)
            return true;
    return false;
}

static struct wording_arg which(struct checks *c, const struct history *h,
                                const struct history_fact *old)
{
    if (is_same_number(h, old))
        return (struct wording_arg){"num", h->now.number, "de même numéro"};
    if (old->issued)
        return (struct wording_arg){
            "num",
            arena_printf(c->a, "du %s", format_fr_date(c->a, old->issued)),
            NULL};
    return (struct wording_arg){"num",
                                arena_printf(c->a, "qui va du %s au %s",
                                             format_fr_date(c->a, old->start),
                                             format_fr_date(c->a, old->end)),
                                NULL};
}

static void tell_twice(struct checks *c, const struct history *h,
                       const struct history_fact *old)
{
    const int32_t shared = overlap(&h->now, old);
    const bool part = shared > OVERLAP_DAYS;
    const int32_t from =
        part && old->start > h->now.start ? old->start : h->now.start;
    const int32_t to = part && old->end < h->now.end ? old->end : h->now.end;
    const bool counts = part && h->now.has_amount && h->now.amount_cents > 0;
    struct checks_hit hit = {.direction = DIR_LOSES,
                             .partial = true,
                             .info =
                                 is_same_paper(h, old) || adjusts(c->inv, old),
                             .has_amount = counts,
                             .ev = c->inv->f[F_period_start].ev,
                             .args = {{"a", format_fr_date(c->a, from), NULL},
                                      {"b", format_fr_date(c->a, to), NULL},
                                      which(c, h, old)}};
    if (counts)
        hit.amount_cents =
            (int64_t)((wide)h->now.amount_cents * shared / days(&h->now));
    checks_hit(c, &hit);
}

enum checks_outcome checks_history_twice(struct checks *c)
{
    size_t n;
    const struct history *h = sides(c, &n);
    for (size_t i = 0; i < n; i++) {
        const struct history_fact *old =
            h[i].now.paper == PAPER_CREDIT ? NULL : twice(&h[i]);
        if (old)
            tell_twice(c, &h[i], old);
    }
    return n ? CHECKS_DONE : CHECKS_SKIPPED;
}

/* ---- CHK-23: not billed ------------------------------------------------- */

static void tell_gap(struct checks *c, int32_t from, int32_t to)
{
    if (to - from + 1 > OVERLAP_DAYS)
        checks_hit(c, &(struct checks_hit){
                          .direction = DIR_NEUTRAL,
                          .ev = c->inv->f[F_period_start].ev,
                          .args = {{"a", format_fr_date(c->a, from), NULL},
                                   {"b", format_fr_date(c->a, to), NULL}}});
}

/* The nearest earlier end and the nearest later start; invoices may come in
 * any order. */
static void gaps(struct checks *c, const struct history *h)
{
    int32_t before = INT32_MIN, after = INT32_MAX;
    for (size_t i = 0; i < h->n_rows; i++) {
        const struct history_fact *f = &h->rows[i];
        if (f->paper == PAPER_CREDIT)
            continue;
        if (f->start < h->now.start && f->end > before)
            before = f->end;
        if (f->end > h->now.end && f->start < after)
            after = f->start;
    }
    if (before != INT32_MIN && before < h->now.start)
        tell_gap(c, before + 1, h->now.start - 1);
    if (after != INT32_MAX && after > h->now.end)
        tell_gap(c, h->now.end + 1, after - 1);
}

enum checks_outcome checks_history_gap(struct checks *c)
{
    size_t n;
    const struct history *h = sides(c, &n);
    for (size_t i = 0; i < n; i++)
        if (h[i].now.paper != PAPER_CREDIT)
            gaps(c, &h[i]);
    return n ? CHECKS_DONE : CHECKS_SKIPPED;
}

/* ---- CHK-24: unusual consumption ---------------------------------------- */

/* The invoice that lies nearest to a year ago and is about as long. */
static const struct history_fact *year_ago(const struct history *h)
{
    const struct history_fact *best = NULL;
    int32_t nearest = 2 * SEASON_DAYS + 1; /* in half days */
    for (size_t i = 0; i < h->n_rows; i++) {
        const struct history_fact *f = &h->rows[i];
        const int32_t off = abs((h->now.start + h->now.end) -
                                (f->start + f->end) - 2 * YEAR_DAYS);
        if (f->paper == PAPER_CREDIT || f->kwh <= 0 || off >= nearest ||
            days(f) < SHORT_DAYS || days(f) > 2 * days(&h->now) ||
            days(&h->now) > 2 * days(f))
            continue;
        nearest = off;
        best = f;
    }
    return best;
}

/* Tells when kwh in n days is more than limit tenths of what base kWh in
 * base_days are. */
static void tell_unusual(struct checks *c, wide now, wide past, int limit)
{
    if (past <= 0 || now * 10 <= past * limit)
        return;
    const int64_t tenths = (int64_t)(now * 10 / past);
    checks_hit(c,
               &(struct checks_hit){
                   .direction = DIR_NEUTRAL,
                   .info = true, /* weather, another use */
                   .partial = true,
                   .ev = c->inv->f[F_billed_kwh].present
                             ? c->inv->f[F_billed_kwh].ev
                             : c->inv->f[F_period_start].ev,
                   .args = {{"x", format_fr_trim(c->a, tenths, 1, 0), NULL}}});
}

/* How many tenths of the yearly mean a day may take at most: heating doubles
 * it in the cold months (a ceiling, deliberately high), never from May to
 * September, and a year has no season. */
static int season_tenths(int32_t start, int32_t end)
{
    int y, first, last, d, y2;
    clock_civil(start, &y, &first, &d);
    clock_civil(end, &y2, &last, &d);
    if (end - start + 1 >= WHOLE_YEAR_DAYS)
        return 10;
    return y == y2 && first >= 5 && last <= 9 ? 10 : 25;
}

/* Against the yearly reference of gas that is printed. */
static bool by_reference(struct checks *c)
{
    const struct value *car = &c->inv->f[F_car_kwh];
    const int32_t start = (int32_t)c->inv->f[F_period_start].num,
                  end = (int32_t)c->inv->f[F_period_end].num;
    const int64_t kwh = history_kwh(c->inv, ENERGY_GAS, c->conf_min);
    if (!car->present || car->num <= 0 || !checks_usable(c, &car->ev) ||
        kwh < 0 || end - start + 1 < SHORT_DAYS)
        return false;
    tell_unusual(c, (wide)kwh * YEAR_DAYS * 10,
                 (wide)car->num * (end - start + 1) * season_tenths(start, end),
                 18);
    return true;
}

enum checks_outcome checks_history_unusual(struct checks *c)
{
    size_t n;
    bool done = false, gas = false;
    const struct history *h = sides(c, &n);
    for (size_t i = 0; i < n; i++) {
        const struct history_fact *now = &h[i].now, *old = year_ago(&h[i]);
        if (!old || now->kwh < 0 || days(now) < SHORT_DAYS ||
            now->paper == PAPER_CREDIT)
            continue;
        tell_unusual(c, (wide)now->kwh * days(old), (wide)old->kwh * days(now),
                     20);
        done = true;
        gas |= now->energy == ENERGY_GAS;
    }
    if (!gas && c->inv->paper != PAPER_CREDIT)
        done |= by_reference(c);
    return done ? CHECKS_DONE : CHECKS_SKIPPED;
}

/* ---- CHK-35: a fixed price that moved ------------------------------------ */

static const struct history_price *price_of(const struct history_fact *f,
                                            const char *registr)
{
    for (size_t i = 0; i < f->n_prices; i++)
        if (str_eq(f->prices[i].registr, registr) && f->prices[i].micro > 0)
            return &f->prices[i];
    return NULL;
}

/* The latest earlier invoice of the same offer: another end of term is
 * another contract. */
static const struct history_fact *same_offer(const struct history *h)
{
    for (size_t i = 0; i < h->n_rows; i++) {
        const struct history_fact *f = &h->rows[i];
        if (f->end > h->now.start + OVERLAP_DAYS || f->paper == PAPER_CREDIT ||
            !f->n_prices)
            continue;
        return str_eq(f->offer_type, "fixe") && f->offer_end == h->now.offer_end
                   ? f
                   : NULL;
    }
    return NULL;
}

/* Prices may be printed with four decimals on one and five on the other. */
static bool moved(int64_t now, int64_t then)
{
    const int64_t gap = llabs(now - then);
    return gap > PRICE_STEP_MICRO && gap * 1000 > then * PRICE_STEP_PM;
}

static const char *euros_per_kwh(struct checks *c, int64_t micro)
{
    return arena_printf(c->a, "%s\u202f€ HT",
                        format_fr_trim(c->a, micro, 6, 4));
}

static void tell_price(struct checks *c, const struct history_price *now,
                       int64_t then)
{
    const int64_t more = now->micro - then;
    const int64_t cents = (int64_t)((wide)more * now->kwh_milli / 10000000);
    checks_hit(c, &(struct checks_hit){
                      .direction = checks_direction(more),
                      .partial = true, /* network part may be inside */
                      .has_amount = true,
                      .amount_cents = checks_with_vat(cents, now->rate_bp),
                      .ev = now->ev,
                      .args = {{"a", euros_per_kwh(c, then), NULL},
                               {"b", euros_per_kwh(c, now->micro), NULL}}});
}

enum checks_outcome checks_history_price(struct checks *c)
{
    size_t n;
    bool done = false;
    const struct history *h = sides(c, &n);
    for (size_t i = 0; i < n; i++) {
        const struct history_fact *now = &h[i].now;
        if (!str_eq(now->offer_type, "fixe") || now->end > now->offer_end)
            continue;
        const struct history_fact *old = same_offer(&h[i]);
        done |= old != NULL;
        for (size_t k = 0; old && k < now->n_prices; k++) {
            const struct history_price *p = &now->prices[k],
                                       *q = price_of(old, p->registr);
            if (q && p->micro > 0 && moved(p->micro, q->micro))
                tell_price(c, p, q->micro);
        }
    }
    return done ? CHECKS_DONE : CHECKS_SKIPPED;
}
