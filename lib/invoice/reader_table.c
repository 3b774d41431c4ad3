/* Billed lines: a row with an amount, and words or arithmetic that say what
 * was billed. Columns may stand in any order: the quantity times the price
 * is the amount. */
#include "base/str.h"
#include "invoice/marks.h"
#include "invoice/reader.h"
#include <string.h>

enum { LINES_MAX = 400 };

struct heading { /* a column of the table we are in */
    enum column column;
    float x0, x1;
};

struct table {
    struct heading columns[16];
    size_t n;
    int page;
    bool kwh; /* quantities are in kWh: the unit stands in the heading */
};

/* A row and the roles its marks play; -1 for none. */
struct draft {
    uint32_t row;
    struct mark *marks; /* room for MARKS_MAX */
    size_t n;
    int quantity, price, amount, rate, period;
    uint32_t label_from, label_to;
    const char *label;
    bool exact; /* quantity x price = amount */
    bool unread; /* OCR lost the amount; quantity and price stand */
    struct line line;
};

/* ---- columns ------------------------------------------------------------ */

static void read_header(const struct reader *r, uint32_t row, struct table *t)
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
static uint32_t skip_roles(const struct draft *d, uint32_t at)
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
        uint32_t next = skip_roles(d, at);
        if (next > at || row->text[at] == ' ' || row->text[at] == '\t') {
            at = next > at ? next : at + 1;
            continue;
        }
        uint32_t end = at;
        while (end < row->len && row->text[end] != '\t' &&
               skip_roles(d, end) == end)
            end++;
        if (layout_letters(row->text, at, end) >= 2) {
            d->label_from = at;
            d->label_to = end;
            return;
        }
        at = end;
    }
}

static const char *trimmed(struct arena *a, const char *s, uint32_t n)
{
    while (n && strchr(" \t:.-=x", s[n - 1]))
        n--;
    while (n && strchr(" \t:.-=", *s)) {
        s++;
        n--;
    }
    return arena_strndup(a, s, n);
}

/* ---- meaning ------------------------------------------------------------ */

static bool in_label(const struct reader *r, const struct draft *d,
                     const struct hit *h)
{
    uint32_t from = r->l->rows[h->row].tokens[h->from].from;
    return h->row != d->row || (from >= d->label_from && from < d->label_to);
}

/* What the words of a row say; the order settles rows that say several. */
static int component_in(const struct reader *r, const struct draft *d,
                        uint32_t row)
{
    static const enum component order[] = {
        COMP_OVERRUN,  COMP_REACTIVE, COMP_CTA,      COMP_EXCISE,
        COMP_LOCAL_TAX, COMP_CAPACITY, COMP_CEE,     COMP_GREEN,
        COMP_DISCOUNT, COMP_FEE,      COMP_NETWORK,  COMP_SUBSCRIPTION,
        COMP_SERVICE,  COMP_CONSUMPTION, COMP_ADJUSTMENT};
    for (size_t k = 0; k < ARRAY_LEN(order); k++)
        for (uint32_t i = r->first_hit[row]; i < r->first_hit[row + 1]; i++) {
            const struct hit *h = &r->hits[i];
            if (h->says == SAYS_COMPONENT + (int)order[k] &&
                in_label(r, d, h))
                return (int)order[k];
        }
    return -1;
}

static const char *register_in(const struct reader *r, const struct draft *d)
{
    const char *found = NULL;
    for (uint32_t i = r->first_hit[d->row]; i < r->first_hit[d->row + 1];
         i++) {
        const struct hit *h = &r->hits[i];
        const char *name = h->says >= SAYS_REGISTER
                               ? lexicon_register(h->says - SAYS_REGISTER)
                               : NULL;
        if (!name || h->says >= SAYS_COLUMN || !in_label(r, d, h))
            continue;
        if (!found || str_eq(found, "BASE") || strlen(name) > strlen(found))
            found = name;
    }
    return found;
}

static enum energy energy_in(const struct reader *r, const struct draft *d)
{
    bool elec = false, gas = false;
    for (uint32_t i = r->first_hit[d->row]; i < r->first_hit[d->row + 1];
         i++) {
        const struct hit *h = &r->hits[i];
        if (!in_label(r, d, h))
            continue;
        elec |= h->says == SAYS_ELEC;
        gas |= h->says == SAYS_GAS;
    }
    if (elec != gas)
        return elec ? ENERGY_ELEC : ENERGY_GAS;
    return (enum energy)r->energy[d->row];
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
                             str_eq(row->tokens[0].text, "dont"));
}

