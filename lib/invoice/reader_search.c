/* Label -> value: behind the label, in the next cell, or below it in the
 * same column. */
#include "base/str.h"
#include "invoice/french.h"
#include "invoice/marks.h"
#include "invoice/reader_parse.h"
#include <string.h>

/* ---- places ------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Where the next label of another field begins, or the end of the cell. */
static uint32_t cell_limit(const struct reader *r, const struct hit *h,
                           uint32_t after, uint32_t end)
{
    const struct row *row = &r->l->rows[h->row];
    for (uint32_t i = r->first_hit[h->row]; i < r->first_hit[h->row + 1];
         i++) {
        const struct hit *o = &r->hits[i];
        if (o->says >= SAYS_COMPONENT || o->says == h->says ||
            o->from < h->to)
            continue;
        uint32_t at = row->tokens[o->from].from;
        if (at >= after && at < end)
            end = at;
    }
    return end;
}

static bool has_digit(const char *t, uint32_t from, uint32_t to)
{
    for (; from < to; from++)
        if (is_digit(t[from]))
            return true;
    return false;
}

static void add(struct candidates *list, const struct candidate *c)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->list[i].row == c->row && list->list[i].from == c->from) {
            if (c->score > list->list[i].score)
                list->list[i] = *c;
            return;
        }
    if (list->n < CANDIDATES_MAX)
        list->list[list->n++] = *c;
}

/* Places: 3 behind the label, 2 in the next cell, 1 below. */
static bool attempt(struct reader *r, const struct hit *h,
                    const struct span *s, int where)
{
    struct candidate c = {.row = s->row_index, .label_row = h->row,
                          .strict = s->strict};
    bool period = h->says == SAYS_PERIOD;
    parse_fn *parse = parse_for(h->says);
    if (s->from >= s->to || !parse(r, s, &c))
        return false;
    int letters = 0;
    const struct row *row = &r->l->rows[h->row];
    for (uint32_t i = h->from; i < h->to; i++)
        letters += row->tokens[i].len;
    letters = letters > 24 ? 24 : letters;
    c.score = where * 8 + letters - h->errors * 6 - (row->page > 1 ? 2 : 0);
    add(period                      ? &r->periods
        : h->says == SAYS_REFUND ? &r->fields[F_amount_due]
                                 : &r->fields[h->says],
        &c);
    return true;
}

static bool search_right(struct reader *r, const struct hit *h, uint32_t cell,
                         bool free_text)
{
    const struct row *row = &r->l->rows[h->row];
    uint32_t reach = parse_is_money(h->says) ? cell + 5 : cell + 2;
    for (uint32_t k = cell + 1; k < row->n_cells && k < reach; k++) {
        struct span s = {row, h->row, row->cells[k].from, row->cells[k].to,
                         free_text, free_text};
        s.to = cell_limit(r, h, s.from, s.to);
        if (s.to == s.from || parse_at_label(r, &s, s.from))
            return false;
        if (attempt(r, h, &s, 2))
            return true;
    }
    return false;
}

static bool under(const struct cell *c, float x0, float x1)
{
    return c->x0 < x1 + 2 && c->x1 > x0 - 2;
}

static float height(const struct row *row)
{
    float h = row->box.y1 - row->box.y0;
    return h < 6 ? 6 : h > 40 ? 40 : h;
}

/* The nearest cell below a label in the same column. Rows are compared cell
 * by cell: a taller neighbour may lift the whole row. */
static bool cell_below(const struct reader *r, const struct hit *h,
                       struct span *out)
{
    const struct row *row = &r->l->rows[h->row];
    uint32_t from = reader_hit_from(r, h), to = reader_hit_to(r, h);
    const struct cell *own = &row->cells[layout_cell(row, from)];
    float tall = own->y1 - own->y0, x0, x1, nearest = 1.8f * tall;
    bool found = false;
    layout_extent(row, from, to, &x0, &x1);
    uint32_t first = h->row > 3 ? h->row - 3 : 0;
    for (uint32_t i = first; i < r->l->n_rows && i < h->row + 8; i++) {
        const struct row *next = &r->l->rows[i];
        for (uint32_t k = 0; k < next->n_cells; k++) {
            const struct cell *c = &next->cells[k];
            float gap = c->y0 - own->y1;
            if (next->page != row->page || !under(c, x0, x1) ||
                gap < -0.4f * tall || gap >= nearest)
                continue;
            nearest = gap;
            *out = (struct span){next, i, c->from, c->to, true, true};
            found = true;
        }
    }
    return found;
}

