/* One row of a table: which of its values is the quantity, the price, the
 * amount, the rate. Columns may stand in any order: the quantity times the
 * price is the amount. */
#include "invoice/reader_row.h"
#include "base/str.h"
#include <string.h>

/* ---- columns ------------------------------------------------------------ */

/* "P.U. HT (c€)", "Prix unitaire (cts/kWh)". */
static bool heads_cents(const struct row *row, const struct cell *c)
{
    static const char *const signs[] = {"c€", "cts", "ct€", "centimes"};
    for (size_t i = 0; i < ARRAY_LEN(signs); i++)
        if (memmem(row->text + c->from, c->to - c->from, signs[i],
                   strlen(signs[i])))
            return true;
    return false;
}

void row_header(const struct reader *r, uint32_t row, struct table *t)
{
    const struct row *text = &r->l->rows[row];
    *t = (struct table){.page = text->page};
    for (uint32_t i = r->first_hit[row]; i < r->first_hit[row + 1]; i++) {
        const struct hit *h = &r->hits[i];
        if (h->says < SAYS_COLUMN || h->says >= SAYS_COLUMN + COL_MAX ||
            t->n == ARRAY_LEN(t->columns))
            continue;
        uint32_t cell = layout_cell(text, reader_hit_from(r, h));
        t->kwh |= h->says == SAYS_COLUMN + COL_QUANTITY &&
                  memmem(text->text + text->cells[cell].from,
                         text->cells[cell].to - text->cells[cell].from,
                         "kWh", 3) != NULL;
        t->cents |= h->says == SAYS_COLUMN + COL_PRICE &&
                    heads_cents(text, &text->cells[cell]);
        struct heading *c = &t->columns[t->n++];
        c->column = (enum column)(h->says - SAYS_COLUMN);
        layout_extent(text, reader_hit_from(r, h), reader_hit_to(r, h),
                      &c->x0, &c->x1);
    }
}

static float distance(const struct heading *c, const struct mark *m)
{
    if (m->x0 < c->x1 && m->x1 > c->x0)
        return 0;
    return m->x0 >= c->x1 ? m->x0 - c->x1 : c->x0 - m->x1;
}

/* The column a value stands under; COL_MAX when none is near. */
static enum column column_of(const struct table *t, const struct mark *m)
{
    float nearest = 30;
    enum column best = COL_MAX;
    for (size_t i = 0; i < t->n; i++) {
        float d = distance(&t->columns[i], m);
        if (d < nearest) {
            nearest = d;
            best = t->columns[i].column;
        }
    }
    return best;
}

/* ---- roles -------------------------------------------------------------- */

static bool can_be_quantity(const struct mark *m)
{
    return m->kind == MARK_QUANTITY || m->kind == MARK_NUMBER ||
           (m->kind == MARK_MONEY && m->n.decimals == 2);
}

static bool can_be_price(const struct mark *m)
{
    return m->kind == MARK_PRICE || m->kind == MARK_MONEY ||
           (m->kind == MARK_NUMBER && m->n.decimals >= 2);
}

static bool can_be_amount(const struct mark *m)
{
    return m->kind == MARK_MONEY;
}

static int64_t micro_of(const struct mark *m, int *decimals)
{
    *decimals = m->kind == MARK_PRICE ? m->decimals : m->n.decimals;
    return m->kind == MARK_PRICE ? m->micro : french_scaled(&m->n, 6);
}

/* The price for one unit of the quantity: a price per MWh on kWh is
 * brought to kWh. */
static int64_t price_for(enum unit quantity, const struct mark *p,
                         int *decimals)
{
    int64_t micro = micro_of(p, decimals);
    if (p->kind != MARK_PRICE)
        return micro;
    if (p->unit == UNIT_MWH && quantity == UNIT_KWH) {
        *decimals = *decimals + 3 > 6 ? 6 : *decimals + 3;
        return (micro + (micro < 0 ? -500 : 500)) / 1000;
    }
    if (p->unit == UNIT_KWH && quantity == UNIT_MWH)
        return micro * 1000;
    return micro;
}

