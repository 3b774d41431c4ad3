/* What bills of energy and water say beyond any invoice: the period, and how
 * many kWh, by readings that calculate or by what is said most often. */
#include "base/str.h"
#include "invoice/french.h"
#include "invoice/general.h"
#include <stdlib.h>
#include <string.h>

enum {
    PERIOD_DAYS_MAX = 400,
    BELOW_ROWS = 6,
    NUMBERS_MAX = 12,
    QUANTITIES_MAX = 64
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return *french_fold((unsigned char)c) >= 'a';
}

/* ---- period ------------------------------------------------------------- */

struct day {
    int32_t day;
    uint32_t from, to;
    float x0, x1;
};

/* The dates of a row from byte at on, at most max. */
static size_t days_of(const struct general *g, const struct row *row,
                      uint32_t at, struct day *out, size_t max)
{
    size_t n = 0;
    for (; at < row->len && n < max; at++) {
        struct day d = {.from = at};
        if (at && (is_digit(row->text[at - 1]) || is_letter(row->text[at - 1])))
            continue;
        size_t len = general_date(&g->habit, row->text + at, &d.day);
        if (!len)
            continue;
        d.to = at + (uint32_t)len;
        layout_extent(row, d.from, d.to, &d.x0, &d.x1);
        out[n++] = d;
        at = d.to - 1;
    }
    return n;
}

/* Two days as a period, in any order; false when they are none. */
static bool period_of(const struct day *a, const struct day *b, int32_t *start,
                      int32_t *end)
{
    *start = a->day < b->day ? a->day : b->day;
    *end = a->day < b->day ? b->day : a->day;
    return *start < *end && *end - *start <= PERIOD_DAYS_MAX;
}

struct span_found {
    struct candidate from; /* where it stands */
    int32_t start, end;
    int score;
};

static void offer(struct span_found *best, const struct span_found *one)
{
    if (one->score > best->score ||
        (one->score == best->score &&
         one->end - one->start > best->end - best->start))
        *best = *one;
}

/* Behind the label, in the rows of its table, or one day above the other. */
static void search_period(const struct general *g, const struct hit *h,
                          struct span_found *best)
{
    const struct layout *l = g->r->l;
    const struct row *own = &l->rows[h->row];
    const uint32_t from = own->tokens[h->from].from;
    struct day above = {0}, d[2];
    float x0, x1;
    layout_extent(own, from, own->tokens[h->to - 1].to, &x0, &x1);
    for (uint32_t i = h->row; i < l->n_rows && i < h->row + BELOW_ROWS; i++) {
        const struct row *row = &l->rows[i];
        const uint32_t at = i == h->row ? own->tokens[h->to - 1].to : 0;
        size_t n = days_of(g, row, at, d, 2);
        struct span_found one = {.score = i == h->row ? 3 : 2};
        if (row->page != own->page)
            return;
        if (!n || d[0].x1 < x0 - 40 || d[0].x0 > x1 + 160)
            continue;
        one.from =
            (struct candidate){.row = i, .from = d[0].from, .to = d[n - 1].to};
        if (n == 2 && period_of(&d[0], &d[1], &one.start, &one.end)) {
            offer(best, &one);
            return;
        }
        one.score = 1;
        if (above.day && d[0].x0 < above.x1 && d[0].x1 > above.x0 &&
            period_of(&above, &d[0], &one.start, &one.end)) {
            offer(best, &one);
            return;
        }
        above = d[0];
    }
}

void general_period(struct general *g)
{
    struct span_found best = {.score = 0};
    for (size_t i = 0; i < g->n_hits; i++)
        if (g->hits[i].says == ROLE_PERIOD)
            search_period(g, &g->hits[i], &best);
    if (!best.score)
        return;
    g->has_period = true;
    g->start = best.start;
    g->end = best.end;
    const int conf = best.score == 3 ? 850 : best.score == 2 ? 800 : 650;
    reader_set(g->r, F_period_start, NULL, best.start, &best.from, conf);
    reader_set(g->r, F_period_end, NULL, best.end, &best.from, conf);
}

/* ---- kWh ---------------------------------------------------------------- */

struct number {
    int64_t hundredths;
    int decimals;
    uint32_t from, to;
    bool kwh;
};