/* "Montant HT" above amounts heads a column, unless it stands among the
 * labels of other totals. */
static bool heads_column(const struct reader *r, const struct hit *h)
{
    if (h->says != F_total_ht && h->says != F_total_tva)
        return false;
    for (uint32_t i = r->first_hit[h->row]; i < r->first_hit[h->row + 1]; i++)
        if (parse_is_money(r->hits[i].says) && r->hits[i].says != h->says)
            return false;
    return true;
}

static bool search_below(struct reader *r, const struct hit *h)
{
    struct span s;
    return !heads_column(r, h) && cell_below(r, h, &s) && !parse_at_label(r, &s, s.from) &&
           attempt(r, h, &s, 1);
}

/* "987.000 Montant à payer": an amount alone before the label in its cell. */
static void search_left(struct reader *r, const struct hit *h)
{
    const struct row *row = &r->l->rows[h->row];
    const uint32_t at = reader_hit_from(r, h);
    const struct cell *c = &row->cells[layout_cell(row, at)];
    const struct span s = {row, h->row, c->from, at, true, false};
    if (at > c->from && layout_letters(row->text, c->from, at) == 0)
        attempt(r, h, &s, 1);
}

/* A label of free text must open its cell. */
static bool opens_cell(const struct reader *r, const struct hit *h)
{
    const struct row *row = &r->l->rows[h->row];
    uint32_t at = row->tokens[h->from].from;
    const struct cell *c = &row->cells[layout_cell(row, at)];
    const char *dash = at >= 5 ? row->text + at - 5 : row->text;
    return layout_letters(row->text, c->from, at) <= 5 ||
           strstr(dash, "– ") == row->text + at - 4 ||
           (at >= 2 && row->text[at - 2] == '-');
}

static void search_hit(struct reader *r, const struct hit *h)
{
    const struct row *row = &r->l->rows[h->row];
    uint32_t to = reader_hit_to(r, h);
    uint32_t cell = layout_cell(row, to ? to - 1 : 0);
    uint32_t end = cell_limit(r, h, to, row->cells[cell].to);
    bool free_text = h->says < F_MAX && parse_is_free_text(h->says);
    bool strict = free_text || h->says == F_invoice_date;
    if (free_text && !opens_cell(r, h))
        return;
    struct span s = {row, h->row, to, end, strict, false};
    if (attempt(r, h, &s, 3))
        return;
    bool empty = parse_blank(row->text, to, end);
    if (!empty && (free_text || end - to > 45))
        return;
    if (end == row->cells[cell].to &&
        search_right(r, h, cell, free_text))
        return;
    bool little = end - to < 16 && !has_digit(row->text, to, end);
    if (empty || (!free_text && little) ||
        (parse_is_money(h->says) && end - to < 24))
        search_below(r, h);
    if (empty && parse_is_money(h->says))
        search_left(r, h);
}

/* ---- more than label and value ------------------------------------------ */

/* True when the row, or one of the three above, opens a cell with the title
 * "Facture…" or "Avoir…" over x. */
static bool under_title(const struct reader *r, uint32_t row, float x)
{
    const struct row *own = &r->l->rows[row];
    for (uint32_t i = row > 3 ? row - 3 : 0; i <= row; i++) {
        const struct row *text = &r->l->rows[i];
        const struct hit *h = reader_find(r, i, SAYS_PAPER, SAYS_MAX - 1);
        if (!h || text->page != own->page)
            continue;
        uint32_t from = reader_hit_from(r, h);
        const struct cell *c = &text->cells[layout_cell(text, from)];
        if (c->x0 < x + 40 && c->x1 > x - 40 && from < c->from + 12)
            return true;
    }
    return false;
}

