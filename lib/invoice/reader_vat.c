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
    if (!marks_legal_rate(v->rate_bp) || v->rate_bp == 0)
        return false;
    bool named = false;
    for (uint32_t i = 0; i < text->n_tokens && i < 6; i++)
        named |= str_eq(text->tokens[i].text, "tva");
    /* without the word, the rate and its two amounts stand side by side */
    int near = named ? n_money : n_money < 3 ? n_money : 3;
    uint32_t last = marks[money[n_money > 1]].to;
    bool bare = layout_letters(text->text, 0, last) < 4;
    v->ev = layout_evidence(r->a, text, 0, text->len, 900);
    if ((named || bare) && vat_pair(marks, money, near, v))
        return true;
    if (!named || n_money > 3)
        return false;
    v->base_cents = n_money > 1 ? french_scaled(&marks[money[0]].n, 2) : 0;
    v->amount_cents = french_scaled(&marks[money[n_money > 1]].n, 2);
    v->ev.conf = (int16_t)(v->ev.conf * 5 / 6);
    return true;
}

/* One row a rate: repeated rows count once, a recapitulation replaces its
 * parts, parts of a dual invoice are added. */
void vat_merge(struct reader *r)
{
    struct invoice *inv = r->inv;
    size_t kept = 0;
    for (size_t i = 0; i < inv->n_vat; i++) {
        struct vat_line v = inv->vat[i];
        size_t k = 0;
        while (k < kept && inv->vat[k].rate_bp != v.rate_bp)
            k++;
        if (k == kept) {
            inv->vat[kept++] = v;
            continue;
        }
        struct vat_line *old = &inv->vat[k];
        bool same = old->amount_cents == v.amount_cents &&
                    (old->base_cents == v.base_cents || !v.base_cents ||
                     !old->base_cents);
        if (same) {
            old->base_cents = old->base_cents ? old->base_cents
                                              : v.base_cents;
            continue;
        }
        old->base_cents += v.base_cents;
        old->amount_cents += v.amount_cents;
    }
    inv->n_vat = kept;
}