static int role_score(const struct table *t, const struct mark *q,
                      const struct mark *p, const struct mark *m)
{
    int score = 0;
    score += q->kind == MARK_QUANTITY ? 4 : q->kind == MARK_MONEY ? -1 : 0;
    score -= q->kind == MARK_QUANTITY && q->unit == UNIT_KVA ? 5 : 0;
    score += p->kind == MARK_PRICE ? 4 : p->n.decimals >= 3 ? 2 : 0;
    score += p->kind == MARK_PRICE && p->unit == q->unit ? 2 : 0;
    score += q->from < p->from ? 1 : 0;
    score += column_of(t, q) == COL_QUANTITY ? 2 : 0;
    score += column_of(t, p) == COL_PRICE ? 2 : 0;
    score += column_of(t, m) == COL_AMOUNT ? 2 : 0;
    return score;
}

/* The triple whose product holds and whose places fit best. */
static void by_product(struct draft *d, const struct table *t)
{
    int best = -100;
    for (int q = 0; q < (int)d->n; q++)
        for (int p = 0; p < (int)d->n; p++)
            for (int m = 0; m < (int)d->n; m++) {
                const struct mark *mq = &d->marks[q], *mp = &d->marks[p],
                                  *mm = &d->marks[m];
                int decimals;
                if (q == p || q == m || p == m || !can_be_quantity(mq) ||
                    !can_be_price(mp) || !can_be_amount(mm) ||
                    mm->n.digits == 0)
                    continue;
                int64_t micro = price_for(mq->unit, mp, &decimals);
                if (!marks_product_ok(french_scaled(&mq->n, 3), micro,
                                      decimals, french_scaled(&mm->n, 2)))
                    continue;
                int score = role_score(t, mq, mp, mm);
                if (score <= best)
                    continue;
                best = score;
                d->quantity = q;
                d->price = p;
                d->amount = m;
            }
    d->exact = best > -100;
}

/* The amount without VAT among two that differ by the rate. */
static int amount_of(const struct draft *d, const struct table *t)
{
    int amount = -1;
    for (int i = 0; i < (int)d->n; i++) {
        const struct mark *m = &d->marks[i];
        if (!can_be_amount(m) || i == d->price || i == d->quantity)
            continue;
        enum column c = column_of(t, m);
        if (c == COL_TTC || c == COL_VAT || c == COL_PRICE)
            continue;
        if (amount >= 0 && column_of(t, &d->marks[amount]) == COL_AMOUNT &&
            c != COL_AMOUNT)
            continue;
        amount = i;
    }
    return amount;
}

static void by_shape(struct draft *d, const struct table *t)
{
    for (int i = 0; i < (int)d->n; i++) {
        const struct mark *m = &d->marks[i];
        if (m->kind == MARK_PRICE && d->price < 0)
            d->price = i;
        if (m->kind == MARK_QUANTITY && m->unit != UNIT_KVA)
            d->quantity = i;
    }
    d->amount = amount_of(d, t);
}

/* First and last day in columns of their own. */
static void join_dates(struct draft *d)
{
    int first = -1, dates = 0, last = -1;
    for (int i = 0; i < (int)d->n; i++) {
        if (d->marks[i].kind != MARK_DATE)
            continue;
        first = dates++ ? first : i;
        last = i;
    }
    if (d->period >= 0 || dates != 2 ||
        d->marks[first].start > d->marks[last].start)
        return;
    d->marks[first].kind = MARK_PERIOD;
    d->marks[first].end = d->marks[last].start;
    d->period = first;
}

/* Rates outside the label: the last one is the VAT rate. */
static void find_rate_and_period(struct draft *d, const struct table *t)
{
    for (int i = 0; i < (int)d->n; i++) {
        const struct mark *m = &d->marks[i];
        if (m->kind == MARK_RATE && marks_legal_rate((int32_t)french_scaled(&m->n,
                                                                      2)))
            d->rate = i;
        if (m->kind == MARK_PERIOD && d->period < 0)
            d->period = i;
    }
    join_dates(d);
    for (int i = 0; d->rate < 0 && i < (int)d->n; i++) {
        const struct mark *m = &d->marks[i];
        bool plain = (m->kind == MARK_NUMBER || m->kind == MARK_MONEY) &&
                     i != d->quantity && i != d->price && i != d->amount;
        if (plain && column_of(t, m) == COL_RATE &&
            marks_legal_rate((int32_t)french_scaled(&m->n, 2)))
            d->rate = i;
    }
}

