/* Reads what every invoice has, whatever it bills: number, dates, totals. */
#include "invoice/general.h"
#include "base/clock.h"
#include "base/str.h"
#include "invoice/french.h"
#include <string.h>

static const char *const roles[ROLE_MAX] = {
    "number",  "title",  "date",   "any_date", "due_date", "period", "other",
    "net",     "vat",    "gross",  "total",    "subtotal", "due",    "paid",
    "carried", "tender", "column", "without",  "with"};

static void find_labels(struct general *g)
{
    struct reader *r = g->r;
    const struct lexicon *lex =
        lexicon_new_roles(r->a, r->ref, roles, ARRAY_LEN(roles));
    size_t tokens = 0;
    for (size_t i = 0; i < r->l->n_rows; i++)
        tokens += r->l->rows[i].n_tokens;
    size_t max = tokens * 2 + 64;
    g->hits = ARENA_ARRAY(r->a, max, struct hit);
    g->first_hit = ARENA_ARRAY(r->a, r->l->n_rows + 1, uint32_t);
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        g->first_hit[i] = (uint32_t)g->n_hits;
        g->n_hits =
            lexicon_find(lex, &r->l->rows[i], i, g->hits, g->n_hits, max);
    }
    g->first_hit[r->l->n_rows] = (uint32_t)g->n_hits;
}

/* ---- values of labels --------------------------------------------------- */

/* A place where a label's value may stand. */
struct place {
    const struct row *row;
    uint32_t index, from, to;
    bool sure; /* directly behind the label of a number */
};

typedef bool parse_value(const struct general *g, const struct place *p,
                         struct candidate *c);

static uint32_t hit_from(const struct general *g, const struct hit *h)
{
    return g->r->l->rows[h->row].tokens[h->from].from;
}

static uint32_t hit_to(const struct general *g, const struct hit *h)
{
    return g->r->l->rows[h->row].tokens[h->to - 1].to;
}

/* A word that goes on, "invoice_number_1", is a value and no label. */
static bool is_glued(const struct general *g, const struct hit *h)
{
    return g->r->l->rows[h->row].text[hit_to(g, h)] == '_';
}

/* A label covers byte at, or begins within the blanks behind it. */
static bool labelled(const struct general *g, uint32_t row, uint32_t at)
{
    for (uint32_t i = g->first_hit[row]; i < g->first_hit[row + 1]; i++)
        if (g->hits[i].says < ROLE_COLUMN && !is_glued(g, &g->hits[i]) &&
            hit_from(g, &g->hits[i]) <= at + 1 && hit_to(g, &g->hits[i]) > at)
            return true;
    return false;
}

/* The other label ends the text of this one: any label but a column's; words
 * of money ("30 days net until") end no date. */
static bool ends(const struct hit *own, const struct hit *other)
{
    bool dated = own->says >= ROLE_DATE && own->says <= ROLE_DUE_DATE;
    bool money = other->says >= ROLE_NET && other->says <= ROLE_TENDER;
    return other->says < ROLE_COLUMN && !(dated && money);
}

/* Where the text behind a label ends: the next label or the cell's end. */
static uint32_t end_of(const struct general *g, const struct hit *h,
                       uint32_t from, uint32_t end)
{
    for (uint32_t i = g->first_hit[h->row]; i < g->first_hit[h->row + 1]; i++) {
        uint32_t at = hit_from(g, &g->hits[i]);
        if (ends(h, &g->hits[i]) && at >= from && at < end &&
            at >= hit_to(g, h))
            end = at;
    }
    return end;
}