/* The amount from quantity and price, for what OCR could not read. */
static void recompute(struct line *l, int16_t most)
{
    __int128 product = (__int128)l->quantity_milli * l->price_micro;
    product += product < 0 ? -5000000 : 5000000;
    l->has_amount = true;
    l->amount_cents = (int64_t)(product / 10000000);
    l->ev.conf = l->ev.conf < most ? l->ev.conf : most;
}

static void fill_values(struct reader *r, struct draft *d)
{
    struct line *l = &d->line;
    const struct row *row = &r->l->rows[d->row];
    if (d->amount >= 0) {
        l->has_amount = true;
        l->amount_cents = french_scaled(&d->marks[d->amount].n, 2);
    }
    if (d->quantity >= 0) {
        l->has_quantity = true;
        l->quantity_milli = french_scaled(&d->marks[d->quantity].n, 3);
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
    if (d->unread)
        recompute(l, 500);
}

static bool counts_energy(int component)
{
    return component == COMP_CONSUMPTION || component == COMP_EXCISE ||
           component == COMP_CAPACITY || component == COMP_CEE ||
           component == COMP_LOCAL_TAX;
}

static void fill_meaning(struct reader *r, struct draft *d,
                         const struct table *t, int component)
{
    struct line *l = &d->line;
    if (l->has_quantity && l->unit == UNIT_NONE && t->kwh &&
        counts_energy(component))
        l->unit = UNIT_KWH;
    enum unit u = l->unit;
    if (component < 0)
        component = u == UNIT_KWH || u == UNIT_MWH ? COMP_CONSUMPTION
                                                   : COMP_OTHER;
    l->component = (enum component)component;
    l->energy = energy_in(r, d);
    l->label = d->label;
    l->is_local_tax = component == COMP_LOCAL_TAX;
    if (component == COMP_CONSUMPTION)
        l->registr = register_in(r, d);
}

/* A row of the table, or not: false. */
static bool read_row(struct reader *r, uint32_t row, const struct table *t,
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
    d->label = trimmed(r->a, text->text + d->label_from,
                       d->label_to - d->label_from);
    return !is_summary(r, d);
}

/* ---- labels on more than one row ---------------------------------------- */

static bool carries_on(const char *s)
{
    const char *p = s;
    uint32_t cp = str_utf8_next(&p);
    return cp == '(' || (cp >= 'a' && cp <= 'z') ||
           (cp >= 0xE0 && cp <= 0xFF);
}

static bool ends_open(const char *s)
{
    static const char *const ends[] = {" de",  " d'", " sur", " du", " la",
                                       " le",  " des", " et", " -",  " –",
                                       " l'",  "'",    " au", " à"};
    size_t opens = 0, closes = 0;
    for (const char *p = s; *p; p++) {
        opens += *p == '(';
        closes += *p == ')';
    }
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (str_ends(s, ends[i]))
            return true;
    return opens > closes;
}

static float row_height(const struct row *row)
{
    float h = row->box.y1 - row->box.y0;
    return h < 5 ? 5 : h > 40 ? 40 : h;
}

/* The text of a neighbour that belongs to the label's column: it starts
 * where the label does and holds no amount. */
static bool is_label_part(const struct reader *r, const struct draft *d,
                          uint32_t row, float x0)
{
    const struct row *text = &r->l->rows[row], *own = &r->l->rows[d->row];
    struct mark marks[MARKS_MAX];
    if (text->page != own->page || r->is_header[row] || r->is_used[row])
        return false;
    float gap = text->box.y0 > own->box.y0 ? text->box.y0 - own->box.y1
                                           : own->box.y0 - text->box.y1;
    float off = text->cells[0].x0 - x0;
    if (gap > 0.6f * row_height(own) || off > 24 || off < -6)
        return false;
    size_t n = marks_scan(text, marks);
    for (size_t i = 0; i < n; i++)
        if (marks[i].kind == MARK_MONEY || marks[i].kind == MARK_PRICE)
            return false;
    return text->n_cells == 1 || (n && marks[0].kind == MARK_PERIOD);
}

static bool begins_with_date(const struct row *row)
{
    struct mark marks[MARKS_MAX];
    size_t n = marks_scan(row, marks);
    return n && marks[0].from < 4 &&
           (marks[0].kind == MARK_PERIOD || marks[0].kind == MARK_DATE);
}

/* Adds what the next row says to the label. */
static bool append_row(struct reader *r, struct draft *d, uint32_t row,
                       float x0)
{
    if (row >= r->l->n_rows || !is_label_part(r, d, row, x0))
        return false;
    const struct row *text = &r->l->rows[row];
    bool dated = begins_with_date(text);
    if ((d->line.has_period && dated) ||
        (!dated && !carries_on(text->text) && !ends_open(d->label)))
        return false;
    d->label = arena_printf(r->a, "%s%s%s", d->label,
                            str_ends(d->label, "'") ? "" : " ", text->text);
    r->is_used[row] = true;
    return true;
}

/* A label that begins above its values. */
static void prepend_row(struct reader *r, struct draft *d, float x0)
{
    if (d->row == 0 || !is_label_part(r, d, d->row - 1, x0))
        return;
    const char *above = r->l->rows[d->row - 1].text;
    if (*d->label && !carries_on(d->label) && !ends_open(above))
        return;
    d->label = *d->label ? arena_printf(r->a, "%s %s", above, d->label)
                         : above;
    r->is_used[d->row - 1] = true;
}

/* Moves the period from the label's text into the line. */
static void take_period(struct reader *r, struct draft *d)
{
    const char *s = d->label;
    for (const char *p = s; *p; p++) {
        int32_t start, end;
        bool starts = p == s || p[-1] == ' ' || p[-1] == '\t' ||
                      p[-1] == '(';
        size_t n = starts ? french_period(p, &start, &end) : 0;
        if (!n)
            continue;
        if (!d->line.has_period) {
            d->line.has_period = true;
            d->line.start = start;
            d->line.end = end;
        }
        bool paren = p > s && p[-1] == '(' && p[n] == ')';
        d->label = arena_printf(r->a, "%.*s%s", (int)(p - s) - paren, s,
                                p + n + paren);
        break;
    }
    d->label = trimmed(r->a, d->label, (uint32_t)strlen(d->label));
}

static void complete_label(struct reader *r, struct draft *d,
                           const struct table *t)
{
    const struct row *row = &r->l->rows[d->row];
    float x0 = row->box.x0, x1;
    if (d->label_to > d->label_from)
        layout_extent(row, d->label_from, d->label_to, &x0, &x1);
    else
        for (size_t i = 0; i < t->n; i++)
            x0 = t->columns[i].column == COL_LABEL ? t->columns[i].x0 : x0;
    prepend_row(r, d, x0);
    for (uint32_t k = 1; k <= 2; k++)
        if (!append_row(r, d, d->row + k, x0))
            break;
    take_period(r, d);
}

/* Words of the label's other rows count as well. */
static int component_of(const struct reader *r, const struct draft *d)
{
    int c = component_in(r, d, d->row);
    uint32_t from = d->row ? d->row - 1 : 0;
    for (uint32_t row = from; row < d->row + 3 && row < r->l->n_rows; row++) {
        if (row == d->row || !r->is_used[row] ||
            !strstr(d->label, r->l->rows[row].text))
            continue;
        int more = component_in(r, d, row);
        if (more >= 0 && (c < 0 || c == COMP_CONSUMPTION))
            c = more;
    }
    return c;
}

/* ---- the whole ---------------------------------------------------------- */

static bool is_detailed(const struct draft *d)
{
    return d->line.has_quantity && d->line.has_price;
}

static int64_t sum_of(const struct draft *d, size_t n, bool all)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        if (all || is_detailed(&d[i]))
            sum += d[i].line.amount_cents;
    return sum;
}

