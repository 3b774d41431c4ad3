#include "digits.h"
#include <stdio.h>
#include <string.h>
#include "../draw/dice.h"
#include "base/str.h"
#include "invoice/layout.h"

enum { TARGETS_MAX = 1200, TEXTS_MAX = 200 };

struct target { /* a printed number: bytes of a row */
    const char *kind;
    const struct row *row;
    uint32_t from, n;
};

struct hunt {
    struct sample *s;
    const struct layout *l;
    struct target *list;
    size_t n;
    const char *seen[TEXTS_MAX];
    size_t n_seen;
};

static bool glued(char c)
{
    return (c >= '0' && c <= '9') || c == ',' || c == '.' || c == '/';
}

/* Another digit group before or after: a longer number. */
static bool is_whole(const struct row *row, const char *at, size_t n)
{
    const char *t = row->text, *end = at + n;
    bool could_end = n >= 3 && at[3] != 0 && strspn(at, "0123456789") == 3;
    if (at > t && (glued(at[-1]) ||
                   (at - t > 1 && at[-1] == ' ' && glued(at[-2]) && could_end)))
        return false;
    bool group =
        end[0] == ' ' && glued(end[1]) && glued(end[2]) && glued(end[3]);
    bool more = (*end >= '0' && *end <= '9') ||
                (glued(*end) && end[1] >= '0' && end[1] <= '9');
    return !more && !group;
}

static void look_for(struct hunt *h, const char *kind, const char *text)
{
    char plain[64];
    size_t n = 0;
    for (const char *p = text; *p && n + 1 < sizeof plain; p++)
        if (str_starts(p, "\u00a0")) { /* rows have plain spaces */
            plain[n++] = ' ';
            p++;
        } else {
            plain[n++] = *p;
        }
    plain[n] = 0;
    for (size_t i = 0; i < h->n_seen; i++)
        if (str_eq(h->seen[i], plain))
            return;
    if (h->n_seen == TEXTS_MAX || n == 0)
        return;
    h->seen[h->n_seen++] = arena_strdup(h->s->arena, plain);
    for (size_t i = 0; i < h->l->n_rows; i++) {
        const struct row *row = &h->l->rows[i];
        for (const char *at = row->text; (at = strstr(at, plain)); at += n)
            if (is_whole(row, at, n) && h->n < TARGETS_MAX)
                h->list[h->n++] = (struct target){
                    kind, row, (uint32_t)(at - row->text), (uint32_t)n};
    }
}

static void number(struct hunt *h, const char *kind, const json_t *o,
                   const char *key, int decimals)
{
    if (json_object_get(o, key))
        look_for(h, kind, sample_number(h->s, sample_real(o, key), decimals));
}

static void dates(struct hunt *h, const char *key)
{
    static const enum sample_dates ways[] = {DATES_DIGITS, DATES_DOTS,
                                             DATES_WORDS};
    for (size_t i = 0; i < ARRAY_LEN(ways); i++)
        look_for(h, key, sample_date(h->s, sample_text(h->s, key), ways[i]));
}

static void lines_and_meters(struct hunt *h)
{
    const json_t *e = h->s->expected, *o;
    size_t i;
    json_array_foreach(json_object_get(e, "lines"), i, o)
    {
        double price = sample_real(o, "unit_price_ht");
        number(h, "line amount", o, "amount_ht", 2);
        look_for(h, "quantity", sample_quantity(h->s, o));
        look_for(h, "price", sample_number(h->s, price, 5));
        look_for(h, "price", sample_number(h->s, price, 2));
        look_for(h, "price", sample_number(h->s, price * 100, 3));
    }
    json_array_foreach(json_object_get(e, "meters"), i, o)
    {
        number(h, "index", o, "index_start", 0);
        number(h, "index", o, "index_end", 0);
        number(h, "consumption", o, "consumption", 0);
    }
}

