/* invoice_read: words -> layout -> phrases -> candidates -> one record. */
#include "invoice/reader.h"
#include "base/str.h"
#include "invoice/general.h"
#include "invoice/marks.h"
#include "invoice/repair.h"
#include <string.h>

bool reader_says(const struct reader *r, uint32_t row, int says,
                 const struct hit **at)
{
    const struct hit *h = reader_find(r, row, says, says);
    if (at && h)
        *at = h;
    return h != NULL;
}

const struct hit *reader_find(const struct reader *r, uint32_t row, int first,
                              int last)
{
    for (uint32_t i = r->first_hit[row]; i < r->first_hit[row + 1]; i++)
        if (r->hits[i].says >= first && r->hits[i].says <= last)
            return &r->hits[i];
    return NULL;
}

uint32_t reader_hit_from(const struct reader *r, const struct hit *h)
{
    return r->l->rows[h->row].tokens[h->from].from;
}

uint32_t reader_hit_to(const struct reader *r, const struct hit *h)
{
    return r->l->rows[h->row].tokens[h->to - 1].to;
}

/* Doubted digits of the number at the candidate, in the field's own scale;
 * for what is no number, whether any digit is doubted. */
static uint32_t ink_of(const struct reader *r, enum field_id id,
                       const struct candidate *c)
{
    static const int8_t scales[] = {
        [FIELD_CENTS] = 2, [FIELD_INT] = 0, [FIELD_MILLI] = 3};
    const struct row *row = &r->l->rows[c->row];
    enum field_type type = field_infos[id].type;
    bool number =
        type == FIELD_CENTS || type == FIELD_INT || type == FIELD_MILLI;
    if (!row->ocr)
        return 0;
    struct mark m = {.from = c->from};
    while (number && m.from < c->to && !french_number(row->text + m.from, &m.n))
        m.from++;
    if (!number || m.from >= c->to)
        return layout_ink(row, c->from, c->to);
    m.ink = layout_ink(row, m.from, m.from + (uint32_t)m.n.len);
    return marks_ink(&m, scales[type]);
}

void reader_set(struct reader *r, enum field_id id, const char *text,
                int64_t num, const struct candidate *c, int conf)
{
    r->inv->f[id] = (struct value){
        .present = true,
        .text = text,
        .num = num,
        .ink = ink_of(r, id, c),
        .ev = layout_evidence(r->a, &r->l->rows[c->row], c->from, c->to, conf)};
}

void reader_derive(struct reader *r, enum field_id id, const char *text,
                   int64_t num, int conf)
{
    r->inv->f[id] = (struct value){
        .present = true, .text = text, .num = num,
        .ev = {.conf = (int16_t)conf, .derived = true}};
}

void reader_confirm(struct reader *r, enum field_id id, int conf)
{
    struct value *v = &r->inv->f[id];
    if (v->present && v->ev.conf < conf)
        v->ev.conf = (int16_t)conf;
}

static bool has_money(const struct row *row)
{
    struct mark marks[MARKS_MAX];
    size_t n = marks_scan(row, marks);
    for (size_t i = 0; i < n; i++)
        if (marks[i].kind == MARK_MONEY || marks[i].kind == MARK_PRICE)
            return true;
    return false;
}

/* A row that names two or more columns; with an amount in it, three: some
 * tables print a section's total among their headings. */
static bool names_columns(const struct reader *r, uint32_t row)
{
    unsigned seen = 0;
    for (uint32_t i = r->first_hit[row]; i < r->first_hit[row + 1]; i++) {
        int c = r->hits[i].says - SAYS_COLUMN;
        if (c >= 0 && c < COL_MAX)
            seen |= 1u << c;
    }
    unsigned strong = seen & (1u << COL_QUANTITY | 1u << COL_PRICE |
                              1u << COL_LABEL);
    int columns = __builtin_popcount(seen);
    return strong && (columns >= 3 ||
                      (columns == 2 && !has_money(&r->l->rows[row])));
}

