/* Billed lines: rows with an amount, and words or arithmetic that say what
 * was billed; then which of them are the invoice's. */
#include "base/str.h"
#include "invoice/reader_row.h"
#include <string.h>

enum { LINES_MAX = 400 };

/* ---- the whole ---------------------------------------------------------- */

static int64_t sum_of(const struct draft *d, size_t n, bool all)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        if (all || row_is_detailed(&d[i]))
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

/* OCR lost the amount, or doubts a digit of one that is not the product. */
static bool is_doubtful(const struct line *l)
{
    return l->has_quantity && l->has_price &&
           (l->amount_derived ||
            (l->amount_ink &&
             !marks_product_ok(l->quantity_milli, l->price_micro,
                               l->price_decimals, l->amount_cents)));
}

/* OCR's doubtful amounts give way to quantity x price when the printed net
 * total then is their sum, and only then: a text layer is never repaired. */
static void repair(struct reader *r, struct draft *d, size_t n)
{
    int64_t sum = 0;
    bool doubtful = false;
    for (size_t i = 0; i < n; i++) {
        struct line l = d[i].line;
        if (is_doubtful(&l)) {
            row_recompute(&l, 800);
            doubtful = true;
        }
        sum += l.amount_cents;
    }
    if (!doubtful || !printed_net(r, sum))
        return;
    for (size_t i = 0; i < n; i++)
        if (is_doubtful(&d[i].line)) {
            d[i].line.ev.conf = 800;
            d[i].line.ev.repaired |= !d[i].line.amount_derived;
            row_recompute(&d[i].line, 800);
        }
}

static bool is_gross(const struct reader *r, int64_t cents)
{
    static const enum field_id totals[] = {F_total_ttc, F_amount_due};
    for (size_t f = 0; f < ARRAY_LEN(totals); f++)
        for (size_t i = 0; i < r->fields[totals[f]].n; i++)
            if (r->fields[totals[f]].list[i].num == cents)
                return true;
    return false;
}

/* Takes out the plain rows at the top that a summary before the detail
 * ("Abonnement 24,36 € TTC") has printed: without them the lines are the
 * printed net total. How many rows are left. */
static size_t drop_summary(const struct reader *r, struct draft *d, size_t n)
{
    const struct candidates *ht = &r->fields[F_total_ht];
    int64_t left = sum_of(d, n, true), gross = 0;
    for (size_t head = 0; head < n && !row_is_detailed(&d[head]); head++) {
        left -= d[head].line.amount_cents;
        gross += d[head].line.amount_cents;
        if (head && head + 1 < n && is_gross(r, gross)) {
            memmove(d, d + head + 1, (n - head - 1) * sizeof *d);
            return n - head - 1;
        }
        for (size_t i = 0; i < ht->n; i++) {
            if (ht->list[i].num != left || left == 0)
                continue;
            memmove(d, d + head + 1, (n - head - 1) * sizeof *d);
            return n - head - 1;
        }
    }
    return n;
}

/* "Énergie 26.55" over "dont heures pleines 89 kWh x 0.1140 = 10.15" and the
 * like: parts that make up the row above stand for it, with its component;
 * other parts are said twice and go. How many rows are left. */
static size_t settle_parts(struct draft *d, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        int64_t sum = 0;
        for (; end < n && d[end].is_part; end++)
            sum += d[end].line.amount_cents;
        const bool whole = !d[i].is_part && !row_is_detailed(&d[i]) &&
                           end > i + 1 && sum == d[i].line.amount_cents;
        const enum component component = d[i].line.component;
        if (!whole && !d[i].is_part)
            d[kept++] = d[i];
        for (size_t k = i + 1; whole && k < end; k++) {
            d[kept] = d[k];
            d[kept++].line.component = component;
        }
        i = end;
    }
    return kept;
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
        detailed += row_is_detailed(&d[i]);
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
        if (!drop || row_is_detailed(&d[i]) ||
            (!fits_some && d[i].line.component != COMP_OTHER))
            inv->lines[inv->n_lines++] = d[i].line;
}

/* "…recouvrement par facture de 40,00 €": the sentence goes on. */
static bool ends_open(const char *label)
{
    static const char *const words[] = {" de", " du", " à", " au", " d'",
                                        " est", " par", " ou"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_ends(label, words[i]))
            return true;
    return false;
}

/* Amounts in running text and of empty sections bill nothing: behind a line's amount at most a
 * word or two follow. */
static bool is_prose(const struct reader *r, const struct draft *d)
{
    const struct row *row = &r->l->rows[d->row];
    uint32_t letters = 0;
    for (uint32_t at = d->marks[d->amount].to; at < row->len;) {
        uint32_t next = row_skip(d, at);
        letters += next == at && *french_fold((unsigned char)row->text[at]);
        at = next > at ? next : at + 1;
    }
    if (ends_open(d->label))
        return true;
    if (d->marks[d->amount].n.digits == 0 && !row_is_detailed(d))
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
    if (component >= 0 || !d->exact || d->price < 0)
        return component >= 0;
    /* "29 jours x 3.2959": a unit and a price of many decimals calculate by
     * no accident */
    return d->marks[d->price].kind == MARK_PRICE ||
           (d->marks[d->quantity].kind == MARK_QUANTITY &&
            d->marks[d->price].n.decimals >= 3);
}

/* A row that only says another period, quantity, price and amount belongs to
 * the label of the line above it. */
static bool goes_on(const struct reader *r, const struct draft *d,
                    const struct draft *above)
{
    return !*d->label && d->line.has_period && above->line.has_period &&
           row_is_detailed(d) && row_is_detailed(above) && d->row > above->row &&
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
            row_header(r, i, &t);
            continue;
        }
        struct vat_line v = {.base_derived = false};
        if (r->inv->n_vat < 64 && vat_row_read(r, i, &v)) {
            r->inv->vat[r->inv->n_vat++] = v;
            r->is_vat[i] = true;
            continue;
        }
        if (n + 1 >= LINES_MAX || !row_read(r, i, &t, d))
            continue;
        row_fill(r, d);
        row_detail(r, d);
        label_complete(r, d, &t);
        int component = label_component(r, d);
        if (n && goes_on(r, d, d - 1)) { /* the next period of the same */
            d->label = d[-1].label;
            component = d[-1].line.component;
        }
        if (!*d->label || !is_line(r, d, component))
            continue;
        label_fill(r, d, &t, component);
        r->is_used[i] = true;
        n++;
    }
    n = settle_parts(drafts, n);
    vat_merge(r);
    search_fields(r);
    repair(r, drafts, n);
    keep_lines(r, drafts, n);
}
