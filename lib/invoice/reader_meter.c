/* Index readings: as a table, as two labelled values, or as "a → b". */
#include "base/str.h"
#include "invoice/marks.h"
#include "invoice/reader.h"
#include <stdlib.h>
#include <string.h>

enum { METERS_MAX = 64 };

static bool is_index(const struct mark *m)
{
    return (m->kind == MARK_NUMBER || m->kind == MARK_QUANTITY) &&
           m->n.decimals == 0 && m->n.digits >= 0 &&
           (m->unit == UNIT_NONE || m->unit == UNIT_KWH ||
            m->unit == UNIT_M3);
}

/* How the index in bytes from..to was come by. */
static enum reading_kind kind_in(const struct row *row, uint32_t from,
                                 uint32_t to)
{
    static const struct {
        const char *start;
        enum reading_kind kind;
    } words[] = {{"auto", READING_SELF},     {"estim", READING_ESTIMATED},
                 {"reel", READING_REAL},     {"releve", READING_REAL},
                 {"telereleve", READING_REAL}, {"mesure", READING_REAL}};
    for (uint32_t i = 0; i < row->n_tokens; i++) {
        const struct token *t = &row->tokens[i];
        if (t->from < from || t->to > to)
            continue;
        if (t->len == 1 && *t->text == 'r' && row->text[t->from] == 'R')
            return READING_REAL; /* "4 512 R": the usual key */
        if (t->len == 1 && *t->text == 'e' && row->text[t->from] == 'E')
            return READING_ESTIMATED;
        for (size_t k = 0; k < ARRAY_LEN(words); k++)
            if (str_starts(t->text, words[k].start))
                return words[k].kind;
    }
    return READING_UNKNOWN;
}

static const char *register_of(const struct reader *r, uint32_t row)
{
    const char *found = NULL;
    for (uint32_t i = r->first_hit[row]; i < r->first_hit[row + 1]; i++) {
        const struct hit *h = &r->hits[i];
        if (h->says < SAYS_REGISTER || h->says >= SAYS_COLUMN)
            continue;
        const char *name = lexicon_register(h->says - SAYS_REGISTER);
        if (name && (!found || strlen(name) > strlen(found)))
            found = name;
    }
    return found;
}

/* Settles consumption and energy, and appends the meter. */
static void add_meter(struct reader *r, uint32_t row, struct meter m,
                      const struct mark *beside)
{
    struct invoice *inv = r->inv;
    int64_t diff = m.end - m.start;
    for (size_t i = 0; i < inv->n_meters; i++) {
        const struct meter *o = &inv->meters[i];
        if (o->start == m.start && o->end == m.end &&
            (!m.registr || !o->registr || str_eq(o->registr, m.registr)))
            return;
    }
    if (inv->n_meters >= METERS_MAX || (diff < 0 && !beside))
        return;
    m.has_consumption = true;
    m.consumption = beside ? french_scaled(&beside->n, 0) : diff;
    m.consumption_ink = beside ? marks_ink(beside, 0) : 0;
    m.consumption_derived = !beside;
    bool exact = m.consumption == diff;
    m.energy = (enum energy)r->energy[row];
    if (m.unit == UNIT_M3 || (beside && beside->unit == UNIT_M3))
        m.energy = ENERGY_GAS;
    else if (m.registr && !str_eq(m.registr, "GAZ"))
        m.energy = ENERGY_ELEC;
    m.ev = layout_evidence(r->a, &r->l->rows[row], 0, r->l->rows[row].len,
                           beside && exact ? 900 : 750);
    inv->meters[inv->n_meters++] = m;
}

/* ---- tables ------------------------------------------------------------- */

struct index_table {
    int page;
    float start0, start1, end0, end1; /* x of the two columns */
    uint32_t row;
};

static bool index_header(const struct reader *r, uint32_t row,
                         struct index_table *t)
{
    const struct hit *a = NULL, *b = NULL;
    const struct row *text = &r->l->rows[row];
    if (!reader_says(r, row, SAYS_INDEX_START, &a) ||
        !reader_says(r, row, SAYS_INDEX_END, &b))
        return false;
    struct mark marks[MARKS_MAX];
    size_t n = marks_scan(text, marks);
    for (size_t i = 0; i < n; i++)
        if (is_index(&marks[i]))
            return false;
    t->page = text->page;
    t->row = row;
    layout_extent(text, reader_hit_from(r, a), reader_hit_to(r, a),
                  &t->start0, &t->start1);
    layout_extent(text, reader_hit_from(r, b), reader_hit_to(r, b),
                  &t->end0, &t->end1);
    return true;
}