static bool printed_net(const struct reader *r, int64_t sum)
{
    int64_t bases = 0;
    for (size_t i = 0; i < r->inv->n_vat; i++)
        bases += r->inv->vat[i].base_cents;
    for (size_t i = 0; i < r->fields[F_total_ht].n; i++)
        if (r->fields[F_total_ht].list[i].num == sum)
            return true;
    return bases == sum;
}

/* OCR's doubtful amounts give way to quantity x price when the printed net
 * total then is their sum, and only then: a text layer is never repaired. */
static void repair(struct reader *r, struct draft *d, size_t n)
{
    int64_t sum = 0;
    bool doubtful = false;
    for (size_t i = 0; i < n; i++) {
        struct line l = d[i].line;
        bool ocr = r->l->rows[d[i].row].ocr;
        if (ocr && !d[i].exact && l.has_quantity && l.has_price) {
            recompute(&l, 800);
            doubtful = true;
        }
        sum += l.amount_cents;
    }
    if (!doubtful || !printed_net(r, sum))
        return;
    for (size_t i = 0; i < n; i++)
        if (r->l->rows[d[i].row].ocr && !d[i].exact &&
            d[i].line.has_quantity && d[i].line.has_price) {
            d[i].line.ev.conf = 800;
            recompute(&d[i].line, 800);
        }
}

/* Takes out the plain rows at the top that a summary before the detail
 * ("Abonnement 24,36 € TTC") has printed: without them the lines are the
 * printed net total. How many rows are left. */