/* "N° 10 213 456 789" that opens a cell under the title is the invoice's. */
static void bare_number(struct reader *r, uint32_t row)
{
    const struct row *text = &r->l->rows[row];
    for (uint32_t i = 0; i < text->n_tokens; i++) {
        const struct token *t = &text->tokens[i];
        uint32_t k = layout_cell(text, t->from);
        const struct cell *cell = &text->cells[k];
        struct span s = {text, row, t->to, cell->to, true, false};
        struct candidate c = {.row = row, .label_row = row, .score = 20};
        if (parse_blank(text->text, s.from, s.to) && k + 1 < text->n_cells)
            s = (struct span){text, row, text->cells[k + 1].from,
                              text->cells[k + 1].to, true, false};
        if (!str_eq(t->text, "n") || t->from != cell->from ||
            text->text[t->from] != 'N' || parse_at_label(r, &s, t->from) ||
            parse_at_label(r, &s, s.from) ||
            !under_title(r, row, cell->x0) ||
            !parse_for(F_invoice_number)(r, &s, &c))
            continue;
        add(&r->fields[F_invoice_number], &c);
        return;
    }
}

static void bare_numbers(struct reader *r)
{
    for (uint32_t i = 0; i < r->l->n_rows && r->l->rows[i].page == 1; i++)
        if (r->fields[F_invoice_number].n == 0 && !r->is_used[i])
            bare_number(r, i);
}

/* "Du 1er au 31 janvier 2026" or "Gaz naturel – du 1er mai 2024 au 30 avril
 * 2025" alone on its row; counts when no label names
 * the period and no other row differs. */
static void bare_period(struct reader *r)
{
    struct candidate found = {.score = 0};
    if (r->periods.n)
        return;
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const struct row *row = &r->l->rows[i];
        struct span s = {row, i, 0, row->len, true, false};
        struct candidate c = {.row = i, .label_row = i, .score = 1};
        bool begins = str_starts(row->text, "Du ") ||
                      str_starts(row->text, "du ") ||
                      reader_find(r, i, SAYS_ELEC, SAYS_GAS);
        if (!begins || r->is_used[i] || r->is_small[i] ||
            !parse_for(SAYS_PERIOD)(r, &s, &c) ||
            c.to + 2 < row->cells[layout_cell(row, c.from)].to)
            continue;
        if (found.score && (found.num != c.num || found.num2 != c.num2))
            return;
        found = c;
    }
    if (found.score)
        add(&r->periods, &found);
}

/* The period of a row: "du X au Y", or two dates, "… le X … le Y". */
static bool row_period(const struct row *row, struct candidate *c)
{
    struct mark marks[MARKS_MAX];
    size_t n = marks_scan(row, marks), dates = 0;
    for (size_t i = 0; i < n; i++) {
        const struct mark *m = &marks[i];
        if (m->kind == MARK_PERIOD) {
            *c = (struct candidate){.num = m->start, .num2 = m->end,
                                    .from = m->from, .to = m->to};
            return true;
        }
        if (m->kind != MARK_DATE)
            continue;
        if (!dates++)
            *c = (struct candidate){.num = m->start, .from = m->from};
        c->num2 = m->start;
        c->to = m->to;
    }
    return dates == 2 && c->num < c->num2;
}

/* The period that two rows or more print when no row prints another: all
 * there is on an annex of readings. */
static void repeated_period(struct reader *r)
{
    enum { DAYS_MAX = 800 };
    struct candidate found = {.score = 0}, c;
    for (uint32_t i = 0; i < r->l->n_rows && !r->periods.n; i++) {
        if (r->is_small[i] || !row_period(&r->l->rows[i], &c))
            continue;
        if (found.score && (found.num != c.num || found.num2 != c.num2))
            return;
        c.row = c.label_row = i;
        c.score = found.score + 1;
        found = c;
    }
    if (found.score > 1 && found.num2 - found.num < DAYS_MAX)
        add(&r->periods, &found);
}

