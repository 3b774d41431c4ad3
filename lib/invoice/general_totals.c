/* Totals of any invoice: labels propose, arithmetic decides. Net + VAT =
 * gross among the printed amounts; gross - paid = due. */
#include "invoice/general.h"
#include "invoice/marks.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
    STRONG = 30,
    WEAK = 16,
    HINT = 6,
    FITS = 40,    /* an identity that the paper prints */
    ALL_DUE = 34, /* the gross total is due, and said so */
    VAT_ROWS_MAX = 32,
    SHORT_MAX = 20
};

static bool is_money_role(int says)
{
    return says >= ROLE_NET && says <= ROLE_TENDER;
}

static void raise_score(struct amount *a, enum role role, int score)
{
    if (score > a->score[role])
        a->score[role] = (int16_t)score;
}

/* What a label of a role says about an amount beside it. */
static void credit(struct amount *a, int says, int more)
{
    static const struct {
        uint8_t says, role;
        int8_t score;
    } rows[] = {
        {ROLE_NET, ROLE_NET, STRONG},
        {ROLE_VAT, ROLE_VAT, STRONG},
        {ROLE_GROSS, ROLE_GROSS, STRONG},
        {ROLE_TOTAL, ROLE_GROSS, WEAK + 6},
        {ROLE_TOTAL, ROLE_NET, HINT},
        {ROLE_SUBTOTAL, ROLE_NET, WEAK},
        {ROLE_SUBTOTAL, ROLE_GROSS, HINT},
        {ROLE_DUE, ROLE_DUE, STRONG},
        {ROLE_DUE, ROLE_GROSS, HINT + 3},
        {ROLE_PAID, ROLE_PAID, STRONG},
        {ROLE_CARRIED, ROLE_CARRIED, STRONG},
        {ROLE_GROSS, ROLE_NET, 2},
        {ROLE_TENDER, ROLE_TENDER, STRONG},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].says == says)
            raise_score(a, rows[i].role, rows[i].score + more);
}

/* ---- labels ------------------------------------------------------------- */

/* The row heads a table of lines: what stands below is no total. */
static bool heads_lines(const struct general *g, uint32_t row)
{
    for (uint32_t i = g->first_hit[row]; i < g->first_hit[row + 1]; i++)
        if (g->hits[i].says == ROLE_COLUMN)
            return true;
    return false;
}

static uint32_t hit_from(const struct general *g, const struct hit *h)
{
    return g->r->l->rows[h->row].tokens[h->from].from;
}

static uint32_t hit_to(const struct general *g, const struct hit *h)
{
    return g->r->l->rows[h->row].tokens[h->to - 1].to;
}

/* Where the next label that is not the same as h begins. */
static uint32_t next_label(const struct general *g, const struct hit *h)
{
    uint32_t to = hit_to(g, h), end = g->r->l->rows[h->row].len;
    for (uint32_t i = g->first_hit[h->row]; i < g->first_hit[h->row + 1]; i++) {
        uint32_t from = hit_from(g, &g->hits[i]);
        bool label =
            is_money_role(g->hits[i].says) || g->hits[i].says == ROLE_OTHER;
        if (label && from >= to && from < end)
            end = from;
    }
    return end;
}

/* Amounts behind a label, the first and the last being likeliest. */
static bool credit_right(struct general *g, const struct hit *h, int more)
{
    uint32_t from = hit_to(g, h), to = next_label(g, h);
    int n = 0;
    struct amount *last = NULL;
    for (uint32_t i = g->first_amount[h->row]; i < g->first_amount[h->row + 1];
         i++) {
        struct amount *a = &g->amounts[i];
        if (a->from < from || a->from >= to || !a->is_money)
            continue;
        credit(a, h->says, more - 2 * n);
        last = a;
        n++;
    }
    if (n > 1)
        credit(last, h->says, more + 1);
    return n > 0;
}

static bool below(const struct amount *a, float x0, float x1)
{
    return a->x0 < x1 + 12 && a->x1 > x0 - 12;
}