/* ---- label -------------------------------------------------------------- */

static bool is_role(const struct draft *d, int i)
{
    return i == d->quantity || i == d->price || i == d->amount ||
           i == d->rate || i == d->period;
}

/* Where the value that covers byte at ends, or at. */
uint32_t row_skip(const struct draft *d, uint32_t at)
{
    for (int i = 0; i < (int)d->n; i++)
        if (d->marks[i].from <= at && at < d->marks[i].to &&
            (is_role(d, i) || d->marks[i].kind == MARK_MONEY))
            return d->marks[i].to;
    return at;
}

/* The first run of text that no value covers and that has words. */
static void find_label(const struct reader *r, struct draft *d)
{
    const struct row *row = &r->l->rows[d->row];
    uint32_t at = 0;
    while (at < row->len) {
        uint32_t next = row_skip(d, at);
        if (next > at || row->text[at] == ' ' || row->text[at] == '\t') {
            at = next > at ? next : at + 1;
            continue;
        }
        uint32_t end = at;
        while (end < row->len && row->text[end] != '\t' &&
               row_skip(d, end) == end)
            end++;
        if (layout_letters(row->text, at, end) >= 2) {
            d->label_from = at;
            d->label_to = end;
            return;
        }
        at = end;
    }
}

const char *row_trim(struct arena *a, const char *s, uint32_t n)
{
    while (n && strchr(" \t:.-=x", s[n - 1]))
        n--;
    while (n && strchr(" \t:.-=", *s)) {
        s++;
        n--;
    }
    return arena_strndup(a, s, n);
}

/* ---- rows --------------------------------------------------------------- */

/* Totals, VAT and amounts to pay look like lines but are none. */
static bool is_summary(const struct reader *r, const struct draft *d)
{
    for (uint32_t i = r->first_hit[d->row]; i < r->first_hit[d->row + 1];
         i++) {
        const struct hit *h = &r->hits[i];
        const struct row *row = &r->l->rows[d->row];
        bool money = h->says < F_MAX &&
                     field_infos[h->says].type == FIELD_CENTS;
        uint32_t at = row->tokens[h->from].from;
        bool before = at < d->label_to + 4 ||
                      (!d->exact && !d->unread &&
                       at < d->marks[d->amount].from);
        if (h->says == SAYS_SUBTOTAL ||
            (money && h->says != F_deposits && before))
            return true;
    }
    const struct row *row = &r->l->rows[d->row];
    return row->n_tokens && (str_eq(row->tokens[0].text, "total") ||
                             str_eq(row->tokens[0].text, "tva") ||
                             (str_eq(row->tokens[0].text, "dont") &&
                              !d->is_part));
}

/* The amount from quantity and price, for what OCR could not read; a product
 * that no bill holds was read wrong. */
void row_recompute(struct line *l, int16_t most)
{
    const __int128 cents_max = 100000000000;
    __int128 product = (__int128)l->quantity_milli * l->price_micro;
    product += product < 0 ? -5000000 : 5000000;
    product /= 10000000;
    if (product > cents_max || product < -cents_max)
        return;
    l->has_amount = true;
    l->amount_cents = (int64_t)product;
    l->amount_ink = 0;
    l->amount_derived = true;
    l->ev.conf = l->ev.conf < most ? l->ev.conf : most;
}

/* OCR doubts a digit of the row beside quantity, price and amount, which
 * arithmetic may settle: a date, a rate. */
