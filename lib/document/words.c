/* The text layer gives characters; everything after it wants words. */
#include "document/words.h"
#include <math.h>
#include <string.h>
#include "base/str.h"
#include "base/banned.h"

enum { MAX_WORDS = 60000, MAX_TEXT = 480, MIN_LETTERS = 80 };

struct run {
    char text[MAX_TEXT + 8];
    size_t n;
    struct box box, first, last;
    int chars;
};

struct group {
    struct arena *a;
    struct page *page;
    struct run run;
    size_t letters, vowels, digits, others; /* of the whole page */
    size_t turned[4]; /* characters in words running right, down, left, up */
};

bool words_is_space(uint32_t cp)
{
    return cp <= 0x20 || cp == 0x85 || cp == 0xA0 || cp == 0x1680 ||
           (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 || cp == 0x2029 ||
           cp == 0x202F || cp == 0x205F || cp == 0x3000;
}

static bool is_dropped(uint32_t cp)
{
    return cp == 0xAD || cp == 0x7F || (cp >= 0x80 && cp <= 0x9F) ||
           (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x202A && cp <= 0x202E) ||
           (cp >= 0x2060 && cp <= 0x2064) || cp == 0xFEFF;
}

size_t words_spell(char out[4], uint32_t cp)
{
    static const char *const ligatures[] = {"ff",  "fi", "fl", "ffi",
                                            "ffl", "st", "st"};
    if (is_dropped(cp))
        return 0;
    if (cp >= 0xFB00 && cp <= 0xFB06) {
        const char *s = ligatures[cp - 0xFB00];
        memcpy(out, s, strlen(s));
        return strlen(s);
    }
    if (cp == 0x2010 || cp == 0x2011)
        cp = '-';
    return str_utf8_put(out, cp);
}

/* Which way the word runs: 0 right, 1 down, 2 left, 3 up. */
static int run_direction(const struct run *r)
{
    float dx = r->last.x0 + r->last.x1 - r->first.x0 - r->first.x1;
    float dy = r->last.y0 + r->last.y1 - r->first.y0 - r->first.y1;
    if (fabsf(dx) >= fabsf(dy))
        return dx >= 0 ? 0 : 2;
    return dy > 0 ? 1 : 3;
}

static void flush(struct group *g)
{
    struct run *r = &g->run;
    struct page *p = g->page;
    if (r->n && p->n_words < MAX_WORDS) {
        p->words[p->n_words++] =
            (struct word){.text = arena_strndup(g->a, r->text, r->n),
                          .box = r->box,
                          .conf = 100};
        if (r->chars > 2)
            g->turned[run_direction(r)] += (size_t)r->chars;
    }
    r->n = 0;
    r->chars = 0;
}

/* Poppler puts a space where it sees a gap; this catches columns that touch
 * without one, and lines that follow each other without a break. */
static bool is_apart(const struct box *a, const struct box *b)
{
    float h = fmaxf(a->y1 - a->y0, b->y1 - b->y0);
    float w = fmaxf(a->x1 - a->x0, b->x1 - b->x0);
    float em = fmaxf(h, w);
    float gap_x = fmaxf(b->x0 - a->x1, a->x0 - b->x1);
    float gap_y = fmaxf(b->y0 - a->y1, a->y0 - b->y1);
    return gap_x > 0.9f * em || gap_y > 0.9f * em;
}

static void count(struct group *g, uint32_t cp)
{
    if (cp >= '0' && cp <= '9') {
        g->digits++;
    } else if ((cp | 32) >= 'a' && (cp | 32) <= 'z') {
        g->letters++;
        g->vowels += strchr("aeiouy", (int)(cp | 32)) != NULL;
    } else if (cp >= 0xC0 && cp < 0x250) {
        g->letters++; /* accented letters are vowels, nearly all of them */
        g->vowels++;
    } else if (cp == 0xFFFD || (cp >= 0xE000 && cp <= 0xF8FF) ||
               cp >= 0xF0000) {
        g->others += 2;
    } else if (cp > 0x250 && cp < 0x2000) {
        g->letters++;
        g->vowels++; /* other alphabets: no opinion */
    } else {
        g->others++;
    }
}

static void put_char(struct group *g, uint32_t cp, const struct box *b)
{
    struct run *r = &g->run;
    char out[4];
    size_t n = words_spell(out, cp);
    if (n == 0)
        return;
    if (r->n && (r->n + n > MAX_TEXT || is_apart(&r->last, b)))
        flush(g);
    if (r->n == 0) {
        r->box = r->first = *b;
    } else {
        r->box = (struct box){fminf(r->box.x0, b->x0), fminf(r->box.y0, b->y0),
                              fmaxf(r->box.x1, b->x1), fmaxf(r->box.y1, b->y1)};
    }
    r->last = *b;
    memcpy(r->text + r->n, out, n);
    r->n += n;
    r->chars++;
    count(g, cp);
}

static struct box turn_box(struct box b, float w, float h, int turns)
{
    switch (turns) {
    case 1: /* text runs down: turn a quarter against the clock */
        return (struct box){b.y0, w - b.x1, b.y1, w - b.x0};
    case 2:
        return (struct box){w - b.x1, h - b.y1, w - b.x0, h - b.y0};
    case 3:
        return (struct box){h - b.y1, b.x0, h - b.y0, b.x1};
    default:
        return b;
    }
}

/* Quarter turns clockwise that were applied, from the way the text runs. */
static void turn_upright(struct group *g)
{
    size_t all = g->turned[0] + g->turned[1] + g->turned[2] + g->turned[3];
    int way = 0;
    for (int i = 1; i < 4; i++)
        if (g->turned[i] * 10 > all * 7)
            way = i;
    if (way == 0 || all < 20)
        return;
    struct page *p = g->page;
    for (uint32_t i = 0; i < p->n_words; i++)
        p->words[i].box = turn_box(p->words[i].box, p->width, p->height, way);
    if (way != 2) {
        float w = p->width;
        p->width = p->height;
        p->height = w;
    }
    p->rotation = (4 - way) % 4;
}

/* Fonts without a table of characters give glyph codes: letters without
 * vowels, or private and unknown characters. */
static bool is_meaningful(const struct group *g)
{
    size_t useful = g->letters + g->digits;
    if (useful == 0 || g->others > 2 * useful + 20)
        return false;
    return g->letters < MIN_LETTERS || g->vowels * 100 >= g->letters * 15;
}

bool words_group(struct arena *a, const char *text, const struct box *boxes,
                 size_t n, struct page *out)
{
    struct group g = {.a = a, .page = out};
    size_t cap = n < MAX_WORDS ? n : MAX_WORDS;
    out->words = ARENA_ARRAY(a, cap, struct word);
    out->n_words = 0;
    const char *s = text;
    for (size_t i = 0; i < n && *s; i++) {
        uint32_t cp = str_utf8_next(&s);
        if (words_is_space(cp))
            flush(&g);
        else
            put_char(&g, cp, &boxes[i]);
    }
    flush(&g);
    if (!is_meaningful(&g)) {
        out->n_words = 0;
        return false;
    }
    turn_upright(&g);
    return true;
}