/* The nearest amount under a label, in its column. */
static void credit_below(struct general *g, const struct hit *h, int more)
{
    const struct row *row = &g->r->l->rows[h->row];
    float x0, x1, tall = row->box.y1 - row->box.y0;
    layout_extent(row, hit_from(g, h), hit_to(g, h), &x0, &x1);
    tall = tall < 7 ? 7 : tall > 16 ? 16 : tall;
    for (uint32_t i = h->row + 1; i < g->r->l->n_rows && i < h->row + 6; i++) {
        const struct row *next = &g->r->l->rows[i];
        if (next->page != row->page || next->box.y0 - row->box.y1 > 2.2f * tall)
            return;
        for (uint32_t k = g->first_amount[i]; k < g->first_amount[i + 1]; k++)
            if (g->amounts[k].is_money && below(&g->amounts[k], x0, x1)) {
                credit(&g->amounts[k], h->says, more - 12);
                return;
            }
    }
}

/* "Total charges (excluding VAT)" is net, "Total (VAT included)" is gross:
 * what the label says with the words behind it in its cell. */
static int full_meaning(const struct general *g, const struct hit *h)
{
    const struct row *row = &g->r->l->rows[h->row];
    const uint32_t cell = layout_cell(row, hit_from(g, h));
    if (h->says != ROLE_GROSS && h->says != ROLE_TOTAL)
        return h->says;
    for (const struct hit *o = h + 1;
         o < g->hits + g->n_hits && o->row == h->row; o++) {
        bool own = layout_cell(row, hit_from(g, o)) == cell;
        if (own && (o->says == ROLE_WITHOUT || o->says == ROLE_WITH))
            return o->says == ROLE_WITH ? ROLE_GROSS : ROLE_NET;
    }
    return h->says;
}

static void credit_labels(struct general *g)
{
    for (size_t i = 0; i < g->n_hits; i++) {
        struct hit own = g->hits[i], *h = &own;
        if (!is_money_role(h->says))
            continue;
        own.says = (uint16_t)full_meaning(g, &g->hits[i]);
        const struct row *row = &g->r->l->rows[h->row];
        int letters = (int)(hit_to(g, h) - hit_from(g, h));
        bool opens = layout_letters(row->text, 0, hit_from(g, h)) == 0 ||
                     (hit_from(g, h) && row->text[hit_from(g, h) - 1] == '\t');
        int more =
            (letters > 16 ? 16 : letters) / 4 - 3 * h->errors + (opens ? 4 : 0);
        if (!credit_right(g, h, more) && !heads_lines(g, h->row))
            credit_below(g, h, more);
    }
}

/* ---- VAT rows ----------------------------------------------------------- */

struct vat_sums {
    int64_t base[VAT_ROWS_MAX], vat[VAT_ROWS_MAX], rate[VAT_ROWS_MAX];
    uint32_t row[VAT_ROWS_MAX];
    size_t n;
    int64_t base_sum;
};

static void keep_vat(struct vat_sums *s, uint32_t row, int64_t rate,
                     int64_t base, int64_t vat)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->rate[i] == rate && s->base[i] == base && s->vat[i] == vat)
            return; /* repeated on another page */
    if (s->n == VAT_ROWS_MAX)
        return;
    s->row[s->n] = row;
    s->rate[s->n] = rate;
    s->base[s->n] = base;
    s->vat[s->n] = vat;
    s->n++;
    s->base_sum += base;
}

static bool is_vat(int64_t base, int64_t rate_bp, int64_t vat)
{
    if (rate_bp <= 0 || rate_bp > 4000 || !base || !vat)
        return false;
    return marks_vat_ok(base, (int32_t)rate_bp, vat);
}

/* A rate and two amounts of the row of which one is its part of the other;
 * small amounts fit by accident and need a label of the row. */
static void vat_row(struct general *g, uint32_t row, struct vat_sums *s)
{
    uint32_t first = g->first_amount[row], end = g->first_amount[row + 1];
    end = end - first > 10 ? first + 10 : end;
    for (uint32_t r = first; r < end; r++)
        for (uint32_t b = first; b < end; b++)
            for (uint32_t v = first; v < end; v++) {
                struct amount *base = &g->amounts[b], *vat = &g->amounts[v];
                bool money = base->is_money && vat->is_money && b != v &&
                             r != b && r != v;
                if (!money ||
                    !is_vat(base->cents, g->amounts[r].cents, vat->cents) ||
                    (!g->amounts[r].is_rate && llabs(vat->cents) < 10))
                    continue;
                raise_score(base, ROLE_NET, HINT + 4);
                raise_score(vat, ROLE_VAT, WEAK);
                for (uint32_t t = first; t < end; t++)
                    if (g->amounts[t].cents == base->cents + vat->cents)
                        raise_score(&g->amounts[t], ROLE_GROSS, WEAK - 2);
                keep_vat(s, row, g->amounts[r].cents, base->cents, vat->cents);
                return;
            }
}