static float off_column(const struct mark *m, float x0, float x1)
{
    if (m->x0 < x1 + 4 && m->x1 > x0 - 4)
        return 0;
    return m->x0 >= x1 ? m->x0 - x1 : x0 - m->x1;
}

static const struct mark *in_column(const struct mark *marks, size_t n,
                                    float x0, float x1)
{
    const struct mark *best = NULL;
    float nearest = 45;
    for (size_t i = 0; i < n; i++) {
        float d = off_column(&marks[i], x0, x1);
        if (is_index(&marks[i]) && d < nearest) {
            nearest = d;
            best = &marks[i];
        }
    }
    return best;
}

/* The consumption printed in the row: what equals the difference, else a
 * quantity that is no index. */
static const struct mark *beside(const struct mark *marks, size_t n,
                                 const struct mark *a, const struct mark *b,
                                 bool gas)
{
    const struct mark *other = NULL;
    for (size_t i = 0; i < n; i++) {
        const struct mark *m = &marks[i];
        if (m == a || m == b || !is_index(m))
            continue;
        if (m->n.digits == b->n.digits - a->n.digits)
            return m;
        bool wrong_unit = gas && m->unit == UNIT_KWH;
        if (m->kind == MARK_QUANTITY && !wrong_unit && !other)
            other = m;
    }
    return other;
}

static bool table_row(struct reader *r, uint32_t row,
                      const struct index_table *t, bool only_exact)
{
    struct mark marks[MARKS_MAX];
    const struct row *text = &r->l->rows[row];
    size_t n = marks_scan(text, marks);
    const struct mark *a = in_column(marks, n, t->start0, t->start1);
    const struct mark *b = in_column(marks, n, t->end0, t->end1);
    if (!a || !b || a == b)
        return false;
    struct meter m = {.start = a->n.digits,
                      .end = b->n.digits,
                      .start_ink = a->ink,
                      .end_ink = b->ink,
                      .registr = register_of(r, row)};
    m.unit = a->unit == UNIT_M3 || b->unit == UNIT_M3 ? UNIT_M3 : UNIT_NONE;
    const struct mark *first = a->from < b->from ? a : b;
    const struct mark *second = first == a ? b : a;
    enum reading_kind k1 = kind_in(text, first->to, second->from);
    enum reading_kind k2 = kind_in(text, second->to, text->len);
    m.kind_start = first == a ? k1 : k2;
    m.kind_end = first == a ? k2 : k1;
    bool gas = m.unit == UNIT_M3 || r->energy[row] == ENERGY_GAS;
    const struct mark *printed = beside(marks, n, a, b, gas);
    if (only_exact && (!printed || printed->n.digits != m.end - m.start))
        return false;
    add_meter(r, row, m, printed);
    return true;
}

static void read_tables(struct reader *r)
{
    struct index_table t = {.page = 0};
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const struct row *row = &r->l->rows[i];
        if (index_header(r, i, &t))
            continue;
        if (t.page != row->page || i - t.row > 20)
            continue;
        if (r->is_used[i]) /* bills as well: only readings that calculate */
            table_row(r, i, &t, true);
        else if (!table_row(r, i, &t, false) &&
                 (i - t.row > 2 || r->is_header[i]))
            t.page = 0;
    }
}

/* ---- labelled values ---------------------------------------------------- */

struct reading {
    int64_t value;
    enum reading_kind kind;
    enum unit unit;
    uint32_t row, to;
    uint32_t ink;
};

/* The first index after byte from, before the next index label. */
static bool reading_after(const struct reader *r, uint32_t row, uint32_t from,
                          struct reading *out)
{
    struct mark marks[MARKS_MAX];
    const struct row *text = &r->l->rows[row];
    size_t n = marks_scan(text, marks);
    uint32_t limit = text->len;
    for (uint32_t i = r->first_hit[row]; i < r->first_hit[row + 1]; i++) {
        const struct hit *h = &r->hits[i];
        uint32_t at = reader_hit_from(r, h);
        if (at >= from && at < limit &&
            (h->says == SAYS_INDEX_START || h->says == SAYS_INDEX_END))
            limit = at;
    }
    for (size_t i = 0; i < n; i++) {
        if (marks[i].from < from || marks[i].from >= limit ||
            !is_index(&marks[i]))
            continue;
        uint32_t until = i + 1 < n && marks[i + 1].from < limit
                             ? marks[i + 1].from
                             : limit;
        *out = (struct reading){marks[i].n.digits, READING_UNKNOWN,
                                marks[i].unit,     row,
                                marks[i].to,       marks[i].ink};
        out->kind = kind_in(text, from, marks[i].from);
        if (out->kind == READING_UNKNOWN)
            out->kind = kind_in(text, marks[i].to, until);
        return true;
    }
    return false;
}

