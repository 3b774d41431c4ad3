/* Rows are rebuilt from vertical overlap and not from the order in the file:
 * PDF writers draw in any order, and OCR numbers lines by block. */
#include "invoice/layout.h"
#include "base/buf.h"
#include "base/str.h"
#include "invoice/french.h"
#include <stdlib.h>
#include <string.h>

enum {
    WORDS_PER_PAGE = 6000, /* a dense invoice page has about 900 */
    WORDS_IN_ALL = 60000,
    WORD_BYTES = 256,
    ROWS_OPEN = 400, /* rows of one page compared with a new word */
    CONF_SURE = 80,  /* digits of words below are doubted */
};

struct item { /* a word while rows are being built */
    const char *text;
    struct box box;
    uint8_t conf;
    bool ocr;
    uint32_t next;
};

struct open_row {
    float y0, y1; /* of the last word taken: follows a slight slope */
    float top;
    uint32_t first, last;
};

static const uint32_t none = UINT32_MAX;

/* ---- words -------------------------------------------------------------- */

static bool frame_only(const char *s)
{
    return s[strspn(s, "|_[]~=.")] == 0;
}

/* Text set on its side: a box much taller than wide for its letters. */
static bool sideways(const struct word *w)
{
    float width = w->box.x1 - w->box.x0, height = w->box.y1 - w->box.y0;
    size_t letters = 0;
    for (const char *p = w->text; *p; p++)
        letters += ((unsigned char)*p & 0xC0) != 0x80;
    return letters >= 3 && height > 2.5f * width;
}

static bool usable(const struct word *w)
{
    return w->text && *w->text && w->box.x1 >= w->box.x0 &&
           w->box.y1 > w->box.y0 && w->box.x0 > -2000 && w->box.x1 < 20000 &&
           w->box.y0 > -2000 && w->box.y1 < 20000 && !sideways(w) &&
           !frame_only(w->text);
}

/* A dash that stands alone parts clauses: OCR cannot tell its length. */
static bool lone_dash(const char *s)
{
    bool any = false;
    for (uint32_t cp; (cp = str_utf8_next(&s)) != 0; any = true)
        if (cp != '-' && cp != 0x2013 && cp != 0x2014 && cp != '~')
            return false;
    return any;
}

/* Units and money as OCR garbles them, where nothing else can be meant:
 * "6 KVA", "c€/KkWh", "145:50€". */
static const char *mend(struct arena *a, const char *s)
{
    static const char *const units[][2] = {
        {"kKVA", "kVA"}, {"KkVA", "kVA"}, {"KVA", "kVA"}, {"KkWh", "kWh"},
        {"KWh", "kWh"},  {"kWn", "kWh"},  {"KWH", "kWh"}, {"kKWh", "kWh"},
        {"MWn", "MWh"}};
    if (lone_dash(s))
        return "–";
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        const char *at = strstr(s, units[i][0]);
        if (!at)
            continue;
        const char *rest = at + strlen(units[i][0]);
        return arena_printf(a, "%.*s%s%s", (int)(at - s), s, units[i][1],
                            rest);
    }
    const char *colon = strchr(s, ':');
    if (!colon || colon == s || colon[-1] < '0' || colon[-1] > '9' ||
        strspn(colon + 1, "0123456789") != 2 || !str_starts(colon + 3, "€"))
        return s;
    return arena_printf(a, "%.*s,%s", (int)(colon - s), s, colon + 1);
}

/* Table frames that OCR glued to a word are cut off. */
static const char *clean(struct arena *a, const char *text, bool ocr)
{
    const char *s = french_normalise(
        a, arena_strndup(a, text, strnlen(text, WORD_BYTES)));
    s = ocr ? mend(a, s) : s;
    s += strspn(s, "| ");
    size_t n = strlen(s);
    while (n && (s[n - 1] == '|' || s[n - 1] == ' '))
        n--;
    return arena_strndup(a, s, n);
}

static int by_x(const void *p, const void *q)
{
    const struct item *a = p, *b = q;
    if (a->box.x0 != b->box.x0)
        return a->box.x0 < b->box.x0 ? -1 : 1;
    return a->box.y0 < b->box.y0 ? -1 : a->box.y0 > b->box.y0;
}

/* One letter, and nothing a table column would repeat (digits, %, €). */
static bool lone_letter(const char *s)
{
    const char *p = s;
    const char *f = french_fold(str_utf8_next(&p));
    return !*p && (*f >= 'a' || *s == '.' || *s == '-');
}

/* Text in a margin written from bottom to top comes as single letters one
 * above the other: at least twelve of them in one narrow column. */
