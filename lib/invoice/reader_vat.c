/* VAT rows: a rate, a base and its VAT, in whatever order and beside
 * whatever else; one row a rate in the end. */
#include "base/str.h"
#include "invoice/marks.h"
#include "invoice/reader.h"

/* Base and VAT of a rate: two amounts, one of which is the rate's part of
 * the other; totals may stand in the same row. */
static bool vat_pair(const struct mark *marks, const int *money, int n,
                     struct vat_line *v)
{
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n; k++) {
            v->base_cents = french_scaled(&marks[money[i]].n, 2);
            v->amount_cents = french_scaled(&marks[money[k]].n, 2);
            v->base_ink = marks_ink(&marks[money[i]], 2);
            v->amount_ink = marks_ink(&marks[money[k]], 2);
            if (i != k && v->base_cents != 0 &&
                marks_vat_ok(v->base_cents, v->rate_bp, v->amount_cents))
                return true;
        }
    return false;
}

bool vat_row_read(struct reader *r, uint32_t row, struct vat_line *v)
{
    struct mark marks[MARKS_MAX];
    const struct row *text = &r->l->rows[row];
    size_t n = marks_scan(text, marks);
    int rate = -1, money[MARKS_MAX], n_money = 0;
    for (int i = 0; i < (int)n; i++) {
        if (marks[i].kind == MARK_RATE && rate < 0)
            rate = i;
        if (marks[i].kind == MARK_MONEY)
            money[n_money++] = i;
        if (marks[i].kind == MARK_PRICE || marks[i].kind == MARK_QUANTITY)
            return false;
    }
    if (rate < 0 || n_money < 1)
        return false;
    v->rate_bp = (int32_t)french_scaled(&marks[rate].n, 2);
    enum { RATE_MAX = 3000 };
    const bool legal = marks_legal_rate(v->rate_bp);
    if (v->rate_bp <= 0 || v->rate_bp > RATE_MAX ||
        (!legal && !r->inv->is_foreign))
        return false;
    bool named = false;
    bool after = false; /* "CTA 1,83 € TVA 5,5 %": a line and its rate */
    for (uint32_t i = 0; i < text->n_tokens && i < 6; i++)
        if (str_eq(text->tokens[i].text, "tva")) {
            named = true;
            after |= text->tokens[i].from > marks[money[0]].from;
        }
    /* without the word, the rate and its two amounts stand side by side */
    int near = named ? n_money : n_money < 3 ? n_money : 3;
    uint32_t last = marks[money[n_money > 1]].to;
    bool bare = layout_letters(text->text, 0, last) < 4;
    v->ev = layout_evidence(r->a, text, 0, text->len, 900);
    if ((named || bare) && vat_pair(marks, money, near, v))
        return true;
    if (!named || after || n_money > 3 ||
        (!legal && !r->inv->is_foreign))
        return false;
    v->base_cents = n_money > 1 ? french_scaled(&marks[money[0]].n, 2) : 0;
    v->amount_cents = french_scaled(&marks[money[n_money > 1]].n, 2);
    v->base_ink = n_money > 1 ? marks_ink(&marks[money[0]], 2) : 0;
    v->amount_ink = marks_ink(&marks[money[n_money > 1]], 2);
    v->ev.conf = (int16_t)(v->ev.conf * 5 / 6);
    return true;
}

/* Rows of one rate before row i whose bases and VAT make up those of i, or
 * that print the same: i says again what they said. */
static bool is_recapitulation(const struct vat_line *vat, size_t i)
{
    enum { PARTS_MAX = 10 };
    size_t parts[PARTS_MAX], n = 0;
    for (size_t k = 0; k < i && n < PARTS_MAX; k++)
        if (vat[k].rate_bp == vat[i].rate_bp)
            parts[n++] = k;
    for (unsigned set = 1; set < 1u << n; set++) {
        int64_t base = 0, amount = 0;
        bool any_base = true;
        for (size_t k = 0; k < n; k++)
            if (set >> k & 1) {
                base += vat[parts[k]].base_cents;
                amount += vat[parts[k]].amount_cents;
                any_base &= vat[parts[k]].base_cents != 0;
            }
        if (amount == vat[i].amount_cents &&
            (base == vat[i].base_cents ||
             ((!any_base || !vat[i].base_cents) && !(set & (set - 1)))))
            return true;
    }
    return false;
}

static void set_base(struct vat_line *to, const struct vat_line *from)
{
    to->base_cents = from->base_cents;
    to->base_ink = from->base_ink;
}

static void drop_recapitulations(struct invoice *inv)
{
    size_t kept = 0;
    for (size_t i = 0; i < inv->n_vat; i++) {
        const struct vat_line v = inv->vat[i];
        inv->vat[kept] = v;
        if (!is_recapitulation(inv->vat, kept)) {
            kept++;
            continue;
        }
        for (size_t k = 0; k < kept; k++) /* it may tell the base */
            if (inv->vat[k].rate_bp == v.rate_bp &&
                inv->vat[k].amount_cents == v.amount_cents &&
                !inv->vat[k].base_cents)
                set_base(&inv->vat[k], &v);
    }
    inv->n_vat = kept;
}

/* One row a rate: what is repeated or summed up counts once, parts of a dual
 * invoice are added. */
void vat_merge(struct reader *r)
{
    struct invoice *inv = r->inv;
    size_t kept = 0;
    drop_recapitulations(inv);
    for (size_t i = 0; i < inv->n_vat; i++) {
        const struct vat_line v = inv->vat[i];
        size_t k = 0;
        while (k < kept && inv->vat[k].rate_bp != v.rate_bp)
            k++;
        if (k == kept) {
            inv->vat[kept++] = v;
            continue;
        }
        struct vat_line *old = &inv->vat[k];
        old->base_cents += v.base_cents;
        old->amount_cents += v.amount_cents;
        /* digits of a sum are no digits of the paper */
        old->ev.unsure |=
            old->base_ink || old->amount_ink || v.base_ink || v.amount_ink;
        old->base_ink = old->amount_ink = 0;
    }
    inv->n_vat = kept;
}