/* The value may stand below its label. */
static bool reading_below(const struct reader *r, const struct hit *h,
                          struct reading *out)
{
    const struct row *row = &r->l->rows[h->row];
    float x0, x1;
    layout_extent(row, reader_hit_from(r, h), reader_hit_to(r, h), &x0, &x1);
    for (uint32_t i = h->row + 1; i < r->l->n_rows && i < h->row + 4; i++) {
        const struct row *next = &r->l->rows[i];
        struct mark marks[MARKS_MAX];
        if (next->page != row->page ||
            next->box.y0 - row->box.y1 > 2 * (row->box.y1 - row->box.y0))
            return false;
        size_t n = marks_scan(next, marks);
        const struct mark *m = in_column(marks, n, x0, x1);
        if (!m)
            continue;
        const struct cell *c = &next->cells[layout_cell(next, m->from)];
        *out = (struct reading){m->n.digits, kind_in(next, c->from, c->to),
                                m->unit,     i,
                                m->to,       m->ink};
        return true;
    }
    return false;
}

static bool reading_at(const struct reader *r, const struct hit *h,
                       struct reading *out)
{
    if (!reading_after(r, h->row, reader_hit_to(r, h), out) &&
        !reading_below(r, h, out))
        return false;
    if (out->kind == READING_UNKNOWN)
        out->kind = kind_in(&r->l->rows[h->row], reader_hit_from(r, h),
                            reader_hit_to(r, h));
    return true;
}

/* A quantity near the readings that equals their difference. */
static bool near_quantity(const struct reader *r, uint32_t row, int64_t diff,
                          struct mark *out)
{
    uint32_t from = row > 2 ? row - 2 : 0;
    for (uint32_t i = from; i < row + 4 && i < r->l->n_rows; i++) {
        struct mark marks[MARKS_MAX];
        size_t n = marks_scan(&r->l->rows[i], marks);
        for (size_t k = 0; k < n; k++) {
            if (!is_index(&marks[k]) || marks[k].n.digits != diff)
                continue;
            *out = marks[k];
            return true;
        }
    }
    return false;
}

/* A short heading above the readings names the register. */
static const char *register_above(const struct reader *r, uint32_t row)
{
    const char *own = register_of(r, row);
    uint32_t least = row > 4 ? row - 4 : 0;
    for (uint32_t i = row; !own && i-- > least;) {
        const struct row *text = &r->l->rows[i];
        if (text->n_tokens > 4 || text->page != r->l->rows[row].page)
            continue;
        own = register_of(r, i);
        if (reader_says(r, i, SAYS_INDEX_END, NULL))
            break;
    }
    return own;
}

static void add_pair(struct reader *r, const struct reading *a,
                     const struct reading *b, const struct mark *beside)
{
    struct meter m = {.start = a->value,
                      .end = b->value,
                      .start_ink = a->ink,
                      .end_ink = b->ink,
                      .kind_start = a->kind,
                      .kind_end = b->kind,
                      .registr = register_above(r, b->row)};
    struct mark q;
    m.unit = a->unit == UNIT_M3 || b->unit == UNIT_M3 ? UNIT_M3 : UNIT_NONE;
    bool printed = near_quantity(r, b->row, b->value - a->value, &q);
    if (b->value >= a->value || beside)
        add_meter(r, b->row, m, beside ? beside : printed ? &q : NULL);
}

static void read_labels(struct reader *r)
{
    struct reading start, end;
    const struct hit *from = NULL;
    for (size_t i = 0; i < r->n_hits; i++) {
        const struct hit *h = &r->hits[i];
        if (h->says == SAYS_INDEX_START)
            from = h;
        if (h->says != SAYS_INDEX_END || !from || h->row - from->row > 4)
            continue;
        if (reading_at(r, from, &start) && reading_at(r, h, &end) &&
            (start.row != end.row || start.to != end.to))
            add_pair(r, &start, &end, NULL);
        from = NULL;
    }
}

/* ---- a column a register ------------------------------------------------ */