/* The nearest cell under a label, in its column. */
static bool place_below(const struct general *g, const struct hit *h,
                        struct place *out)
{
    const struct layout *l = g->r->l;
    const struct row *row = &l->rows[h->row];
    const struct cell *own = &row->cells[layout_cell(row, hit_from(g, h))];
    float x0, x1, tall = own->y1 - own->y0, nearest = 2.0f * tall;
    bool found = false;
    layout_extent(row, hit_from(g, h), hit_to(g, h), &x0, &x1);
    uint32_t first = h->row > 3 ? h->row - 3 : 0;
    for (uint32_t i = first; i < l->n_rows && i < h->row + 8; i++) {
        const struct row *next = &l->rows[i];
        for (uint32_t k = 0; k < next->n_cells; k++) {
            const struct cell *c = &next->cells[k];
            float down = c->y0 - own->y1;
            if (next->page != row->page || c->x0 > x1 + 2 || c->x1 < x0 - 2 ||
                down < -0.4f * tall || down >= nearest)
                continue;
            nearest = down;
            *out = (struct place){next, i, c->from, c->to, false};
            found = true;
        }
    }
    return found;
}

/* Tries behind the label, in the next cell, then below. */
static bool search(const struct general *g, const struct hit *h,
                   parse_value *parse, struct candidate *c)
{
    const struct row *row = &g->r->l->rows[h->row];
    uint32_t to = hit_to(g, h), cell = layout_cell(row, to - 1);
    struct place p = {row, h->row, to, row->cells[cell].to,
                      h->says == ROLE_NUMBER};
    p.to = end_of(g, h, to, p.to);
    c->score = 9;
    if (p.to > p.from && parse(g, &p, c))
        return true;
    uint32_t letters = layout_letters(row->text, to, row->cells[cell].to);
    if (letters > 20)
        return false;
    if (cell + 1 < row->n_cells && p.to == row->cells[cell].to) {
        const struct cell *next = &row->cells[cell + 1];
        p = (struct place){row, h->row, next->from,
                           end_of(g, h, next->from, next->to), false};
        c->score = 6;
        if (p.to > p.from && parse(g, &p, c))
            return true;
    }
    c->score = 3;
    return place_below(g, h, &p) && !labelled(g, p.index, p.from) &&
           parse(g, &p, c);
}

/* ---- number ------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool of_number(char c)
{
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           strchr("-/._#", c);
}

/* Passes over "(380)", "No.", "n° :" and marks. */
static uint32_t skip_filler(const char *s, uint32_t at, uint32_t to)
{
    for (uint32_t from = to; at < to && at != from;) {
        from = at;
        while (at < to &&
               (strchr(" \t:.#()=-", s[at]) || (unsigned char)s[at] >= 0x80)) {
            const char *end = s[at] == '(' ? strchr(s + at, ')') : NULL;
            at = end && end < s + at + 8 ? (uint32_t)(end - s) + 1 : at + 1;
        }
        uint32_t n = at;
        while (n < to && !is_digit(s[n]) && of_number(s[n]) && s[n] != '.')
            n++;
        bool sign =
            n < to && n > at && n <= at + 3 &&
            (s[n] == '.' || str_starts(s + n, "°") || str_starts(s + n, "º"));
        at = sign ? n + 1 : at;
    }
    return at < to ? at : to;
}

/* "Facture de décompte n° 12": the number sign within the first words. */
static uint32_t behind_sign(const struct place *p)
{
    int words = 0;
    for (uint32_t i = 0; i < p->row->n_tokens && words < 4; i++) {
        const struct token *t = &p->row->tokens[i];
        if (t->from < p->from || t->to > p->to)
            continue;
        if (str_eq(t->text, "n"))
            return t->to;
        if (t->text[strcspn(t->text, "0123456789")] && words)
            break;
        words++;
    }
    return p->from;
}

/* The letters before a number that are a part of it: "INV 0012". */
static bool capitals(const char *s, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (s[i] < 'A' || s[i] > 'Z')
            return false;
    return n >= 1 && n <= 5;
}

