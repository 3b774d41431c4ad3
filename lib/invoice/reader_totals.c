/* Totals: several amounts claim to be the total; the ones that add up with
 * each other, with the VAT rows and with the lines are taken. */
#include "base/str.h"
#include "invoice/marks.h"
#include "invoice/reader.h"
#include <stdlib.h>
#include <string.h>

struct sums {
    int64_t lines, vat, base;
};

static struct sums add_up(const struct invoice *inv)
{
    struct sums s = {0};
    for (size_t i = 0; i < inv->n_lines; i++)
        s.lines += inv->lines[i].amount_cents;
    for (size_t i = 0; i < inv->n_vat; i++) {
        s.vat += inv->vat[i].amount_cents;
        s.base += inv->vat[i].base_cents;
    }
    return s;
}

static const struct candidate *best_of(const struct candidates *list)
{
    const struct candidate *best = NULL;
    for (size_t i = 0; i < list->n; i++)
        if (!best || list->list[i].score > best->score)
            best = &list->list[i];
    return best;
}

static void set(struct reader *r, enum field_id id, const struct candidate *c,
                int conf)
{
    reader_set(r, id, NULL, c->num, c, conf);
}

/* Nothing but signs between a field's label and the value. */
static bool is_behind(const struct reader *r, enum field_id id,
                      const struct candidate *c)
{
    const struct row *row = &r->l->rows[c->row];
    const struct hit *h = NULL;
    if (c->row != c->label_row || !reader_says(r, c->row, (int)id, &h))
        return false;
    uint32_t at = reader_hit_to(r, h), strange = 0;
    for (; at < c->from; at++)
        strange += !strchr(" \t:.=", row->text[at]);
    /* a letter of a watermark may stand between */
    return at == c->from && strange <= 1;
}

/* Each energy of a dual invoice has totals of its own. */
static bool is_dual(const struct reader *r)
{
    bool elec = false, gas = false;
    for (size_t i = 0; i < r->inv->n_lines; i++) {
        elec |= r->inv->lines[i].energy == ENERGY_ELEC;
        gas |= r->inv->lines[i].energy == ENERGY_GAS;
    }
    return (elec && gas) ||
           (r->fields[F_electricite_ttc].n && r->fields[F_gaz_ttc].n);
}

/* A total behind its label stays in a text layer as it is printed, whatever
 * it should be: what does not add up is a finding. */
static const struct candidate *stands(const struct reader *r, enum field_id id)
{
    const struct candidates *list = &r->fields[id];
    const struct candidate *best = NULL;
    for (size_t i = 0; i < list->n && !is_dual(r); i++) {
        const struct candidate *c = &list->list[i];
        if (!is_behind(r, id, c) || r->l->rows[c->row].ocr)
            continue;
        if (best && best->num != c->num)
            return NULL; /* totals of parts */
        best = !best || c->score > best->score ? c : best;
    }
    return best;
}

struct triple {
    const struct candidate *ht, *tva, *ttc;
    int score;
};

/* How much speaks for a net total: the lines and the VAT bases. */
static int support(const struct sums *s, int64_t ht, int64_t tva)
{
    return (s->lines && s->lines == ht ? 60 : 0) +
           (s->base && s->base == ht ? 30 : 0) +
           (s->vat && s->vat == tva ? 30 : 0);
}

/* Net + VAT = gross among the candidates; VAT may be unprinted. */
static bool agreeing(const struct reader *r, const struct sums *s,
                     struct triple *best)
{
    const struct candidates *ht = &r->fields[F_total_ht],
                            *tva = &r->fields[F_total_tva],
                            *ttc = &r->fields[F_total_ttc];
    best->score = -1;
    for (size_t i = 0; i < ht->n; i++)
        for (size_t k = 0; k < ttc->n; k++) {
            const struct candidate *h = &ht->list[i], *t = &ttc->list[k];
            int64_t vat = t->num - h->num;
            if (llabs(vat) > llabs(h->num) / 2)
                continue; /* net and VAT the other way round */
            const struct candidate *v = NULL;
            for (size_t j = 0; j < tva->n; j++)
                if (tva->list[j].num == vat &&
                    (!v || tva->list[j].score > v->score))
                    v = &tva->list[j];
            if (!v && !(s->vat && s->vat == vat))
                continue;
            int score = h->score + t->score + (v ? v->score : 0) +
                        support(s, h->num, vat);
            if (score > best->score)
                *best = (struct triple){h, v, t, score};
        }
    return best->score >= 0;
}