static size_t drop_stacks(struct item *items, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n;) {
        size_t end = i, letters = 0;
        while (end < n && items[end].box.x0 - items[i].box.x0 < 2)
            letters += lone_letter(items[end++].text);
        bool stack = letters >= 12 && letters * 10 >= (end - i) * 5;
        for (; i < end; i++)
            if (!stack || strlen(items[i].text) > 1)
                items[kept++] = items[i];
    }
    return kept;
}

static int by_height(const void *p, const void *q)
{
    const float *a = p, *b = q;
    return *a < *b ? -1 : *a > *b;
}

/* Watermarks and logos: letters several times as tall as the text lie over
 * it and would tie rows together that have nothing to do with each other. */
static size_t drop_giants(struct arena *a, struct item *items, size_t n)
{
    float *h = ARENA_ARRAY(a, n + 1, float);
    for (size_t i = 0; i < n; i++)
        h[i] = items[i].box.y1 - items[i].box.y0;
    qsort(h, n, sizeof *h, by_height);
    float most = 3.2f * h[n / 2] + 2;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (items[i].box.y1 - items[i].box.y0 <= most)
            items[kept++] = items[i];
    return kept;
}

static struct item *take_words(struct arena *a, const struct page *p,
                               size_t budget, size_t *n)
{
    size_t max = p->n_words < WORDS_PER_PAGE ? p->n_words : WORDS_PER_PAGE;
    max = max < budget ? max : budget;
    struct item *items = ARENA_ARRAY(a, max + 1, struct item);
    *n = 0;
    for (size_t i = 0; i < max; i++) {
        const struct word *w = &p->words[i];
        if (!usable(w))
            continue;
        const char *text = clean(a, w->text, p->source == PAGE_OCR);
        if (*text)
            items[(*n)++] = (struct item){
                text, w->box, w->conf, p->source == PAGE_OCR, none};
    }
    *n = drop_giants(a, items, *n);
    qsort(items, *n, sizeof *items, by_x);
    *n = drop_stacks(items, *n);
    return items;
}

/* ---- rows --------------------------------------------------------------- */

static float overlap(const struct open_row *r, const struct box *b)
{
    float top = r->y0 > b->y0 ? r->y0 : b->y0;
    float bottom = r->y1 < b->y1 ? r->y1 : b->y1;
    float h1 = r->y1 - r->y0, h2 = b->y1 - b->y0;
    return (bottom - top) / (h1 < h2 ? h1 : h2);
}

/* The open row that shares most of the word's height, or none. A row whose
 * last word lies over this word is another row; OCR's boxes overlap a bit. */
static uint32_t best_row(const struct open_row *rows, uint32_t n,
                         const struct item *items, const struct item *word)
{
    const struct box *b = &word->box;
    uint32_t best = none;
    float most = 0.5f;
    uint32_t from = n > ROWS_OPEN ? n - ROWS_OPEN : 0;
    for (uint32_t i = from; i < n; i++) {
        float share = overlap(&rows[i], b);
        const struct box *last = &items[rows[i].last].box;
        bool after = b->x0 > (last->x0 + last->x1) / 2;
        if (share > most && (after || (word->ocr && share > 0.8f))) {
            most = share;
            best = i;
        }
    }
    return best;
}

/* Full stops and commas are low and flat: the row keeps its height. */
static void grow_row(struct open_row *r, const struct box *b)
{
    if (b->y1 - b->y0 < 0.5f * (r->y1 - r->y0))
        return;
    r->y0 = b->y0;
    r->y1 = b->y1;
}

static uint32_t group(struct item *items, size_t n, struct open_row *rows)
{
    uint32_t n_rows = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct box *b = &items[i].box;
        uint32_t r = best_row(rows, n_rows, items, &items[i]);
        if (r == none) {
            rows[n_rows++] = (struct open_row){b->y0, b->y1, b->y0, i, i};
            continue;
        }
        items[rows[r].last].next = i;
        rows[r].last = i;
        grow_row(&rows[r], b);
    }
    return n_rows;
}

static int by_top(const void *p, const void *q)
{
    const struct open_row *a = p, *b = q;
    return a->top < b->top ? -1 : a->top > b->top;
}

static void join_box(struct box *all, const struct box *b)
{
    all->x0 = b->x0 < all->x0 ? b->x0 : all->x0;
    all->y0 = b->y0 < all->y0 ? b->y0 : all->y0;
    all->x1 = b->x1 > all->x1 ? b->x1 : all->x1;
    all->y1 = b->y1 > all->y1 ? b->y1 : all->y1;
}

