/* Exact search first; on OCR pages Sellers' approximate search, in which what
 * makes numbers (digits, comma, point, minus) may not be gained, lost or
 * changed into each other. */
#include "invoice/quote.h"
#include <string.h>
#include "base/str.h"
#include "invoice/french.h"
#include "base/banned.h"

enum {
    QUOTE_LEAST = 2,
    QUOTE_MOST = 200,
    APPROXIMATE_MOST = 20000,
    FORBIDDEN = 9,
    SHORT = 12,
    EDITS = 2
};

struct character {
    uint32_t cp, row, at; /* at: byte of the row */
};
struct page_text {
    int number;
    bool ocr;
    struct character *c;
    uint32_t n;
};
struct quotes {
    const struct layout *l;
    struct page_text *pages;
    size_t n_pages;
};

static bool is_space(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r' || cp == 0xA0 ||
           cp == 0x202F || cp == 0x2009;
}

/* "<" is sent as another sign, so that no page can close its own tag. */
static uint32_t plain(uint32_t cp)
{
    return cp == '<' ? 0x2039 : cp;
}

static bool is_digit(uint32_t cp)
{
    return cp >= '0' && cp <= '9';
}

static bool is_numeric(uint32_t cp)
{
    return is_digit(cp) || cp == ',' || cp == '.' || cp == '-';
}

static void add_row(struct page_text *p, const struct row *row, uint32_t index)
{
    const char *s = row->text;
    for (const char *at = s; *at; at = s) {
        uint32_t cp = str_utf8_next(&s);
        if (!is_space(cp))
            p->c[p->n++] = (struct character){plain(cp), index,
                                              (uint32_t)(at - row->text)};
    }
}

struct quotes *quote_index(struct arena *a, const struct layout *l)
{
    struct quotes *q = ARENA_NEW(a, struct quotes);
    size_t bytes = 0;
    for (size_t i = 0; i < l->n_rows; i++)
        bytes += l->rows[i].len;
    q->l = l;
    q->pages = ARENA_ARRAY(a, l->n_rows + 1, struct page_text);
    struct character *all = ARENA_ARRAY(a, bytes + 1, struct character);
    struct page_text *p = NULL;
    for (uint32_t i = 0; i < l->n_rows; i++) {
        const struct row *row = &l->rows[i];
        if (!p || p->number != row->page) {
            all = p ? p->c + p->n : all;
            p = &q->pages[q->n_pages++];
            *p = (struct page_text){.number = row->page, .c = all};
        }
        p->ocr |= row->ocr;
        add_row(p, row, i);
    }
    return q;
}

/* The quote's characters without white space; 0 when it is no quote. */
static uint32_t squeeze(struct arena *a, const char *quote, uint32_t *out)
{
    uint32_t n = 0;
    const char *s = french_normalise(a, quote);
    while (*s) {
        uint32_t cp = str_utf8_next(&s);
        if (is_space(cp))
            continue;
        if (n == QUOTE_MOST)
            return 0;
        out[n++] = plain(cp);
    }
    return n < QUOTE_LEAST ? 0 : n;
}

/* ---- numbers are not cut ------------------------------------------------- */

/* Bytes between the end of one character and the next, in the same row. */
static int gap(const struct quotes *q, const struct character *one,
               const struct character *next)
{
    if (one->row != next->row)
        return -1;
    const char *row = q->l->rows[one->row].text, *s = row + one->at;
    str_utf8_next(&s);
    bool tab = memchr(s, '\t', (size_t)(row + next->at - s)) != NULL;
    return tab ? -1 : (int)(row + next->at - s);
}

/* Exactly three digits stand together from i on, up to last at most. */
static bool is_group(const struct quotes *q, const struct page_text *p,
                     uint32_t i, uint32_t last)
{
    int digits = 0;
    for (; i < p->n && is_digit(p->c[i].cp) && digits < 4; i++) {
        digits++;
        if (i == last || i + 1 == p->n || gap(q, &p->c[i], &p->c[i + 1]))
            break;
    }
    return digits == 3;
}

/* True when from..to (both included) begins or ends inside a number. */
static bool cuts_number(const struct quotes *q, const struct page_text *p,
                        uint32_t from, uint32_t to)
{
    if (from > 0 && is_digit(p->c[from].cp)) {
        const struct character *before = &p->c[from - 1];
        int g = gap(q, before, &p->c[from]);
        if (g == 0 && is_numeric(before->cp))
            return true;
        if (g > 0 && is_digit(before->cp) && is_group(q, p, from, to))
            return true;
    }
    if (to + 1 < p->n && is_digit(p->c[to].cp)) {
        const struct character *after = &p->c[to + 1];
        int g = gap(q, &p->c[to], after);
        bool goes_on =
            is_digit(after->cp) ||
            ((after->cp == ',' || after->cp == '.') && to + 2 < p->n &&
             is_digit(p->c[to + 2].cp) && gap(q, after, &p->c[to + 2]) == 0);
        if (g == 0 && goes_on)
            return true;
        if (g > 0 && is_digit(after->cp) && is_group(q, p, to + 1, p->n))
            return true;
    }
    return false;
}