/* "Facture n° X du 13 mai 2025": the date follows the number. */
static void date_after_number(struct reader *r)
{
    const struct candidates *numbers = &r->fields[F_invoice_number];
    for (size_t i = 0; i < numbers->n; i++) {
        const struct candidate *n = &numbers->list[i];
        const struct row *row = &r->l->rows[n->row];
        const char *p = row->text + n->to;
        struct candidate c = *n;
        int32_t day;
        p += strspn(p, " ,\t");
        if (str_starts(p, "du ") || str_starts(p, "DU "))
            p += 3;
        size_t len = french_date(p, &day);
        if (!len)
            continue;
        c.num = day;
        c.text = NULL;
        c.from = (uint32_t)(p - row->text);
        c.to = c.from + (uint32_t)len;
        c.score = n->score + 10;
        add(&r->fields[F_invoice_date], &c);
    }
}

/* "NET À PAYER AU 20/02/2024": the day behind what is due. */
static void date_behind_due(struct reader *r)
{
    static const char *const before[] = {"au plus tard le ", "avant le ",
                                         "pour le ", "au ", "le "};
    for (size_t i = 0; i < r->n_hits; i++) {
        const struct hit *h = &r->hits[i];
        const struct row *row = &r->l->rows[h->row];
        const uint32_t to = reader_hit_to(r, h);
        struct candidate c = {.row = h->row, .label_row = h->row,
                              .strict = true, .score = 20};
        int32_t day;
        if (h->says != F_amount_due)
            continue;
        const char *p = row->text + to;
        p += strspn(p, " ");
        for (size_t k = 0; k < ARRAY_LEN(before); k++)
            if (strncasecmp(p, before[k], strlen(before[k])) == 0) {
                p += strlen(before[k]);
                break;
            }
        const size_t n = french_date(p, &day);
        c.num = day;
        c.from = (uint32_t)(p - row->text);
        c.to = c.from + (uint32_t)n;
        if (n)
            add(&r->fields[F_due_date], &c);
    }
}

/* "FACTURE N° F24-009812" and below it "du 31/01/2024". */
static void date_below_number(struct reader *r)
{
    const struct candidates *numbers = &r->fields[F_invoice_number];
    for (size_t i = 0; i < numbers->n && !r->fields[F_invoice_date].n; i++) {
        const struct candidate *n = &numbers->list[i];
        const struct row *row = &r->l->rows[n->row];
        const struct cell *own = &row->cells[layout_cell(row, n->from)];
        if (n->row + 1 >= r->l->n_rows)
            return;
        const struct row *next = row + 1;
        for (uint32_t k = 0; k < next->n_cells; k++) {
            const struct cell *cell = &next->cells[k];
            const char *p = next->text + cell->from;
            int32_t day, end;
            if (next->page != row->page || !under(cell, own->x0, own->x1) ||
                strncasecmp(p, "du ", 3) != 0 || french_period(p, &day, &end))
                continue;
            const size_t len = french_date(p + 3, &day);
            struct candidate c = {.num = day, .row = n->row + 1,
                                  .label_row = n->row, .strict = true,
                                  .from = cell->from + 3,
                                  .to = cell->from + 3 + (uint32_t)len,
                                  .score = 16};
            if (len)
                add(&r->fields[F_invoice_date], &c);
        }
    }
}

/* "Date : 15 juillet 2024" opens a cell of page 1 and nothing names the date
 * of issue better. */
static void bare_date(struct reader *r)
{
    for (uint32_t i = 0; i < r->l->n_rows && r->l->rows[i].page == 1; i++) {
        const struct row *row = &r->l->rows[i];
        for (uint32_t k = 0; k < row->n_cells; k++) {
            const uint32_t from = row->cells[k].from;
            const char *p = row->text + from;
            struct candidate c = {.row = i, .label_row = i, .strict = true,
                                  .score = 4};
            int32_t day;
            if (r->fields[F_invoice_date].n || r->is_used[i] ||
                strncasecmp(p, "date", 4) != 0)
                continue;
            p += 4 + strspn(p + 4, " :\t");
            const size_t n = french_date(p, &day);
            c.num = day;
            c.from = (uint32_t)(p - row->text);
            c.to = c.from + (uint32_t)n;
            if (n)
                add(&r->fields[F_invoice_date], &c);
        }
    }
}

