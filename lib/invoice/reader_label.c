/* What the label of a billed line says, and where it goes on in the rows
 * above and below. */
#include "base/str.h"
#include "invoice/french.h"
#include "invoice/reader_row.h"
#include <string.h>

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

static bool counts_energy(int component)
{
    return component == COMP_CONSUMPTION || component == COMP_EXCISE ||
           component == COMP_CAPACITY || component == COMP_CEE ||
           component == COMP_LOCAL_TAX;
}

void label_fill(struct reader *r, struct draft *d,
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
    /* also when OCR left no date of it */
    d->line.ev.unsure |= layout_ink(text, 0, text->len) != 0;
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
    d->label = row_trim(r->a, d->label, (uint32_t)strlen(d->label));
}

void label_complete(struct reader *r, struct draft *d,
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
int label_component(const struct reader *r, const struct draft *d)
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