/* "Total  1,000.00  122.00  1,122.00": net, VAT and gross in one row that a
 * label calls a total. */
static void sum_row(struct general *g, uint32_t row)
{
    uint32_t first = g->first_amount[row], end = g->first_amount[row + 1];
    bool total = false;
    for (uint32_t i = g->first_hit[row]; i < g->first_hit[row + 1]; i++)
        total |= g->hits[i].says == ROLE_TOTAL || g->hits[i].says == ROLE_GROSS;
    for (uint32_t i = first; total && i + 2 < end; i++) {
        struct amount *net = &g->amounts[i], *vat = net + 1, *gross = net + 2;
        bool money = net->is_money && vat->is_money && gross->is_money;
        if (!money || !vat->cents ||
            llabs(vat->cents) > llabs(net->cents) / 2 ||
            net->cents + vat->cents != gross->cents)
            continue;
        raise_score(net, ROLE_NET, STRONG - 8);
        raise_score(vat, ROLE_VAT, STRONG - 8);
        raise_score(gross, ROLE_GROSS, STRONG - 4);
    }
}

/* ---- choosing ----------------------------------------------------------- */

struct choice {
    const struct amount *net, *vat, *gross;
    int64_t vat_cents;
    int score;
    const struct amount *due; /* of the whole */
    bool whole; /* of parts: net and VAT on the paper are theirs */
};

/* Later totals are more final; a summary on the first page is most. */
static int place(const struct general *g, const struct amount *a)
{
    const bool first = g->r->l->rows[a->row].page == 1;
    return (first ? 5 : 0) + (int)(4 * a->row / (g->r->l->n_rows + 1));
}

static const struct amount *printed(const struct general *g, int64_t cents,
                                    enum role role, int least)
{
    const struct amount *best = NULL;
    for (size_t i = 0; i < g->n_amounts; i++) {
        const struct amount *a = &g->amounts[i];
        if (a->is_money && llabs(a->cents) == llabs(cents) &&
            a->score[role] >= least &&
            (!best || a->score[role] >= best->score[role]))
            best = a;
    }
    return best;
}

/* The rows first..*last, one below the other, that make up a VAT total:
 * discounts of five per cent look like VAT, too. */
static bool vat_run(const struct vat_sums *s, int64_t total, size_t *first,
                    size_t *last)
{
    for (*first = 0; *first < s->n && total; ++*first) {
        int64_t sum = 0;
        for (*last = *first; *last < s->n; ++*last) {
            sum += s->vat[*last];
            if (llabs(sum) == llabs(total))
                return true;
        }
    }
    return false;
}

/* Labelled amounts of VAT, each row once, that make up vat: "GST", "PST". */
static bool is_vat_sum(const struct general *g, int64_t vat)
{
    int64_t sum = 0;
    uint32_t row = UINT32_MAX;
    for (size_t i = 0; i < g->n_amounts; i++) {
        const struct amount *a = &g->amounts[i];
        if (a->score[ROLE_VAT] < STRONG || a->row == row)
            continue;
        sum += a->cents;
        row = a->row;
    }
    return vat && sum == vat;
}

/* How well VAT explains the difference; -1 when nothing does. */
static int fit_vat(const struct general *g, const struct vat_sums *s,
                   int64_t vat, const struct amount **at)
{
    *at = printed(g, vat, ROLE_VAT, 1);
    size_t first, last;
    bool summed = vat_run(s, vat, &first, &last) || is_vat_sum(g, vat);
    if (*at && vat)
        return FITS + (*at)->score[ROLE_VAT] / 2 + (summed ? 10 : 0);
    if (summed)
        return FITS;
    if (vat == 0)
        return *at ? FITS : s->n ? -1 : 0;
    return -1;
}

static bool plausible(int64_t net, int64_t gross)
{
    if ((net < 0) != (gross < 0) && net && gross)
        return false;
    return llabs(gross) >= llabs(net) && llabs(gross - net) <= llabs(net) / 2;
}