/* "800-499-8840", "1-800-499-8840": a telephone of North America. */
static bool is_phone(const char *s, size_t n)
{
    static const char *const shapes[] = {"999-999-9999", "9-999-999-9999"};
    for (size_t k = 0; k < ARRAY_LEN(shapes); k++) {
        size_t i = 0;
        while (i < n && shapes[k][i] &&
               (is_digit(s[i]) ? shapes[k][i] == '9' : shapes[k][i] == s[i]))
            i++;
        if (i == n && !shapes[k][i])
            return true;
    }
    return false;
}

/* A word with a digit that is no date, amount or rate: "RE-20190610/507",
 * "INV 0012" counts with its prefix of capitals. */
static bool parse_number(const struct general *g, const struct place *p,
                         struct candidate *c)
{
    const char *s = p->row->text;
    uint32_t at = skip_filler(s, behind_sign(p), p->to);
    uint32_t n = 0, digits = 0;
    int32_t day;
    while (at + n < p->to && s[at + n] && of_number(s[at + n]))
        digits += is_digit(s[at + n++]);
    while (n && strchr("-/._", s[at + n - 1]))
        n--;
    bool prefix = !digits && capitals(s + at, n) && s[at + n] == ' ' &&
                  is_digit(s[at + n + 1]);
    if (prefix) {
        uint32_t k = n + 1;
        while (at + k < p->to && s[at + k] && of_number(s[at + k]))
            digits += is_digit(s[at + k++]);
        n = k;
    }
    int64_t cents;
    int decimals;
    size_t len = general_number(&g->habit, s + at, &cents, &decimals);
    if (!digits || n < 2 ||
        (!p->sure && general_date(&g->habit, s + at, &day)) ||
        (len >= n && decimals == 2) || s[at + n] == '%' || is_phone(s + at, n))
        return false;
    c->text = arena_strndup(g->r->a, s + at, n);
    c->row = p->index;
    c->from = at;
    c->to = at + n;
    c->score += digits >= 3 ? 4 : 0;
    return true;
}

/* "Invoice INV/12" opens its cell; a title in a sentence says no number. */
static bool opens_cell(const struct general *g, const struct hit *h)
{
    const struct row *row = &g->r->l->rows[h->row];
    uint32_t at = hit_from(g, h);
    return layout_letters(row->text, row->cells[layout_cell(row, at)].from,
                          at) == 0;
}

/* Whether a value behind "Invoice" alone is likely its number. */
static bool of_title(const struct general *g, const struct hit *h,
                     const char *text)
{
    size_t n = strlen(text), digits = strspn(text, "0123456789");
    return opens_cell(g, h) && n >= (digits == n ? 5 : 4);
}

static void find_number(struct general *g, struct candidate *best)
{
    best->score = 0;
    for (size_t i = 0; i < g->n_hits; i++) {
        const struct hit *h = &g->hits[i];
        const struct row *row = &g->r->l->rows[h->row];
        struct candidate c = {.label_row = h->row};
        if ((h->says != ROLE_NUMBER && h->says != ROLE_TITLE) ||
            is_glued(g, h) || !search(g, h, parse_number, &c))
            continue;
        bool hash = row->text[hit_to(g, h)] && /* "Invoice # 12" */
                    strchr(row->text + hit_to(g, h), '#') ==
                        row->text + hit_to(g, h) + 1;
        if (h->says == ROLE_TITLE && !hash && !of_title(g, h, c.text))
            continue;
        c.score += h->says == ROLE_NUMBER || hash ? 30 : 14;
        c.score += (row->page == 1 ? 4 : 0) - 4 * h->errors -
                   (int)(4 * h->row / (g->r->l->n_rows + 1));
        if (c.score > best->score)
            *best = c;
    }
    if (best->score > 0)
        reader_set(g->r, F_invoice_number, best->text, 0, best,
                   best->score > 30 ? 800 : 650);
}

/* ---- dates -------------------------------------------------------------- */