/* Box of the row and how many words and bytes it has. */
static void measure(struct row *row, const struct item *items,
                    const struct open_row *r, size_t *bytes)
{
    row->box = items[r->first].box;
    for (uint32_t i = r->first; i != none; i = items[i].next) {
        join_box(&row->box, &items[i].box);
        *bytes += strlen(items[i].text) + 1;
        row->n_pieces++;
    }
}

/* The height letters have on this row: the tallest word that is not an
 * outlier would be better, but the tallest is good enough for gaps. */
static float tallest(const struct item *items, const struct open_row *r)
{
    float h = 0;
    for (uint32_t i = r->first; i != none; i = items[i].next) {
        float one = items[i].box.y1 - items[i].box.y0;
        h = one > h ? one : h;
    }
    return h;
}

static void fill_row(struct arena *a, struct row *row,
                     const struct item *items, const struct open_row *r)
{
    size_t bytes = 0;
    measure(row, items, r, &bytes);
    float gap = 0.9f * tallest(items, r);
    gap = gap < 5 ? 5 : gap;
    struct buf b;
    buf_init(&b, a, bytes + 1);
    row->pieces = ARENA_ARRAY(a, row->n_pieces, struct piece);
    row->cells = ARENA_ARRAY(a, row->n_pieces, struct cell);
    uint32_t k = 0;
    for (uint32_t i = r->first; i != none; i = items[i].next, k++) {
        const struct box *box = &items[i].box;
        bool wide = k && box->x0 - row->pieces[k - 1].box.x1 > gap;
        if (k)
            buf_char(&b, wide ? '\t' : ' ');
        uint32_t from = (uint32_t)b.n;
        buf_str(&b, items[i].text);
        uint32_t to = (uint32_t)b.n;
        row->pieces[k] = (struct piece){from, to, *box, items[i].conf};
        if (!k || wide)
            row->cells[row->n_cells++] = (struct cell){
                from, to, box->x0, box->x1, box->y0, box->y1};
        struct cell *c = &row->cells[row->n_cells - 1];
        c->to = to;
        c->x1 = box->x1 > c->x1 ? box->x1 : c->x1;
        c->y0 = box->y0 < c->y0 ? box->y0 : c->y0;
        c->y1 = box->y1 > c->y1 ? box->y1 : c->y1;
    }
    row->text = buf_cstr(&b);
    row->len = (uint32_t)b.n;
    row->tokens = layout_tokens(a, row->text, &row->n_tokens);
}

static void build_page(struct arena *a, struct layout *l, const struct page *p,
                       struct item *items, size_t n)
{
    struct open_row *open = ARENA_ARRAY(a, n + 1, struct open_row);
    uint32_t rows = group(items, n, open);
    qsort(open, rows, sizeof *open, by_top);
    for (uint32_t i = 0; i < rows; i++) {
        struct row *row = &l->rows[l->n_rows++];
        row->page = p->number;
        row->ocr = p->source == PAGE_OCR;
        fill_row(a, row, items, &open[i]);
    }
}

struct layout *layout_build(struct arena *a, const struct document *doc)
{
    struct layout *l = ARENA_NEW(a, struct layout);
    size_t total = 0;
    for (uint32_t i = 0; i < doc->n_pages; i++) {
        size_t n = doc->pages[i].n_words;
        total += n < WORDS_PER_PAGE ? n : WORDS_PER_PAGE;
    }
    total = total < WORDS_IN_ALL ? total : WORDS_IN_ALL;
    l->rows = ARENA_ARRAY(a, total + 1, struct row);
    l->heights = ARENA_ARRAY(a, doc->n_pages + 1, float);
    l->n_pages = (int)doc->n_pages;
    size_t used = 0;
    for (uint32_t i = 0; i < doc->n_pages; i++) {
        size_t n;
        struct item *items =
            take_words(a, &doc->pages[i], total - used, &n);
        l->heights[i] = doc->pages[i].height;
        build_page(a, l, &doc->pages[i], items, n);
        used += n;
    }
    return l;
}

/* ---- tokens ------------------------------------------------------------- */

static bool is_filler(const char *s, size_t n)
{
    static const char *const words[] = {"de",  "d",  "du",    "des", "la",
                                        "le",  "les", "l",     "votre",
                                        "vos", "mes", "mon",   "ma",  "a",
                                        "au",  "cette"};
    if (n > 5)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (s[0] == words[i][0] && strcmp(s, words[i]) == 0)
            return true;
    return false;
}