static size_t drop_summary(const struct reader *r, struct draft *d, size_t n)
{
    const struct candidates *ht = &r->fields[F_total_ht];
    int64_t left = sum_of(d, n, true);
    for (size_t head = 0; head < n && !is_detailed(&d[head]); head++) {
        left -= d[head].line.amount_cents;
        for (size_t i = 0; i < ht->n; i++) {
            if (ht->list[i].num != left || left == 0)
                continue;
            memmove(d, d + head + 1, (n - head - 1) * sizeof *d);
            return n - head - 1;
        }
    }
    return n;
}

/* Rows without quantity and price may be a summary of the others: they stay
 * only when no detailed row exists, or when a total needs them. */
static void keep_lines(struct reader *r, struct draft *d, size_t n)
{
    bool printed = false, fits_all = false, fits_some = false;
    const struct candidates *ht = &r->fields[F_total_ht];
    for (size_t i = 0; i < ht->n; i++)
        fits_all |= ht->list[i].num == sum_of(d, n, true);
    if (!fits_all)
        n = drop_summary(r, d, n);
    size_t detailed = 0;
    for (size_t i = 0; i < n; i++)
        detailed += is_detailed(&d[i]);
    int64_t all = sum_of(d, n, true), some = sum_of(d, n, false);
    for (size_t i = 0; i < ht->n; i++) {
        printed = true;
        fits_all |= ht->list[i].num == all;
        fits_some |= ht->list[i].num == some;
    }
    bool drop = detailed > 0 && !fits_all && (fits_some || !printed);
    struct invoice *inv = r->inv;
    inv->lines = ARENA_ARRAY(r->a, n + 1, struct line);
    for (size_t i = 0; i < n; i++)
        if (!drop || is_detailed(&d[i]) ||
            (!fits_some && d[i].line.component != COMP_OTHER))
            inv->lines[inv->n_lines++] = d[i].line;
}

/* Amounts in running text and of empty sections bill nothing: behind a line's amount at most a
 * word or two follow. */
static bool is_prose(const struct reader *r, const struct draft *d)
{
    const struct row *row = &r->l->rows[d->row];
    uint32_t letters = 0;
    for (uint32_t at = d->marks[d->amount].to; at < row->len;) {
        uint32_t next = skip_roles(d, at);
        letters += next == at && *french_fold((unsigned char)row->text[at]);
        at = next > at ? next : at + 1;
    }
    if (d->marks[d->amount].n.digits == 0 && !is_detailed(d))
        return true; /* "Services 0,00 €" heads a section */
    return letters > 12 || d->label_to - d->label_from > 120;
}

static bool is_line(const struct reader *r, const struct draft *d,
                    int component)
{
    if (d->unread)
        return component >= 0;
    const struct mark *m = &d->marks[d->amount];
    const char *after = r->l->rows[d->row].text + m->to;
    bool gross = str_starts(after + strspn(after, " \t"), "TTC");
    if (!d->exact && (is_prose(r, d) || gross || m->n.decimals != 2))
        return false;
    return component >= 0 || (d->exact && d->price >= 0 &&
                              d->marks[d->price].kind == MARK_PRICE);
}

/* A row that only says another period, quantity, price and amount belongs to
 * the label of the line above it. */
static bool goes_on(const struct reader *r, const struct draft *d,
                    const struct draft *above)
{
    return !*d->label && d->line.has_period && above->line.has_period &&
           is_detailed(d) && is_detailed(above) && d->row > above->row &&
           d->row - above->row <= 2 && d->line.unit == above->line.unit &&
           r->l->rows[d->row].page == r->l->rows[above->row].page;
}

void table_read(struct reader *r)
{
    struct table t = {.page = 0};
    struct draft *drafts = ARENA_ARRAY(r->a, LINES_MAX, struct draft);
    size_t n = 0;
    r->inv->vat = ARENA_ARRAY(r->a, 64, struct vat_line);
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        struct draft *d = &drafts[n];
        if (r->is_header[i]) {
            read_header(r, i, &t);
            continue;
        }
        struct vat_line v;
        if (r->inv->n_vat < 64 && vat_row_read(r, i, &v)) {
            r->inv->vat[r->inv->n_vat++] = v;
            r->is_vat[i] = true;
            continue;
        }
        if (n + 1 >= LINES_MAX || !read_row(r, i, &t, d))
            continue;
        fill_values(r, d);
        complete_label(r, d, &t);
        int component = component_of(r, d);
        if (n && goes_on(r, d, d - 1)) { /* the next period of the same */
            d->label = d[-1].label;
            component = d[-1].line.component;
        }
        if (!*d->label || !is_line(r, d, component))
            continue;
        fill_meaning(r, d, &t, component);
        r->is_used[i] = true;
        n++;
    }
    vat_merge(r);
    search_fields(r);
    repair(r, drafts, n);
    keep_lines(r, drafts, n);
}