/* "kWh", also with the time of day before it: "onkwh". */
static bool says_kwh(const char *s)
{
    static const char *const units[] = {"kwh", "onkwh", "offkwh"};
    char word[8];
    size_t n = 0;
    s += strspn(s, " \t");
    while (n < sizeof word - 1 && is_letter(s[n])) {
        word[n] = *french_fold((unsigned char)s[n]);
        n++;
    }
    word[n] = 0;
    for (size_t i = 0; i < ARRAY_LEN(units); i++)
        if (str_eq(word, units[i]))
            return s[n] != '/';
    return false;
}

static size_t numbers_of(const struct general *g, const struct row *row,
                         struct number *out)
{
    size_t n = 0;
    for (uint32_t at = 0; at < row->len && n < NUMBERS_MAX; at++) {
        struct number one = {.from = at};
        int32_t day;
        const char *s = row->text + at;
        if (!is_digit(*s) || (at && (is_digit(s[-1]) || is_letter(s[-1]) ||
                                     strchr("/.-$", s[-1]))))
            continue;
        size_t len = general_date(&g->habit, s, &day);
        if (!len) {
            len = general_number(&g->habit, s, &one.hundredths, &one.decimals);
            one.to = at + (uint32_t)len;
            one.kwh = len && says_kwh(s + len);
            if (len && !is_letter(s[len]))
                out[n++] = one;
        }
        at += len ? (uint32_t)len - 1 : 0;
    }
    return n;
}

/* |a - b| x multiplier is the quantity behind them: "407070 418370 1,000.0
 * 11,300,000 kWh". */
static bool is_reading(const struct number *n, size_t q)
{
    for (size_t a = 0; a + 1 < q; a++) {
        const struct number *x = &n[a], *y = &n[a + 1];
        const int64_t diff = llabs(x->hundredths - y->hundredths) / 100;
        if (x->decimals || y->decimals || x->kwh || y->kwh)
            continue;
        if (diff * 100 == n[q].hundredths && (diff || x->hundredths))
            return true;
        if (a + 2 < q && diff &&
            (__int128)diff * n[a + 2].hundredths == n[q].hundredths)
            return true;
    }
    return false;
}

struct quantity {
    int64_t kwh;
    size_t times;
    struct candidate at;
};

struct quantities {
    struct quantity list[QUANTITIES_MAX];
    size_t n;
};

static struct quantity *note(struct quantities *all, int64_t kwh,
                             const struct candidate *at)
{
    size_t i = 0;
    while (i < all->n && all->list[i].kwh != kwh)
        i++;
    if (i == QUANTITIES_MAX)
        return NULL;
    if (i == all->n)
        all->list[all->n++] = (struct quantity){.kwh = kwh, .at = *at};
    all->list[i].times++;
    return &all->list[i];
}

/* What is said most often is the whole; twice at least, or it is the only
 * quantity there is. */
static const struct quantity *most_said(const struct quantities *all)
{
    const struct quantity *best = NULL;
    for (size_t i = 0; i < all->n; i++) {
        const struct quantity *q = &all->list[i];
        if (q->kwh > 0 && (!best || q->times > best->times ||
                           (q->times == best->times && q->kwh > best->kwh)))
            best = q;
    }
    return best && (best->times > 1 || all->n == 1) ? best : NULL;
}

void general_kwh(struct general *g)
{
    enum { KWH_MAX = 2000000000 };
    struct quantities *said = ARENA_NEW(g->r->a, struct quantities);
    struct quantities *read = ARENA_NEW(g->r->a, struct quantities);
    int64_t sum = 0;
    for (uint32_t i = 0; i < g->r->l->n_rows; i++) {
        struct number n[NUMBERS_MAX];
        size_t count = numbers_of(g, &g->r->l->rows[i], n);
        for (size_t q = 0; q < count; q++) {
            const int64_t kwh = n[q].hundredths / 100;
            const struct candidate at = {
                .row = i, .from = n[q].from, .to = n[q].to};
            if (!n[q].kwh || kwh > KWH_MAX)
                continue;
            note(said, kwh, &at);
            if (!is_reading(n, q))
                continue;
            const struct quantity *one = note(read, kwh, &at);
            sum += one && one->times == 1 ? kwh : 0;
        }
    }
    const struct quantity *most = most_said(said);
    if (read->n == 1)
        reader_set(g->r, F_billed_kwh, NULL, sum, &read->list[0].at, 900);
    else if (read->n && sum <= KWH_MAX)
        reader_derive(g->r, F_billed_kwh, NULL, sum, 850);
    else if (most)
        reader_set(g->r, F_billed_kwh, NULL, most->kwh, &most->at, 650);
}
