/* "Page 1/2", "page 2 sur 3", or a lone "1/2" at the edge of the page: what
 * the printed numbers say of the pages that were sent. */
#include "invoice/reader.h"
#include "base/str.h"
#include <string.h>

enum { PAGES_MAX = 999 };

struct numbered {
    int number, of;
};

/* A number below a thousand at s; bytes, 0 for none. */
static size_t small_number(const char *s, int *v)
{
    size_t n = 0;
    *v = 0;
    while (n < 4 && s[n] >= '0' && s[n] <= '9')
        *v = *v * 10 + (s[n++] - '0');
    return n < 4 && *v > 0 ? n : 0;
}

/* "1/2", "1 / 2", "1 sur 2"; bytes, 0 for none. */
static size_t of_pages(const char *s, struct numbered *out)
{
    static const char *const between[] = {"/", "sur ", "de ", "of "};
    const char *p = s;
    size_t n = small_number(p, &out->number);
    if (!n)
        return 0;
    p += n;
    p += *p == ' ';
    for (size_t i = 0; i < ARRAY_LEN(between); i++) {
        if (!str_starts(p, between[i]))
            continue;
        p += strlen(between[i]);
        p += *p == ' ';
        n = small_number(p, &out->of);
        return n && out->number <= out->of ? (size_t)(p - s) + n : 0;
    }
    return 0;
}

/* Behind the word "page"; else a cell that is nothing else, in the outer
 * tenth of the page's height. */
static bool number_in(const struct reader *r, const struct row *row,
                      struct numbered *out)
{
    for (uint32_t i = 0; i < row->n_tokens; i++) {
        const struct token *t = &row->tokens[i];
        if (strcmp(t->text, "page") != 0 && strcmp(t->text, "p") != 0)
            continue;
        const char *s = row->text + t->to;
        s += strspn(s, " .:\t");
        s += str_starts(s, "n° ") ? strlen("n° ") : 0;
        if (of_pages(s, out))
            return true;
    }
    const float height = r->l->heights[row->page - 1];
    const bool edge =
        row->box.y0 < 0.1f * height || row->box.y1 > 0.9f * height;
    for (uint32_t c = 0; edge && c < row->n_cells; c++) {
        const struct cell *cell = &row->cells[c];
        if (of_pages(row->text + cell->from, out) == cell->to - cell->from)
            return true;
    }
    return false;
}

/* One number a page; false when pages speak of different totals. */
static bool collect(const struct reader *r, struct numbered *pages)
{
    int of = 0;
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const struct row *row = &r->l->rows[i];
        struct numbered *p = &pages[row->page - 1], found;
        if (p->number || !number_in(r, row, &found))
            continue;
        if (of && of != found.of)
            return false;
        of = found.of;
        *p = found;
    }
    return of > 0;
}

void pages_read(struct reader *r)
{
    const int n = r->l->n_pages;
    r->first_page = 1;
    if (n < 1)
        return;
    struct numbered *pages = ARENA_ARRAY(r->a, (size_t)n, struct numbered);
    bool seen[PAGES_MAX + 1] = {false};
    int last = 0, numbered = 0, distinct = 0, of = 0;
    if (!collect(r, pages))
        return;
    for (int i = n - 1; i >= 0; i--)
        if (pages[i].number == 1)
            r->first_page = i + 1;
    for (int i = 0; i < n; i++) {
        if (!pages[i].number)
            continue;
        numbered++;
        distinct += !seen[pages[i].number];
        seen[pages[i].number] = true;
        r->inv->pages_shuffled |= pages[i].number < last;
        last = pages[i].number;
        of = pages[i].of;
    }
    if (distinct < numbered)
        r->inv->pages = PAGES_REPEATED;
    else if (of > n)
        r->inv->pages = PAGES_MISSING;
    else if (distinct == of)
        r->inv->pages = PAGES_COMPLETE;
    r->inv->pages_shuffled &= r->inv->pages != PAGES_REPEATED;
}