static const char *canonical(const char *s)
{
    static const char *const same[][2] = {
        {"no", "n"},          {"num", "n"},      {"numero", "n"},
        {"nr", "n"},          {"nos", "n"},      {"ref", "reference"},
        {"refs", "reference"}, {"references", "reference"},
        {"coeff", "coef"},    {"coefficient", "coef"}};
    if (*s != 'n' && *s != 'r' && *s != 'c')
        return s;
    for (size_t i = 0; i < ARRAY_LEN(same); i++)
        if (s[1] == same[i][0][1] && strcmp(s, same[i][0]) == 0)
            return same[i][1];
    return s;
}

/* "T.V.A." reads as "tva": true when text goes on after a dot that follows
 * a single letter. */
static bool initials(const char *p, size_t letters, size_t dots)
{
    const char *q = p + 1;
    return *p == '.' && letters == dots + 1 &&
           *french_fold(str_utf8_next(&q)) >= 'a';
}

static uint32_t next_token(const char *text, uint32_t at, char out[64],
                           uint32_t *from)
{
    const char *p = text + at;
    size_t n = 0, dots = 0;
    *from = at;
    while (*p) {
        const char *q = p;
        const char *f = french_fold(str_utf8_next(&q));
        if (!*f && n && initials(p, n, dots)) {
            dots++;
            p++;
            continue;
        }
        if (!*f && n)
            break;
        if (!*f)
            *from = (uint32_t)(q - text);
        for (; *f && n < 60; f++)
            out[n++] = *f;
        p = q;
    }
    out[n] = 0;
    return (uint32_t)(p - text);
}

struct token *layout_tokens(struct arena *a, const char *text, uint32_t *n)
{
    size_t len = strlen(text);
    struct token *tokens = ARENA_ARRAY(a, len / 2 + 2, struct token);
    char word[64];
    uint32_t at = 0, from;
    *n = 0;
    while (at < len) {
        at = next_token(text, at, word, &from);
        if (!*word || is_filler(word, strlen(word)))
            continue;
        const char *s = canonical(word);
        tokens[(*n)++] = (struct token){arena_strdup(a, s),
                                        (uint16_t)strlen(s), from, at};
    }
    return tokens;
}

/* ---- asking ------------------------------------------------------------- */

struct evidence layout_evidence(struct arena *a, const struct row *row,
                                uint32_t from, uint32_t to, int conf)
{
    struct evidence ev = {.page = (int16_t)row->page};
    int sum = 0, count = 0;
    to = to > row->len ? row->len : to;
    for (uint32_t i = 0; i < row->n_pieces; i++) {
        const struct piece *p = &row->pieces[i];
        if (p->to <= from || p->from >= to)
            continue;
        if (count)
            join_box(&ev.box, &p->box);
        else
            ev.box = p->box;
        sum += p->conf;
        count++;
    }
    ev.conf = (int16_t)(count ? conf * sum / (count * 100) : conf);
    ev.quote = from < to ? arena_strndup(a, row->text + from, to - from) : "";
    return ev;
}

uint32_t layout_cell(const struct row *row, uint32_t at)
{
    uint32_t k = 0;
    while (k + 1 < row->n_cells && row->cells[k + 1].from <= at)
        k++;
    return k;
}

void layout_extent(const struct row *row, uint32_t from, uint32_t to,
                   float *x0, float *x1)
{
    bool any = false;
    *x0 = row->box.x0;
    *x1 = row->box.x1;
    for (uint32_t i = 0; i < row->n_pieces; i++) {
        const struct piece *p = &row->pieces[i];
        if (p->to <= from || p->from >= to)
            continue;
        *x0 = any && *x0 < p->box.x0 ? *x0 : p->box.x0;
        *x1 = any && *x1 > p->box.x1 ? *x1 : p->box.x1;
        any = true;
    }
}

uint8_t layout_conf(const struct row *row, uint32_t from, uint32_t to)
{
    uint8_t least = 100;
    for (uint32_t i = 0; i < row->n_pieces; i++) {
        const struct piece *p = &row->pieces[i];
        if (p->to > from && p->from < to && p->conf < least)
            least = p->conf;
    }
    return least;
}

uint32_t layout_ink(const struct row *row, uint32_t from, uint32_t to)
{
    uint32_t ink = 0, k = 0;
    if (!row->ocr)
        return 0;
    for (uint32_t at = to > row->len ? row->len : to; at-- > from;) {
        if (row->text[at] < '0' || row->text[at] > '9')
            continue;
        if (k < 31 && layout_conf(row, at, at + 1) < CONF_SURE)
            ink |= 1u << k;
        k++;
    }
    return ink;
}

uint32_t layout_letters(const char *text, uint32_t from, uint32_t to)
{
    uint32_t n = 0;
    for (const char *p = text + from; p < text + to && *p;)
        n += *french_fold(str_utf8_next(&p)) >= 'a';
    return n;
}