/* A label of VAT with an amount: it is not nil, then. */
static bool names_vat(const struct general *g)
{
    for (size_t i = 0; i < g->n_amounts; i++)
        if (g->amounts[i].score[ROLE_VAT] >= STRONG && g->amounts[i].cents)
            return true;
    return false;
}

static void try_pair(const struct general *g, const struct vat_sums *s,
                     const struct amount *net, const struct amount *gross,
                     int labels, struct choice *best)
{
    struct choice c = {
        .net = net, .gross = gross, .vat_cents = gross->cents - net->cents};
    if (!plausible(net->cents, gross->cents))
        return;
    int fit = fit_vat(g, s, c.vat_cents, &c.vat);
    /* the same amount is net and gross only when both labels say so */
    if (fit < 0 || (net == gross && fit < FITS))
        return;
    if (fit == 0 && (net->score[ROLE_NET] < WEAK || names_vat(g)))
        return;
    c.score = labels + fit + (s->n && s->base_sum == net->cents ? 10 : 0);
    if (c.score > best->score)
        *best = c;
}

/* The likeliest amounts of a role, each value once. */
struct shortlist {
    const struct amount *list[SHORT_MAX];
    int score[SHORT_MAX];
    size_t n;
};

/* How much speaks for a total: its best label, how often labels say the same
 * value, and that it is what is to be paid, or was. */
static int weight(const struct general *g, const struct amount *a,
                  enum role role)
{
    int score = a->score[role] + place(g, a), times = 0;
    for (size_t i = 0; i < g->n_amounts; i++) {
        const struct amount *o = &g->amounts[i];
        if (o->cents == a->cents && o->score[role] > HINT + 8)
            times++;
    }
    score += times > 4 ? 9 : times > 1 ? 3 * (times - 1) : 0;
    if (role == ROLE_GROSS && (printed(g, a->cents, ROLE_DUE, 1) ||
                               printed(g, a->cents, ROLE_TENDER, 1)))
        score += 6;
    return a->cents ? score : score - WEAK;
}

/* Takes an amount into the list, in the place of the least when it is
 * full. */
static void enlist(struct shortlist *out, const struct amount *a, int score)
{
    size_t k = 0, least = 0;
    while (k < out->n && out->list[k]->cents != a->cents)
        k++;
    for (size_t m = 0; m < out->n; m++)
        least = out->score[m] < out->score[least] ? m : least;
    if (k == out->n && out->n == SHORT_MAX)
        k = least;
    else if (k == out->n)
        out->score[out->n++] = INT_MIN;
    if (score > out->score[k]) {
        out->list[k] = a;
        out->score[k] = score;
    }
}

/* Weighing looks at all amounts: of thousands of labelled ones the first and
 * the last will do. */
static void shorten(const struct general *g, enum role role,
                    struct shortlist *out)
{
    enum { ENDS = 600 };
    size_t labelled = 0, seen = 0;
    for (size_t i = 0; i < g->n_amounts; i++)
        labelled += g->amounts[i].score[role] > 0;
    out->n = 0;
    for (size_t i = 0; i < g->n_amounts; i++) {
        const struct amount *a = &g->amounts[i];
        if (a->score[role] <= 0)
            continue;
        seen++;
        if (seen <= ENDS || seen + ENDS > labelled)
            enlist(out, a, weight(g, a, role));
    }
}

/* Net and gross that VAT explains; a gross total of a part of the paper must
 * not beat the one that labels call so. */
static void choose(const struct general *g, const struct vat_sums *s,
                   struct choice *best)
{
    enum { WORSE = 10 };
    struct shortlist gross, net;
    int top = 0;
    size_t first = 0;
    *best = (struct choice){.score = -1};
    shorten(g, ROLE_GROSS, &gross);
    shorten(g, ROLE_NET, &net);
    for (size_t i = 0; i < gross.n; i++)
        if (gross.score[i] > top) {
            top = gross.score[i];
            first = i;
        }
    for (size_t i = 0; i < gross.n; i++)
        for (size_t k = 0; k < net.n && gross.score[i] + WORSE >= top; k++)
            try_pair(g, s, net.list[k], gross.list[i],
                     net.score[k] + gross.score[i], best);
    if (best->score < 0 && top > HINT + 8)
        *best = (struct choice){.gross = gross.list[first], .score = top};
}