static void find_phrases(struct reader *r)
{
    const struct lexicon *lex = lexicon_new(r->a, r->ref);
    size_t tokens = 0;
    for (size_t i = 0; i < r->l->n_rows; i++)
        tokens += r->l->rows[i].n_tokens;
    size_t max = tokens * 6 + 64;
    r->hits = ARENA_ARRAY(r->a, max, struct hit);
    r->first_hit = ARENA_ARRAY(r->a, r->l->n_rows + 2, uint32_t);
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        r->first_hit[i] = (uint32_t)r->n_hits;
        r->n_hits = lexicon_find(lex, &r->l->rows[i], i, r->hits, r->n_hits,
                                 max);
    }
    r->first_hit[r->l->n_rows] = (uint32_t)r->n_hits;
    r->is_header = ARENA_ARRAY(r->a, r->l->n_rows + 1, bool);
    r->is_used = ARENA_ARRAY(r->a, r->l->n_rows + 1, bool);
    r->is_vat = ARENA_ARRAY(r->a, r->l->n_rows + 1, bool);
    r->is_small = ARENA_ARRAY(r->a, r->l->n_rows + 1, bool);
    r->energy = ARENA_ARRAY(r->a, r->l->n_rows + 1, uint8_t);
    for (uint32_t i = 0; i < r->l->n_rows; i++)
        r->is_header[i] = names_columns(r, i);
}

/* A label whose value OCR left unreadable: the row behind it, or the next
 * one, has doubted digits. The value is absent, and said to be unsure. */
static void doubt_missing(struct reader *r)
{
    static const enum field_id periods[] = {F_period_start, F_period_end};
    for (size_t i = 0; i < r->n_hits; i++) {
        const struct hit *h = &r->hits[i];
        const struct row *row = &r->l->rows[h->row], *next = row + 1;
        if (h->says > SAYS_PERIOD || !row->ocr)
            continue;
        bool below = h->row + 1 < r->l->n_rows && next->page == row->page;
        bool doubted = layout_ink(row, reader_hit_to(r, h), row->len) ||
                       (below && layout_ink(next, 0, next->len));
        if (h->says < F_MAX && !r->inv->f[h->says].present)
            r->inv->f[h->says].ev.unsure |= doubted;
        for (size_t k = 0; h->says == SAYS_PERIOD && k < 2; k++)
            if (!r->inv->f[periods[k]].present)
                r->inv->f[periods[k]].ev.unsure |= doubted;
    }
}

/* Weighted mean of what matters most: the energy 3, billed kWh 2, others 1. */
int16_t reader_document_conf(const struct invoice *inv)
{
    static const struct {
        enum field_id id;
        int weight;
    } parts[] = {{F_total_ht, 1},     {F_total_tva, 1},  {F_total_ttc, 1},
                 {F_period_start, 1}, {F_period_end, 1}, {F_supplier_name, 1}};
    int sum = 3 * inv->energy_conf, weight = 3;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        const struct value *v = &inv->f[parts[i].id];
        sum += parts[i].weight * (v->present ? v->ev.conf : 0);
        weight += parts[i].weight;
    }
    int kwh = 0, point = 0;
    for (size_t i = 0; i < inv->n_lines; i++)
        if (inv->lines[i].component == COMP_CONSUMPTION &&
            inv->lines[i].has_quantity && inv->lines[i].ev.conf > kwh)
            kwh = inv->lines[i].ev.conf;
    point = inv->f[F_pdl].present   ? inv->f[F_pdl].ev.conf
            : inv->f[F_pce].present ? inv->f[F_pce].ev.conf
                                    : 0;
    return (int16_t)((sum + 2 * kwh + point) / (weight + 3));
}

/* No energy is billed, or in another language; and no letter, quote or
 * schedule about one either. */
static bool is_general(const struct reader *r)
{
    const enum paper p = r->inv->paper;
    return (r->inv->energy == ENERGY_NONE || r->other_language) &&
           p != PAPER_SCHEDULE && p != PAPER_QUOTE && p != PAPER_LETTER;
}

struct invoice *invoice_read(struct arena *a, const struct document *doc,
                             const struct reference *ref)
{
    struct names *names = NULL;
    struct reader r = {.a = a, .doc = doc, .ref = ref, .names = &names};
    r.inv = ARENA_NEW(a, struct invoice);
    r.inv->n_pages = doc->n_pages;
    r.inv->ocr_pages = doc->ocr_pages;
    r.inv->from_ocr = doc->ocr_pages > 0;
    r.l = layout_build(a, doc);
    pages_read(&r);
    find_phrases(&r);
    energy_sections(&r);
    abroad_read(&r);
    table_read(&r);
    meter_read(&r);
    choice_make(&r);
    totals_read(&r);
    supplier_find(&r);
    energy_decide(&r);
    doubt_missing(&r);
    repair_run(a, r.inv);
    choice_finish(&r);
    billed_read(&r);
    paper_read_title(&r);
    if (is_general(&r)) {
        general_read(&r);
        repair_run(a, r.inv);
    }
    repair_follow(r.inv);
    mention_read(&r);
    embedded_apply(&r);
    needles_collect(&r);
    r.inv->conf = reader_document_conf(r.inv);
    return r.inv;
}