static void use_triple(struct reader *r, const struct sums *s,
                       const struct triple *t)
{
    int conf = support(s, t->ht->num, t->ttc->num - t->ht->num) ? 970 : 900;
    set(r, F_total_ht, t->ht, conf);
    set(r, F_total_ttc, t->ttc, conf);
    const struct candidate *tva = stands(r, F_total_tva);
    if (t->tva && (!tva || tva->num == t->tva->num))
        set(r, F_total_tva, t->tva, conf);
    else if (tva)
        set(r, F_total_tva, tva, 750);
    else
        reader_derive(r, F_total_tva, NULL, s->vat, 930);
}

/* The gross total, or what is due, that the rows of all VAT rates make up:
 * an invoice of several parts prints a net total for each and none in all. */
static const struct candidate *whole_of(const struct reader *r,
                                        const struct sums *s)
{
    static const enum field_id from[] = {F_total_ttc, F_amount_due};
    for (size_t f = 0; s->vat && s->base && f < ARRAY_LEN(from); f++)
        for (size_t i = 0; i < r->fields[from[f]].n; i++)
            if (r->fields[from[f]].list[i].num == s->base + s->vat)
                return &r->fields[from[f]].list[i];
    return NULL;
}

static void use_whole(struct reader *r, const struct sums *s,
                      const struct candidate *whole)
{
    set(r, F_total_ttc, whole, 930);
    reader_derive(r, F_total_ht, NULL, s->base, 930);
    reader_derive(r, F_total_tva, NULL, s->vat, 930);
}

/* More than half of the gross total is no VAT: "hors TVA 809,62". */
static void drop_large_vat(struct reader *r, const struct candidate *ttc)
{
    struct candidates *list = &r->fields[F_total_tva];
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++)
        if (!ttc || llabs(list->list[i].num) <= llabs(ttc->num) / 2)
            list->list[kept++] = list->list[i];
    list->n = kept;
}

/* A dual invoice often prints no total before VAT: the sum of its lines,
 * when VAT and gross total confirm it. */
static void derive_net(struct reader *r, const struct sums *s)
{
    struct invoice *inv = r->inv;
    const struct candidate *ttc = best_of(&r->fields[F_total_ttc]);
    for (size_t i = 0; i < r->fields[F_total_ttc].n; i++)
        if (s->vat && r->fields[F_total_ttc].list[i].num ==
                          s->lines + s->vat)
            ttc = &r->fields[F_total_ttc].list[i];
    if (ttc)
        set(r, F_total_ttc, ttc, 750);
    drop_large_vat(r, ttc);
    const struct candidate *tva = best_of(&r->fields[F_total_tva]);
    bool vat_ok = s->vat && ttc && s->lines + s->vat == ttc->num;
    if (stands(r, F_total_tva))
        set(r, F_total_tva, stands(r, F_total_tva), 750);
    else if (vat_ok || (s->vat && !tva && inv->n_vat))
        reader_derive(r, F_total_tva, NULL, s->vat, vat_ok ? 950 : 800);
    else if (tva)
        set(r, F_total_tva, tva, 750);
    const struct candidate *ht = best_of(&r->fields[F_total_ht]);
    int64_t vat = invoice_num(inv, F_total_tva, 0);
    bool adds = ttc && vat && s->lines && s->lines + vat == ttc->num;
    /* the doubted digit may be the gross total's: the lines know better */
    bool doubted = ttc && inv->f[F_total_ttc].ink && s->lines;
    if (stands(r, F_total_ht))
        set(r, F_total_ht, stands(r, F_total_ht), 750);
    else if (adds)
        reader_derive(r, F_total_ht, NULL, s->lines, 950);
    else if (ht)
        set(r, F_total_ht, ht, 750);
    else if (ttc && vat)
        reader_derive(r, F_total_ht, NULL, doubted ? s->lines : ttc->num - vat,
                      700);
    if (adds) {
        reader_confirm(r, F_total_ttc, 950);
        reader_confirm(r, F_total_tva, 950);
    }
}

/* Candidates that are parts of a dual invoice are no totals. */
static void drop_parts(struct reader *r)
{
    static const enum field_id parts[] = {F_electricite_ttc, F_gaz_ttc};
    struct candidates *list = &r->fields[F_total_ttc];
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++) {
        bool part = false;
        for (size_t k = 0; k < ARRAY_LEN(parts); k++)
            for (size_t j = 0; j < r->fields[parts[k]].n; j++)
                part |= r->fields[parts[k]].list[j].row == list->list[i].row &&
                        r->fields[parts[k]].list[j].from ==
                            list->list[i].from;
        if (!part)
            list->list[kept++] = list->list[i];
    }
    list->n = kept;
}