static bool doubts_other(const struct draft *d, const struct row *row)
{
    const int settled[] = {d->quantity, d->price, d->amount};
    for (uint32_t at = 0; row->ocr && at < row->len; at++) {
        for (size_t i = 0; i < ARRAY_LEN(settled); i++) {
            const struct mark *m =
                settled[i] < 0 ? NULL : &d->marks[settled[i]];
            if (m && m->from <= at && at < m->to)
                at = m->to;
        }
        if (at < row->len && layout_ink(row, at, at + 1))
            return true;
    }
    return false;
}

void row_fill(struct reader *r, struct draft *d)
{
    struct line *l = &d->line;
    const struct row *row = &r->l->rows[d->row];
    if (d->amount >= 0) {
        l->has_amount = true;
        l->amount_cents = french_scaled(&d->marks[d->amount].n, 2);
        l->amount_ink = marks_ink(&d->marks[d->amount], 2);
    }
    if (d->quantity >= 0) {
        l->has_quantity = true;
        l->quantity_milli = french_scaled(&d->marks[d->quantity].n, 3);
        l->quantity_ink = marks_ink(&d->marks[d->quantity], 3);
        l->unit = d->marks[d->quantity].unit;
    }
    if (d->price >= 0) {
        int decimals;
        const struct mark *p = &d->marks[d->price];
        if (l->unit == UNIT_NONE && p->kind == MARK_PRICE)
            l->unit = p->unit;
        l->has_price = true;
        l->price_micro = price_for(l->unit, p, &decimals);
        l->price_decimals = (int8_t)decimals;
        /* 16,90 c€ has two decimals, its price in euros four */
        l->price_ink = marks_ink(p, 6 + p->n.decimals - decimals);
    }
    if (d->quantity < 0 && l->has_price && l->unit != UNIT_NONE &&
        l->price_micro == l->amount_cents * 10000) {
        l->has_quantity = true; /* a lost "1": one unit at the full price */
        l->quantity_milli = 1000;
    }
    if (d->rate >= 0) {
        l->has_rate = true;
        l->rate_bp = (int32_t)french_scaled(&d->marks[d->rate].n, 2);
    }
    if (d->period >= 0) {
        l->has_period = true;
        l->start = d->marks[d->period].start;
        l->end = d->marks[d->period].end;
    }
    l->ev = layout_evidence(r->a, row, 0, row->len, d->exact ? 900 : 750);
    l->ev.unsure = doubts_other(d, row);
    if (d->unread)
        row_recompute(l, 500);
}

/* "620 kWh x 0,125 €/kWh": a product whatever it makes. */
static bool is_product(const struct row *row, struct draft *below)
{
    static const char *const signs[] = {"x", "X", "×", "*"};
    for (int q = 0; q + 1 < (int)below->n; q++) {
        const struct mark *mq = &below->marks[q], *mp = mq + 1;
        const char *t = row->text + mq->to;
        if (mq->kind != MARK_QUANTITY || mp->kind != MARK_PRICE)
            continue;
        t += strspn(t, " \t");
        for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
            const char *after = t + strlen(signs[i]);
            if (!str_starts(t, signs[i]) ||
                after + strspn(after, " \t") != row->text + mp->from)
                continue;
            below->quantity = q;
            below->price = q + 1;
            return true;
        }
    }
    return false;
}

/* Quantity and price of the marks that make the amount; false for none. */
static bool find_product(struct draft *below, int64_t cents)
{
    for (int q = 0; q < (int)below->n; q++)
        for (int p = 0; p < (int)below->n; p++) {
            const struct mark *mq = &below->marks[q], *mp = &below->marks[p];
            int decimals;
            if (q == p || mq->kind != MARK_QUANTITY || mp->kind != MARK_PRICE)
                continue;
            const int64_t micro = price_for(mq->unit, mp, &decimals);
            if (!marks_product_ok(french_scaled(&mq->n, 3), micro, decimals,
                                  cents))
                continue;
            below->quantity = q;
            below->price = p;
            return true;
        }
    return false;
}

/* "Accise 3 820 kWh x 0,001 € 3,82 €" under "CTA 22,44 €" is the next line:
 * words of a component, and an amount behind the price. */