/* ---- search -------------------------------------------------------------- */

static bool find_exact(const struct quotes *q, const struct page_text *p,
                       const uint32_t *want, uint32_t n, uint32_t *from)
{
    for (uint32_t i = 0; i + n <= p->n; i++) {
        uint32_t k = 0;
        while (k < n && p->c[i + k].cp == want[k])
            k++;
        if (k == n && !cuts_number(q, p, i, i + n - 1)) {
            *from = i;
            return true;
        }
    }
    return false;
}

/* What OCR takes for each other (README 1.8); a digit is no other letter. */
static bool looks_like(uint32_t digit, uint32_t other)
{
    static const char *const pairs[] = {"0OoDQ", "1lIi|!", "2Zz", "4A",
                                        "5Ss",   "6Gb",    "8B",  "9gq"};
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        if ((uint32_t)*pairs[i] == digit)
            return other < 128 && strchr(pairs[i] + 1, (int)other) != NULL;
    return false;
}

static int change_cost(uint32_t a, uint32_t b)
{
    if (a == b)
        return 0;
    if (is_numeric(a) && is_numeric(b))
        return FORBIDDEN;
    if (is_numeric(a) || is_numeric(b))
        return looks_like(a, b) || looks_like(b, a) ? 1 : FORBIDDEN;
    return 1;
}

static int lone_cost(uint32_t cp)
{
    return is_numeric(cp) ? FORBIDDEN : 1;
}

struct cell_of {
    int cost;
    uint32_t from;
};

/* The next column of the table, for one character of the page. */
static void advance(struct cell_of *col, const uint32_t *want, uint32_t n,
                    uint32_t cp, uint32_t at)
{
    struct cell_of diagonal = col[0];
    col[0] = (struct cell_of){0, at + 1};
    for (uint32_t k = 0; k < n; k++) {
        struct cell_of old = col[k + 1], best = diagonal;
        best.from = k == 0 ? at : best.from;
        best.cost += change_cost(want[k], cp);
        if (old.cost + lone_cost(cp) < best.cost)
            best = (struct cell_of){old.cost + lone_cost(cp), old.from};
        if (col[k].cost + lone_cost(want[k]) < best.cost)
            best =
                (struct cell_of){col[k].cost + lone_cost(want[k]), col[k].from};
        diagonal = old;
        col[k + 1] = best;
    }
}

static bool find_near(struct arena *a, const struct quotes *q,
                      const struct page_text *p, const uint32_t *want,
                      uint32_t n, uint32_t *from, uint32_t *to)
{
    int least = n < SHORT ? (int)n / 6 + 1 : EDITS + 1;
    struct cell_of *col = ARENA_ARRAY(a, n + 1, struct cell_of);
    bool found = false;
    if (p->n > APPROXIMATE_MOST)
        return false;
    for (uint32_t k = 0; k < n; k++)
        col[k + 1] = (struct cell_of){col[k].cost + lone_cost(want[k]), 0};
    for (uint32_t i = 0; i < p->n; i++) {
        advance(col, want, n, p->c[i].cp, i);
        if (col[n].cost >= least || col[n].from > i ||
            cuts_number(q, p, col[n].from, i))
            continue;
        least = col[n].cost;
        *from = col[n].from;
        *to = i;
        found = true;
    }
    return found;
}

/* The bytes of the first row, and the mean confidence of every row's words. */
static struct quote_place place_of(struct arena *a, const struct quotes *q,
                                   const struct page_text *p, uint32_t from,
                                   uint32_t to)
{
    struct quote_place out = {.row = p->c[from].row, .from = p->c[from].at};
    int64_t sum = 0, count = 0;
    for (uint32_t i = from; i <= to;) {
        uint32_t k = i;
        while (k < to && p->c[k + 1].row == p->c[i].row)
            k++;
        const struct row *row = &q->l->rows[p->c[i].row];
        const char *end = row->text + p->c[k].at;
        str_utf8_next(&end);
        uint32_t stop = (uint32_t)(end - row->text);
        if (p->c[i].row == out.row)
            out.to = stop;
        sum +=
            (k - i + 1) * layout_evidence(a, row, p->c[i].at, stop, 1000).conf;
        count += k - i + 1;
        i = k + 1;
    }
    out.ocr_pm = (int16_t)(count ? sum / count : 0);
    return out;
}

bool quote_find(struct arena *a, const struct quotes *q, int page,
                const char *quote, struct quote_place *out)
{
    uint32_t want[QUOTE_MOST], from = 0, to = 0;
    uint32_t n = quote ? squeeze(a, quote, want) : 0;
    for (size_t i = 0; n && i < q->n_pages; i++) {
        const struct page_text *p = &q->pages[i];
        if (p->number != page)
            continue;
        bool found = find_exact(q, p, want, n, &from);
        to = from + n - 1;
        if (!found && (!p->ocr || !find_near(a, q, p, want, n, &from, &to)))
            continue;
        *out = place_of(a, q, p, from, to);
        return true;
    }
    return false;
}