/* Amounts of VAT rows are parts of the VAT total, or bases, when there are
 * several rates; of one rate they are the total when nothing else is. */
static void drop_vat_rows(struct reader *r)
{
    struct candidates *list = &r->fields[F_total_tva];
    size_t kept = 0;
    bool other = false;
    for (size_t i = 0; i < list->n; i++)
        other |= !r->is_vat[list->list[i].row];
    for (size_t i = 0; i < list->n; i++)
        if (!r->is_vat[list->list[i].row] ||
            is_behind(r, F_total_tva, &list->list[i]) ||
            (r->inv->n_vat < 2 && !other))
            list->list[kept++] = list->list[i];
    list->n = kept;
}

static void choose_positive(struct reader *r, enum field_id id)
{
    const struct candidate *c = best_of(&r->fields[id]);
    if (c)
        reader_set(r, id, NULL, c->num < 0 ? -c->num : c->num, c, 750);
}

/* Gross - cheque - instalments + balance = due. */
static void choose_due(struct reader *r)
{
    struct invoice *inv = r->inv;
    const struct candidates *list = &r->fields[F_amount_due];
    const struct candidate *c = best_of(list), *ttc = NULL;
    int64_t due = invoice_num(inv, F_total_ttc, 0) -
                  invoice_num(inv, F_cheque_energie, 0) -
                  invoice_num(inv, F_deposits, 0) +
                  invoice_num(inv, F_previous_balance, 0);
    for (size_t i = 0; i < list->n; i++)
        if (inv->f[F_total_ttc].present && list->list[i].num == due)
            ttc = &list->list[i];
    c = ttc ? ttc : c;
    if (!c)
        return;
    reader_set(r, F_amount_due, NULL, c->num, c, ttc ? 930 : 750);
}

static int64_t lines_at(const struct invoice *inv, int32_t rate_bp)
{
    int64_t sum = 0;
    for (size_t i = 0; i < inv->n_lines; i++)
        if (inv->lines[i].has_rate && inv->lines[i].rate_bp == rate_bp)
            sum += inv->lines[i].amount_cents;
    return sum;
}

static bool has_vat(const struct invoice *inv, int32_t rate_bp)
{
    for (size_t i = 0; i < inv->n_vat; i++)
        if (inv->vat[i].rate_bp == rate_bp)
            return true;
    return false;
}

/* A VAT row that OCR lost: the lines of its rate and what is missing in the
 * printed VAT total fit to the cent. Text layers are never completed. */
static void restore_vat(struct reader *r)
{
    struct invoice *inv = r->inv;
    const struct candidates *totals = &r->fields[F_total_tva];
    if (!inv->from_ocr || inv->n_vat == 0 || inv->n_vat > 8)
        return;
    for (size_t i = 0; i < inv->n_lines; i++) {
        int32_t rate = inv->lines[i].rate_bp;
        struct sums s = add_up(inv);
        if (!inv->lines[i].has_rate || rate == 0 || has_vat(inv, rate))
            continue;
        for (size_t k = 0; k < totals->n; k++) {
            int64_t base = lines_at(inv, rate);
            int64_t vat = totals->list[k].num - s.vat;
            if (vat <= 0 || !marks_vat_ok(base, rate, vat))
                continue;
            inv->vat[inv->n_vat++] =
                (struct vat_line){.rate_bp = rate,
                                  .base_cents = base,
                                  .amount_cents = vat,
                                  .ev = {.conf = 800, .derived = true}};
            break;
        }
    }
}

/* VAT rows that print no base: the lines of their rate when they explain
 * the VAT, else what the VAT implies, with little confidence. */
static void fill_bases(struct invoice *inv)
{
    for (size_t i = 0; i < inv->n_vat; i++) {
        struct vat_line *v = &inv->vat[i];
        if (v->base_cents || !v->amount_cents || !v->rate_bp)
            continue;
        int64_t base = lines_at(inv, v->rate_bp);
        bool fits = base && marks_vat_ok(base, v->rate_bp, v->amount_cents);
        v->base_cents = fits ? base : v->amount_cents * 10000 / v->rate_bp;
        v->base_derived = true;
        v->ev.conf = fits ? v->ev.conf : 300;
    }
}