/* Sums of the lines at one rate, and their VAT. */
static void bases(struct hunt *h)
{
    static const double rates[] = {5.5, 20};
    const json_t *o;
    size_t k;
    for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
        double base = 0;
        json_array_foreach(json_object_get(h->s->expected, "lines"), k, o)
        {
            if (sample_real(o, "vat_rate") == rates[i])
                base += sample_real(o, "amount_ht");
        }
        if (base > 0)
            look_for(h, "VAT base", sample_number(h->s, base, 2));
    }
}

static void hunt_all(struct hunt *h)
{
    static const char *const totals[] = {"total_ht", "total_tva", "total_ttc",
                                         "amount_due", "cheque_energie"};
    static const char *const days[] = {"period_start", "period_end",
                                       "invoice_date", "due_date"};
    const json_t *e = h->s->expected;
    const char *siren = sample_text(h->s, "supplier_siren");
    for (size_t i = 0; i < ARRAY_LEN(totals); i++)
        number(h, totals[i], e, totals[i], 2);
    number(h, "coefficient", e, "conversion", 2);
    lines_and_meters(h);
    bases(h);
    for (size_t i = 0; i < ARRAY_LEN(days); i++)
        dates(h, days[i]);
    if (siren && strlen(siren) == 9)
        look_for(h, "SIREN",
                 arena_printf(h->s->arena, "%.3s %.3s %.3s", siren, siren + 3,
                              siren + 6));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The word of the document that is a piece of a row. */
static struct word *word_of(struct document *doc, const struct row *row,
                            const struct piece *p)
{
    struct page *page = &doc->pages[row->page - 1];
    for (uint32_t i = 0; i < page->n_words; i++) {
        const struct box *b = &page->words[i].box;
        if (b->x0 == p->box.x0 && b->y0 == p->box.y0 && b->x1 == p->box.x1 &&
            b->y1 == p->box.y1)
            return &page->words[i];
    }
    return NULL;
}

static size_t digits_in(const char *s, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n && s[i]; i++)
        count += is_digit(s[i]);
    return count;
}

/* Replaces the digit at byte at of the row in the word it belongs to. */
static bool misread(struct hunt *h, struct document *doc, struct dice *d,
                    const struct target *t, uint32_t at, const char **what)
{
    const struct row *row = t->row;
    const struct piece *p = row->pieces;
    while (p < row->pieces + row->n_pieces && p->to <= at)
        p++;
    struct word *w = word_of(doc, row, p);
    if (!w || digits_in(w->text, SIZE_MAX) !=
                  digits_in(row->text + p->from, p->to - p->from))
        return false;
    size_t k = digits_in(row->text + p->from, at - p->from), i = 0;
    char *text = arena_strdup(h->s->arena, w->text);
    while (!is_digit(text[i]) || k--)
        i++;
    char digit = (char)('0' + (text[i] - '0' + dice_roll(d, 1, 9)) % 10);
    *what = arena_printf(h->s->arena, "%s %.*s: %s", t->kind, (int)t->n,
                         row->text + t->from, text);
    text[i] = digit;
    *what = arena_printf(h->s->arena, "%s -> %s", *what, text);
    w->text = text;
    w->conf = (uint8_t)dice_roll(d, 20, 79);
    return true;
}

bool digits_misread(struct sample *s, struct document *doc, uint32_t seed,
                    const char **what)
{
    struct dice d = dice_of(seed, 'm');
    struct hunt h = {.s = s, .l = layout_build(s->arena, doc)};
    h.list = ARENA_ARRAY(s->arena, TARGETS_MAX, struct target);
    hunt_all(&h);
    for (int tries = 0; h.n && tries < 50; tries++) {
        const struct target *t = &h.list[dice_roll(&d, 0, (int64_t)h.n - 1)];
        uint32_t at = t->from + (uint32_t)dice_roll(&d, 0, t->n - 1);
        if (is_digit(t->row->text[at]) && misread(&h, doc, &d, t, at, what))
            return true;
    }
    return false;
}