/* The gross totals of parts make up a: the parts of a bill of many sites. */
static bool is_sum_of_parts(const struct general *g, const struct amount *a)
{
    int64_t sum = 0;
    for (size_t i = 0; i < g->n_amounts; i++)
        if (g->amounts[i].score[ROLE_GROSS] >= STRONG &&
            g->amounts[i].cents < a->cents)
            sum += g->amounts[i].cents;
    return sum == a->cents;
}

/* What is due without what an earlier bill left over is printed: the total
 * of this bill. NULL when nothing says what was left over. */
static const struct amount *without_carried(const struct general *g,
                                            const struct amount *due)
{
    for (size_t i = 0; i < g->n_amounts; i++) {
        const struct amount *left = &g->amounts[i];
        if (left->score[ROLE_CARRIED] >= STRONG)
            return left->cents
                       ? printed(g, due->cents - left->cents, ROLE_GROSS, 0)
                       : due;
    }
    return NULL;
}

/* The total of the whole bill where parts of it add up as well: the largest
 * gross total that is printed as due, too, or what is due when it is the sum
 * of the parts or nothing was left over. */
static void choose_whole(const struct general *g, struct choice *best)
{
    for (size_t i = 0; i < g->n_amounts && best->gross; i++) {
        const struct amount *a = &g->amounts[i], *whole = NULL;
        if (a->score[ROLE_DUE] < STRONG - 6)
            continue;
        if (printed(g, a->cents, ROLE_GROSS, STRONG) || is_sum_of_parts(g, a))
            whole = a;
        else
            whole = without_carried(g, a);
        if (whole && whole->cents == best->gross->cents && !best->due)
            best->due = a;
        if (whole && whole->cents > best->gross->cents)
            *best = (struct choice){
                .gross = whole, .score = best->score, .due = a, .whole = true};
    }
}

static void set(struct general *g, enum field_id id, const struct amount *a,
                int64_t cents, int conf)
{
    const struct candidate c = {.row = a->row, .from = a->from, .to = a->to};
    reader_set(g->r, id, NULL, cents, &c, conf);
}

/* The best amount of a role that is smaller than the gross total. */
static const struct amount *labelled(const struct general *g, enum role role,
                                     int least, int64_t below)
{
    const struct amount *best = NULL;
    for (size_t i = 0; i < g->n_amounts; i++) {
        const struct amount *a = &g->amounts[i];
        if (a->score[role] >= least && llabs(a->cents) < llabs(below) &&
            (!best || a->score[role] >= best->score[role]))
            best = a;
    }
    return best;
}

/* The paper says that its amounts are without VAT. */
static bool says_without(const struct general *g)
{
    for (size_t i = 0; i < g->n_hits; i++)
        if (g->hits[i].says == ROLE_WITHOUT)
            return true;
    return false;
}

/* Gross alone is sure: what labels call net and VAT stays as printed, wrong
 * or not; only what is not printed is computed. */
static void use_labels(struct general *g, const struct vat_sums *s,
                       int64_t gross)
{
    const struct amount *vat = labelled(g, ROLE_VAT, STRONG - 6, gross / 2);
    const struct amount *net = labelled(g, ROLE_NET, STRONG - 6, gross);
    if (vat && llabs(vat->cents) < llabs(gross) / 50)
        vat = NULL; /* a tax on a part, not the invoice's */
    if (net && !plausible(net->cents, gross))
        net = NULL;
    if (vat)
        set(g, F_total_tva, vat, vat->cents, 600);
    if (net)
        set(g, F_total_ht, net, net->cents, 600);
    else if (vat)
        reader_derive(g->r, F_total_ht, NULL, gross - vat->cents, 550);
    else if (s->n == 0 && says_without(g)) /* and nothing was added */
        reader_derive(g->r, F_total_ht, NULL, gross, 550);
}

static void use(struct general *g, const struct vat_sums *s,
                const struct choice *c)
{
    int conf = c->net && c->vat ? 930 : c->net ? 850 : 700;
    set(g, F_total_ttc, c->gross, c->gross->cents, conf);
    if (c->whole)
        return;
    if (!c->net) {
        use_labels(g, s, c->gross->cents);
        return;
    }
    set(g, F_total_ht, c->net, c->net->cents, conf);
    if (c->vat)
        set(g, F_total_tva, c->vat, c->vat_cents, conf);
    else
        reader_derive(g->r, F_total_tva, NULL, c->vat_cents, conf);
}