static bool is_own_line(const struct reader *r, const struct draft *below)
{
    bool named = false;
    for (uint32_t i = r->first_hit[below->row];
         i < r->first_hit[below->row + 1]; i++)
        named |=
            r->hits[i].says >= SAYS_COMPONENT && r->hits[i].says < SAYS_ELEC;
    for (int i = below->price + 1; named && i < (int)below->n; i++)
        if (can_be_amount(&below->marks[i]))
            return true;
    return false;
}

void row_detail(struct reader *r, struct draft *d)
{
    static const struct table nowhere;
    const struct row *own = &r->l->rows[d->row], *next = own + 1;
    struct draft below = {.row = d->row + 1, .quantity = -1, .price = -1,
                          .amount = -1, .rate = -1, .period = -1};
    if (row_is_detailed(d) || !d->line.has_amount ||
        below.row >= r->l->n_rows || next->page != own->page ||
        next->box.y0 - own->box.y1 > 1.5f * (own->box.y1 - own->box.y0))
        return;
    below.marks = ARENA_ARRAY(r->a, MARKS_MAX, struct mark);
    below.n = marks_scan(next, below.marks);
    bool exact = find_product(&below, d->line.amount_cents);
    if (!exact && (!is_product(next, &below) || is_own_line(r, &below)))
        return;
    find_rate_and_period(&below, &nowhere);
    const struct line whole = d->line;
    row_fill(r, &below);
    struct line *l = &d->line;
    *l = below.line;
    l->has_amount = true;
    l->amount_cents = whole.amount_cents;
    l->amount_ink = whole.amount_ink;
    l->ev = whole.ev;
    l->ev.conf = exact && l->ev.conf < 900 && !own->ocr ? 900 : l->ev.conf;
    l->ev.unsure |= doubts_other(&below, next);
    if (!l->has_rate && whole.has_rate) {
        l->has_rate = true;
        l->rate_bp = whole.rate_bp;
    }
    r->is_used[below.row] = true;
}

/* Plain numbers in a column of cents are prices in cents. */
static void use_cents(struct draft *d, const struct table *t)
{
    for (size_t i = 0; i < d->n; i++) {
        struct mark *m = &d->marks[i];
        if ((m->kind != MARK_NUMBER && m->kind != MARK_MONEY) ||
            column_of(t, m) != COL_PRICE)
            continue;
        m->kind = MARK_PRICE;
        m->micro = french_scaled(&m->n, 6) / 100;
        m->decimals = m->n.decimals + 2 > 6 ? 6 : m->n.decimals + 2;
    }
}

/* A row of the table, or not: false. */
bool row_read(struct reader *r, uint32_t row, const struct table *t,
                     struct draft *d)
{
    static const struct table nowhere;
    struct mark *room = d->marks ? d->marks
                                 : ARENA_ARRAY(r->a, MARKS_MAX, struct mark);
    *d = (struct draft){.row = row, .marks = room, .quantity = -1,
                        .price = -1, .amount = -1, .rate = -1, .period = -1};
    const struct row *text = &r->l->rows[row];
    t = t->page == text->page ? t : &nowhere;
    d->n = marks_scan(text, d->marks);
    if (t->cents)
        use_cents(d, t);
    by_product(d, t);
    if (!d->exact)
        by_shape(d, t);
    bool garbled = d->amount < 0 || (!d->exact &&
                                     d->marks[d->amount].n.decimals != 2);
    d->unread = garbled && text->ocr && d->quantity >= 0 && d->price >= 0;
    if (d->unread)
        d->amount = -1;
    if (d->amount < 0 && !d->unread)
        return false;
    find_rate_and_period(d, t);
    find_label(r, d);
    d->label = row_trim(r->a, text->text + d->label_from,
                       d->label_to - d->label_from);
    d->is_part = d->exact && d->marks[d->quantity].kind == MARK_QUANTITY &&
                 text->n_tokens && str_eq(text->tokens[0].text, "dont");
    return !is_summary(r, d);
}

bool row_is_detailed(const struct draft *d)
{
    return d->line.has_quantity && d->line.has_price;
}