/* "Facture groupée n° G-2024-0331": a word or two may stand between. */
static void titled_number(struct reader *r)
{
    for (uint32_t i = 0; i < r->l->n_rows && r->l->rows[i].page == 1; i++) {
        const struct row *row = &r->l->rows[i];
        if (r->fields[F_invoice_number].n || r->is_used[i])
            continue;
        for (uint32_t k = 0; k + 2 < row->n_tokens; k++) {
            uint32_t n = k + 1;
            while (n < row->n_tokens && n < k + 4 &&
                   !str_eq(row->tokens[n].text, "n"))
                n++;
            if (!str_eq(row->tokens[k].text, "facture") ||
                n >= row->n_tokens || n == k + 4)
                continue;
            const struct cell *cell =
                &row->cells[layout_cell(row, row->tokens[k].from)];
            const struct span s = {row, i, row->tokens[n].to, cell->to, true,
                                   false};
            struct candidate c = {.row = i, .label_row = i, .strict = true,
                                  .score = 18};
            if (s.from < s.to && parse_for(F_invoice_number)(r, &s, &c))
                add(&r->fields[F_invoice_number], &c);
        }
    }
}

/* "Détail de votre facture du 02/04/2018 n° 1007497": the number follows. */
static void number_after_date(struct reader *r)
{
    const struct candidates *dates = &r->fields[F_invoice_date];
    for (size_t i = 0; i < dates->n; i++) {
        const struct candidate *d = &dates->list[i];
        const struct row *row = &r->l->rows[d->row];
        const struct cell *cell = &row->cells[layout_cell(row, d->from)];
        const char *p = row->text + d->to;
        struct candidate c = {.row = d->row, .label_row = d->label_row,
                              .strict = true, .score = d->score};
        const size_t gap = strspn(p, " ,");
        if (!gap || (!str_starts(p + gap, "n°") && !str_starts(p + gap, "N°")))
            continue;
        const struct span s = {row, d->row, d->to + (uint32_t)gap + 3,
                               cell->to, true, false};
        if (s.from < s.to && parse_for(F_invoice_number)(r, &s, &c))
            add(&r->fields[F_invoice_number], &c);
    }
}

/* An address goes on below its first row until the postcode. */
static bool has_zip(const char *s)
{
    for (; *s; s++) {
        size_t n = 0;
        while (is_digit(s[n]))
            n++;
        if (n == 5 && s[5] == ' ')
            return true;
        s += n ? n - 1 : 0;
    }
    return false;
}

static void extend_address(struct reader *r, struct candidate *c)
{
    const struct row *row = &r->l->rows[c->row];
    float x0, x1;
    layout_extent(row, c->from, c->to, &x0, &x1);
    float bottom = row->box.y1;
    for (uint32_t i = c->row + 1; i < r->l->n_rows && i < c->row + 8; i++) {
        const struct row *next = &r->l->rows[i];
        if (has_zip(c->text) || next->page != row->page ||
            next->box.y0 - bottom > 1.2f * height(row))
            return;
        for (uint32_t k = 0; k < next->n_cells; k++) {
            const struct cell *cell = &next->cells[k];
            struct span s = {next, i, cell->from, cell->to, true, true};
            if (cell->x0 < x0 - 6 || cell->x0 > x0 + 6)
                continue;
            if (parse_at_label(r, &s, s.from))
                return;
            c->text = arena_printf(r->a, "%s, %.*s", c->text,
                                   (int)(cell->to - cell->from),
                                   next->text + cell->from);
            bottom = next->box.y1;
            break;
        }
    }
}

void search_fields(struct reader *r)
{
    for (size_t i = 0; i < r->n_hits; i++) {
        const struct hit *h = &r->hits[i];
        bool labelled = parse_for(h->says) != NULL;
        bool column = r->is_header[h->row] && parse_is_money(h->says);
        if (labelled && !column && !r->is_used[h->row])
            search_hit(r, h);
    }
    bare_numbers(r);
    titled_number(r);
    bare_period(r);
    repeated_period(r);
    date_after_number(r);
    number_after_date(r);
    date_below_number(r);
    bare_date(r);
    date_behind_due(r);
    static const enum field_id addresses[] = {F_site_address,
                                              F_billing_address};
    for (size_t k = 0; k < ARRAY_LEN(addresses); k++)
        for (size_t i = 0; i < r->fields[addresses[k]].n; i++)
            extend_address(r, &r->fields[addresses[k]].list[i]);
}