/* The first date within 40 bytes. */
static bool parse_date(const struct general *g, const struct place *p,
                       struct candidate *c)
{
    const char *s = p->row->text;
    for (uint32_t at = p->from; at < p->to && at < p->from + 40; at++) {
        int32_t day;
        if (at && of_number(s[at - 1]))
            continue;
        size_t n = general_date(&g->habit, s + at, &day);
        if (!n)
            continue;
        c->num = day;
        c->row = p->index;
        c->from = at;
        c->to = at + (uint32_t)n;
        return true;
    }
    return false;
}

/* "No. 471102 vom 05.03.2018": a date closely behind the number. */
static bool date_behind(const struct general *g, const struct candidate *n,
                        struct candidate *c)
{
    const struct row *row = &g->r->l->rows[n->row];
    const struct cell *cell = &row->cells[layout_cell(row, n->from)];
    struct place p = {row, n->row, n->to, cell->to, false};
    return n->score > 0 && parse_date(g, &p, c) && c->from < n->to + 20;
}

static void consider(struct candidate *best, const struct candidate *c)
{
    if (c->score > best->score)
        *best = *c;
}

/* A day that a label calls due, or on which the period begins or ends. */
static bool is_another_day(const struct general *g, int32_t day)
{
    for (size_t i = 0; i < g->n_due_days; i++)
        if (g->due_days[i] == day)
            return true;
    return g->has_period && (day == g->start || day == g->end);
}

/* How a receipt was paid is said: it is dated anywhere. */
static bool is_receipt(const struct general *g)
{
    for (size_t i = 0; i < g->n_hits; i++)
        if (g->hits[i].says == ROLE_TENDER)
            return true;
    return false;
}

/* A label of the row, or an amount beside the date: the day of a payment, of
 * a reading, of anything else. */
static bool is_explained(const struct general *g, uint32_t row, bool receipt)
{
    for (uint32_t i = g->first_hit[row]; i < g->first_hit[row + 1]; i++)
        if (!receipt || g->hits[i].says == ROLE_OTHER ||
            g->hits[i].says == ROLE_DUE_DATE)
            return true;
    return !receipt && g->first_amount[row] < g->first_amount[row + 1];
}

/* A cell near the top that is nothing but a date, when no label names one;
 * on receipts any date. */
static void bare_date(const struct general *g, struct candidate *best)
{
    const struct layout *l = g->r->l;
    const bool receipt = is_receipt(g);
    const int32_t far = clock_days(2040, 1, 1); /* more likely a telephone */
    for (uint32_t i = 0; i < l->n_rows && l->rows[i].page == 1; i++)
        for (uint32_t k = 0; k < l->rows[i].n_cells; k++) {
            const struct row *row = &l->rows[i];
            const struct cell *cell = &row->cells[k];
            struct place p = {row, i, cell->from, cell->to, false};
            struct candidate c = {.label_row = i, .score = 5};
            if (is_explained(g, i, receipt) || !parse_date(g, &p, &c) ||
                c.num > far || is_another_day(g, (int32_t)c.num))
                continue;
            bool top = row->box.y0 < 0.33f * l->heights[0];
            bool alone = c.from == cell->from && c.to == cell->to;
            bool said = c.from >= cell->from + 3 && /* "Paris, le 3/4/2024" */
                        (str_starts(row->text + c.from - 3, "le ") ||
                         str_starts(row->text + c.from - 3, "Le "));
            if (!receipt && !(top && (alone || said)))
                continue;
            c.score -= (i > 20) + 2 * !alone;
            consider(best, &c);
        }
}