/* The registers that head columns in a row above, without readings. */
static bool register_heads(const struct reader *r, uint32_t row)
{
    struct mark marks[MARKS_MAX];
    const char *first = NULL;
    bool several = false;
    size_t n = marks_scan(&r->l->rows[row], marks);
    for (size_t i = 0; i < n; i++)
        if (is_index(&marks[i]))
            return false;
    for (uint32_t i = r->first_hit[row]; i < r->first_hit[row + 1]; i++) {
        const struct hit *h = &r->hits[i];
        if (h->says < SAYS_REGISTER || h->says >= SAYS_COLUMN)
            continue;
        const char *name = lexicon_register(h->says - SAYS_REGISTER);
        several |= first && !str_eq(first, name);
        first = first ? first : name;
    }
    return several;
}

/* The reading of a row that stands in the column of a heading. */
static bool reading_under(const struct reader *r, uint32_t row,
                          const struct hit *head, struct reading *out)
{
    struct mark marks[MARKS_MAX];
    const struct row *text = &r->l->rows[row];
    float x0, x1;
    size_t n = marks_scan(text, marks);
    layout_extent(&r->l->rows[head->row], reader_hit_from(r, head),
                  reader_hit_to(r, head), &x0, &x1);
    const struct mark *m = in_column(marks, n, x0, x1);
    if (!m || off_column(m, x0, x1) > 0)
        return false;
    const struct cell *c = &text->cells[layout_cell(text, m->from)];
    *out = (struct reading){m->n.digits, kind_in(text, c->from, c->to),
                            m->unit,     row,
                            m->to,       m->ink};
    return true;
}

static void add_register(struct reader *r, const struct hit *head,
                         uint32_t from, uint32_t to)
{
    struct reading a, b;
    struct mark q;
    if (head->says < SAYS_REGISTER || head->says >= SAYS_COLUMN ||
        !reading_under(r, from, head, &a) || !reading_under(r, to, head, &b) ||
        b.value < a.value)
        return;
    struct meter m = {.start = a.value,
                      .end = b.value,
                      .start_ink = a.ink,
                      .end_ink = b.ink,
                      .kind_start = a.kind,
                      .kind_end = b.kind,
                      .registr = lexicon_register(head->says - SAYS_REGISTER)};
    bool printed = near_quantity(r, to, b.value - a.value, &q);
    add_meter(r, to, m, printed ? &q : NULL);
}

/* "Heures pleines | Heures creuses" above rows of old and new readings. */
static void read_columns(struct reader *r)
{
    for (uint32_t i = 0; i + 2 < r->l->n_rows; i++) {
        if (!register_heads(r, i))
            continue;
        uint32_t from = 0, to = 0;
        for (uint32_t k = i + 1; k < i + 6 && k < r->l->n_rows; k++) {
            if (r->l->rows[k].page != r->l->rows[i].page)
                break;
            if (!from && reader_says(r, k, SAYS_INDEX_START, NULL))
                from = k;
            if (!to && reader_says(r, k, SAYS_INDEX_END, NULL))
                to = k;
        }
        for (uint32_t h = r->first_hit[i];
             from && to && from != to && h < r->first_hit[i + 1]; h++)
            add_register(r, &r->hits[h], from, to);
    }
}

/* ---- "40 215 → 41 395" -------------------------------------------------- */

static bool linked(const char *t, const struct mark *a, const struct mark *b)
{
    static const char *const links[] = {"→", "->", "à", "–", "=>", "-"};
    const char *p = t + a->to;
    p += strspn(p, " \t");
    for (size_t i = 0; i < ARRAY_LEN(links); i++)
        if (str_starts(p, links[i])) {
            p += strlen(links[i]);
            p += strspn(p, " \t>");
            return p == t + b->from;
        }
    return false;
}

/* OCR reads the arrow as almost anything: a difference that is printed in
 * the same row tells the pair as well. */
static bool differs_by_printed(const struct mark *marks, size_t n, size_t i)
{
    for (size_t k = i + 2; k < n; k++)
        if (is_index(&marks[k]) &&
            marks[k].n.digits == marks[i + 1].n.digits - marks[i].n.digits)
            return true;
    return false;
}

/* The consumption that the row prints behind the pair i, i + 1, right or
 * wrong: a quantity in the readings' unit. */
static const struct mark *used_in(const struct mark *marks, size_t n, size_t i)
{
    bool gas = marks[i].unit == UNIT_M3 || marks[i + 1].unit == UNIT_M3;
    for (size_t k = i + 2; k < n; k++) {
        const struct mark *m = &marks[k];
        if (is_index(m) && m->kind == MARK_QUANTITY &&
            (m->unit == UNIT_M3 || !gas) && m->unit != UNIT_NONE)
            return m;
    }
    return NULL;
}