static void add_vat(struct general *g, uint32_t row, int64_t rate_bp,
                    int64_t base, int64_t vat)
{
    struct invoice *inv = g->r->inv;
    const struct row *text = &g->r->l->rows[row];
    inv->vat[inv->n_vat++] = (struct vat_line){
        .rate_bp = (int32_t)rate_bp, .base_cents = base, .amount_cents = vat,
        .ev = layout_evidence(g->r->a, text, 0, text->len, 900)};
}

/* "VAT 20 %: 9.34": the only rate, its base is the net total. */
static void only_rate(struct general *g, int64_t net, int64_t vat)
{
    for (size_t i = 0; i < g->n_amounts; i++) {
        const struct amount *a = &g->amounts[i];
        if (a->score[ROLE_VAT] <= 0 || a->cents != vat)
            continue;
        for (uint32_t k = g->first_amount[a->row];
             k < g->first_amount[a->row + 1]; k++)
            if (g->amounts[k].is_rate &&
                is_vat(net, g->amounts[k].cents, vat)) {
                add_vat(g, a->row, g->amounts[k].cents, net, vat);
                return;
            }
    }
}

static void use_vat_rows(struct general *g, const struct vat_sums *s)
{
    struct invoice *inv = g->r->inv;
    const int64_t total = invoice_num(inv, F_total_tva, 0);
    size_t i, last;
    inv->n_vat = 0;
    inv->vat = ARENA_ARRAY(g->r->a, s->n + 1, struct vat_line);
    if (vat_run(s, total, &i, &last))
        for (; i <= last; i++)
            add_vat(g, s->row[i], s->rate[i], s->base[i], s->vat[i]);
    else if (total)
        only_rate(g, invoice_num(inv, F_total_ht, 0), total);
}

/* ---- due ---------------------------------------------------------------- */

/* Something was paid, or the paper is the receipt of a payment. */
static bool is_settled(const struct general *g)
{
    for (size_t i = 0; i < g->n_amounts; i++) {
        const struct amount *a = &g->amounts[i];
        if (a->cents && (a->score[ROLE_TENDER] > 0 || a->score[ROLE_PAID] > 0))
            return true;
    }
    return false;
}

static void choose_due(struct general *g, int64_t gross)
{
    const struct amount *best = printed(g, gross, ROLE_DUE, 1), *paid = NULL;
    struct shortlist due;
    int top = best ? weight(g, best, ROLE_DUE) + ALL_DUE : 0;
    shorten(g, ROLE_DUE, &due);
    for (size_t i = 0; i < due.n; i++) {
        const int64_t less = gross - due.list[i]->cents;
        int score = due.score[i];
        score += less == 0                        ? ALL_DUE
                 : printed(g, less, ROLE_PAID, 1) ? 40
                 : printed(g, less, ROLE_PAID, 0) ? 16
                                                  : 0;
        if (score > top) {
            top = score;
            best = due.list[i];
        }
    }
    if (best && best->cents != gross)
        paid = printed(g, gross - best->cents, ROLE_PAID, 0);
    if (paid)
        set(g, F_deposits, paid, llabs(paid->cents), 750);
    if (best)
        set(g, F_amount_due, best, best->cents, top > STRONG + 24 ? 930 : 750);
    else if (!is_settled(g)) /* nothing paid: all of it (EN 16931 BR-CO-16) */
        reader_derive(g->r, F_amount_due, NULL, gross, 600);
}

bool general_totals(struct general *g)
{
    struct vat_sums s = {.n = 0};
    struct choice c;
    credit_labels(g);
    for (uint32_t i = 0; i < g->r->l->n_rows; i++) {
        vat_row(g, i, &s);
        sum_row(g, i);
    }
    choose(g, &s, &c);
    choose_whole(g, &c);
    if (c.score < 0)
        return false;
    use(g, &s, &c);
    use_vat_rows(g, &s);
    if (c.due)
        set(g, F_amount_due, c.due, c.due->cents, 900);
    else
        choose_due(g, c.gross->cents);
    return true;
}