static void find_date(struct general *g, const struct candidate *number)
{
    struct candidate best = {.score = 0}, c = {.score = 36};
    if (date_behind(g, number, &c))
        consider(&best, &c);
    for (size_t i = 0; i < g->n_hits; i++) {
        const struct hit *h = &g->hits[i];
        const struct row *row = &g->r->l->rows[h->row];
        c = (struct candidate){.label_row = h->row};
        if ((h->says != ROLE_DATE && h->says != ROLE_ANY_DATE) ||
            !search(g, h, parse_date, &c))
            continue;
        c.score += (h->says == ROLE_DATE ? 30 : 12) + (row->page == 1 ? 4 : 0) -
                   4 * h->errors - (int)(6 * h->row / (g->r->l->n_rows + 1));
        consider(&best, &c);
    }
    if (best.score <= 0)
        bare_date(g, &best);
    if (best.score > 0)
        reader_set(g->r, F_invoice_date, NULL, best.num, &best,
                   best.score > 30   ? 850
                   : best.score > 10 ? 750
                                     : 550);
}

/* "Please pay £104.27 by 28 March 2024": a day behind what is due. */
static bool day_behind_due(const struct general *g, const struct hit *h,
                           struct candidate *c)
{
    const struct row *row = &g->r->l->rows[h->row];
    const char *by = strstr(row->text + hit_to(g, h), " by ");
    if (h->says != ROLE_DUE || !by)
        return false;
    const uint32_t from = (uint32_t)(by - row->text) + 4;
    int32_t day;
    const size_t n = general_date(&g->habit, row->text + from, &day);
    *c = (struct candidate){.num = day,
                            .row = h->row,
                            .label_row = h->row,
                            .from = from,
                            .to = from + (uint32_t)n,
                            .score = 6};
    return n > 0;
}

static void note_due_days(struct general *g)
{
    for (size_t i = 0; i < g->n_hits && g->n_due_days < DUE_DAYS_MAX; i++) {
        struct candidate c = {.score = 0};
        if (g->hits[i].says == ROLE_DUE_DATE &&
            search(g, &g->hits[i], parse_date, &c))
            g->due_days[g->n_due_days++] = (int32_t)c.num;
    }
}

static void find_due_date(struct general *g)
{
    enum { EARLY = 10, LATE = 400 };
    const struct value *issued = &g->r->inv->f[F_invoice_date];
    struct candidate best = {.score = 0};
    for (size_t i = 0; i < g->n_hits; i++) {
        const struct hit *h = &g->hits[i];
        struct candidate c = {.label_row = h->row};
        if (!(h->says == ROLE_DUE_DATE && search(g, h, parse_date, &c)) &&
            !day_behind_due(g, h, &c))
            continue;
        if (issued->present &&
            (c.num < issued->num - EARLY || c.num > issued->num + LATE))
            continue;
        c.score += 20 - 4 * h->errors;
        consider(&best, &c);
    }
    if (best.score > 0)
        reader_set(g->r, F_due_date, NULL, best.num, &best, 800);
}

/* ---- all ---------------------------------------------------------------- */

/* A title, something to pay or how it was paid, as a label and not in a
 * sentence; or a number. */
static bool is_invoice(const struct general *g)
{
    if (g->r->inv->energy != ENERGY_NONE || g->r->inv->paper == PAPER_INVOICE)
        return true;
    for (size_t i = 0; i < g->n_hits; i++) {
        const struct hit *h = &g->hits[i];
        bool sign = h->says == ROLE_TITLE || h->says == ROLE_DUE ||
                    h->says == ROLE_TENDER;
        if (h->says == ROLE_NUMBER || (sign && opens_cell(g, h)))
            return true;
    }
    return false;
}

void general_read(struct reader *r)
{
    struct general g = {.r = r, .habit = general_habit(r->l)};
    struct candidate number = {.score = 0};
    find_labels(&g);
    if (!is_invoice(&g))
        return;
    general_amounts(&g);
    bool billed = general_totals(&g);
    find_number(&g, &number);
    general_period(&g);
    note_due_days(&g);
    find_date(&g, &number);
    find_due_date(&g);
    if (r->inv->energy != ENERGY_NONE)
        general_kwh(&g);
    if (billed && r->inv->paper == PAPER_UNKNOWN)
        r->inv->paper = PAPER_INVOICE;
}