/* "de 24 512 (relevé) à 25 132 (estimé), soit 620 kWh", also where the sum
 * is wrong. */
static bool says_so(const char *t, const struct mark *marks, size_t n, size_t i)
{
    const struct mark *a = &marks[i], *b = a + 1;
    if (i + 2 >= n || a->from < 3 || !str_starts(t + a->from - 3, "de "))
        return false;
    const char *to = strstr(t + a->to, "à "), *so = strstr(t + b->to, "soit ");
    return to && to < t + b->from && so && so < t + marks[i + 2].from;
}

static void read_arrows(struct reader *r)
{
    for (size_t h = 0; h < r->n_hits; h++) {
        uint32_t row = r->hits[h].row;
        struct mark marks[MARKS_MAX];
        const struct row *text = &r->l->rows[row];
        if (r->hits[h].says != SAYS_INDEX)
            continue;
        uint32_t from = reader_hit_to(r, &r->hits[h]);
        size_t n = marks_scan(text, marks);
        for (size_t i = 0; i + 1 < n; i++) {
            const struct mark *a = &marks[i], *b = &marks[i + 1];
            if (!is_index(a) || !is_index(b))
                continue;
            /* "de 24 512 (relevé) à 25 132 (estimé), soit 620 kWh" */
            bool proved = differs_by_printed(marks, n, i) ||
                          says_so(text->text, marks, n, i);
            if (b->n.digits < a->n.digits && !proved)
                continue;
            if (!proved && (a->from < from || !linked(text->text, a, b)))
                continue;
            enum reading_kind k =
                kind_in(text, reader_hit_from(r, &r->hits[h]), text->len);
            enum reading_kind k1 = kind_in(text, a->to, b->from);
            enum reading_kind k2 = kind_in(text, b->to, text->len);
            bool each = k1 != READING_UNKNOWN && k2 != READING_UNKNOWN;
            struct reading s = {a->n.digits, each ? k1 : k, a->unit,
                                row,         a->to,         a->ink};
            struct reading e = {b->n.digits, each ? k2 : k, b->unit,
                                row,         b->to,         b->ink};
            add_pair(r, &s, &e, used_in(marks, n, i));
            break;
        }
    }
}

/* ---- "152 kWh = 15985 - 15833" ------------------------------------------ */

/* Two indexes whose difference is the quantity of the same row, in any
 * order; cubic metres only of gas. */
static void read_difference(struct reader *r, uint32_t row, bool gas)
{
    struct mark marks[MARKS_MAX];
    size_t n = marks_scan(&r->l->rows[row], marks);
    for (size_t q = 0; q < n; q++) {
        const struct mark *m = &marks[q];
        if (m->kind != MARK_QUANTITY || !is_index(m) || m->n.digits < 1 ||
            !(m->unit == UNIT_KWH || (gas && m->unit == UNIT_M3)))
            continue;
        for (size_t i = 0; i + 1 < n; i++) {
            const struct mark *a = &marks[i], *b = &marks[i + 1];
            if (i == q || i + 1 == q || a->kind != MARK_NUMBER ||
                b->kind != MARK_NUMBER || !is_index(a) || !is_index(b) ||
                llabs(a->n.digits - b->n.digits) != m->n.digits)
                continue;
            const bool falling = a->n.digits > b->n.digits;
            struct meter found = {.start = (falling ? b : a)->n.digits,
                                  .end = (falling ? a : b)->n.digits,
                                  .unit = m->unit,
                                  .registr = register_of(r, row)};
            add_meter(r, row, found, m);
            return;
        }
    }
}

static void read_differences(struct reader *r)
{
    bool gas = false; /* named: cubic metres alone may be water's */
    for (uint32_t i = 0; i < r->l->n_rows && !gas; i++)
        for (uint32_t k = 0; k < r->l->rows[i].n_tokens; k++)
            gas |= str_eq(r->l->rows[i].tokens[k].text, "gaz");
    for (uint32_t i = 0; i < r->l->n_rows; i++)
        read_difference(r, i, gas);
}

void meter_read(struct reader *r)
{
    r->inv->meters = ARENA_ARRAY(r->a, METERS_MAX, struct meter);
    read_tables(r);
    read_columns(r);
    read_labels(r);
    read_arrows(r);
    read_differences(r);
}