static int by_rate(const void *p, const void *q)
{
    const struct vat_line *a = p, *b = q;
    return (a->rate_bp > b->rate_bp) - (a->rate_bp < b->rate_bp);
}

/* The only rate is that of the whole net total. */
static void use_net_as_base(struct invoice *inv)
{
    enum { DOUBTFUL = 300 };
    struct vat_line *v = inv->vat;
    if (inv->n_vat != 1 || v->ev.conf > DOUBTFUL ||
        !inv->f[F_total_ht].present ||
        !marks_vat_ok(inv->f[F_total_ht].num, v->rate_bp, v->amount_cents))
        return;
    v->base_cents = inv->f[F_total_ht].num;
    v->base_ink = inv->f[F_total_ht].ink;
    v->ev.conf = inv->f[F_total_ht].ev.conf;
}

/* "Total à payer TTC" that holds a balance carried over is no total of this
 * bill: net and VAT are. */
static void part_balance(struct reader *r)
{
    const struct invoice *inv = r->inv;
    const struct value *ttc = &inv->f[F_total_ttc],
                       *due = &inv->f[F_amount_due];
    const int64_t own = invoice_num(inv, F_total_ht, 0) +
                        invoice_num(inv, F_total_tva, 0);
    if (inv->f[F_total_ht].present && inv->f[F_total_tva].present &&
        inv->f[F_previous_balance].present && due->present &&
        due->num == own + inv->f[F_previous_balance].num &&
        (!ttc->present || ttc->num == due->num))
        reader_derive(r, F_total_ttc, NULL, own, 850);
}

/* A total with a day of payment and nothing taken off or carried over is
 * what is due, printed as such or not. */
static void derive_due(struct reader *r)
{
    const struct invoice *inv = r->inv;
    if (inv->f[F_amount_due].present || !inv->f[F_total_ttc].present ||
        inv->f[F_total_ttc].num <= 0 || !inv->f[F_due_date].present ||
        inv->f[F_cheque_energie].present || inv->f[F_deposits].present ||
        inv->f[F_previous_balance].present)
        return;
    reader_derive(r, F_amount_due, NULL, inv->f[F_total_ttc].num, 700);
}

void totals_read(struct reader *r)
{
    restore_vat(r);
    fill_bases(r->inv);
    qsort(r->inv->vat, r->inv->n_vat, sizeof *r->inv->vat, by_rate);
    struct sums s = add_up(r->inv);
    struct triple t;
    drop_parts(r);
    drop_vat_rows(r);
    bool deducted = r->fields[F_deposits].n || r->fields[F_cheque_energie].n ||
                    r->fields[F_previous_balance].n;
    /* "Total à payer" is all there is, and nothing was taken off it */
    if (r->fields[F_total_ttc].n == 0 && !deducted)
        r->fields[F_total_ttc] = r->fields[F_amount_due];
    const struct candidate *whole = whole_of(r, &s);
    const bool agree = agreeing(r, &s, &t);
    const bool printed = stands(r, F_total_ht) || stands(r, F_total_tva);
    if (whole && r->inv->n_vat > 1 &&
        (agree ? t.ttc->num < whole->num : !printed))
        use_whole(r, &s, whole);
    else if (agree)
        use_triple(r, &s, &t);
    else
        derive_net(r, &s);
    use_net_as_base(r->inv);
    choose_positive(r, F_cheque_energie);
    choose_positive(r, F_deposits);
    const struct candidate *c = best_of(&r->fields[F_previous_balance]);
    if (c)
        set(r, F_previous_balance, c, 700);
    choose_due(r);
    derive_due(r);
    part_balance(r);
    c = best_of(&r->fields[F_network_share_ht]);
    if (c)
        set(r, F_network_share_ht, c, 750);
    static const enum field_id parts[] = {F_electricite_ttc, F_gaz_ttc};
    bool both = r->fields[F_electricite_ttc].n && r->fields[F_gaz_ttc].n;
    for (size_t i = 0; both && i < ARRAY_LEN(parts); i++)
        set(r, parts[i], best_of(&r->fields[parts[i]]), 750);
    struct invoice *inv = r->inv;
    if (both && inv->f[F_electricite_ttc].num + inv->f[F_gaz_ttc].num ==
                    invoice_num(inv, F_total_ttc, 0)) {
        reader_confirm(r, F_electricite_ttc, 900);
        reader_confirm(r, F_gaz_ttc, 900);
    }
}
