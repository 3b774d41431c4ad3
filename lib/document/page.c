/* The flat form of a page is written by a sandboxed child and read by a
 * responder: whatever it says is checked before it is believed. */
#include "document/page.h"
#include <math.h>
#include <string.h>
#include "base/buf.h"
#include "base/str.h"
#include "base/banned.h"

enum {
    MAGIC = 0x31475043, /* "CPG1" */
    MAX_WORDS = 60000,
    MAX_TEXT = 512, /* bytes of one word */
    MAX_NUMBER = 100000
};
/* Points: PDF allows 14,400 a side; UserUnit and stray boxes reach further. */
#define MAX_SIDE  100000.0f
#define MAX_COORD 1000000.0f

struct head {
    uint32_t magic;
    int32_t number;
    float width, height, skew;
    uint8_t source, rotation, conf, spare;
    char lang[4];
    uint32_t n_words;
};

struct item {
    struct box box;
    uint16_t len;
    uint8_t conf, spare;
};

void page_pack(struct buf *out, const struct page *p)
{
    struct head h = {.magic = MAGIC,
                     .number = p->number,
                     .width = p->width,
                     .height = p->height,
                     .skew = p->skew,
                     .source = (uint8_t)p->source,
                     .rotation = (uint8_t)p->rotation,
                     .conf = p->conf,
                     .n_words = p->n_words};
    memcpy(h.lang, p->lang, sizeof h.lang);
    buf_add(out, &h, sizeof h);
    for (uint32_t i = 0; i < p->n_words; i++) {
        const struct word *w = &p->words[i];
        size_t len = strlen(w->text);
        if (len > MAX_TEXT)
            out->failed = true;
        struct item it = {.box = w->box, .len = (uint16_t)len, .conf = w->conf};
        buf_add(out, &it, sizeof it);
        buf_add(out, w->text, len);
    }
}

static bool within(float v, float lo, float hi)
{
    return isfinite(v) && v >= lo && v <= hi;
}

static bool take(struct bytes *in, void *out, size_t n)
{
    if (in->n < n)
        return false;
    memcpy(out, in->p, n);
    in->p += n;
    in->n -= n;
    return true;
}

static bool box_ok(const struct box *b)
{
    return within(b->x0, -MAX_COORD, MAX_COORD) &&
           within(b->y0, -MAX_COORD, MAX_COORD) &&
           within(b->x1, b->x0, MAX_COORD) && within(b->y1, b->y0, MAX_COORD);
}

/* A word is printable text without white space. */
static bool text_ok(const char *s, size_t n)
{
    if (strlen(s) != n || !str_utf8_ok(s, n))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)s[i] <= 0x20 || s[i] == 0x7f)
            return false;
    return true;
}

static bool take_word(struct arena *a, struct bytes *in, struct word *out)
{
    struct item it;
    if (!take(in, &it, sizeof it) || it.len == 0 || it.len > MAX_TEXT ||
        it.len > in->n || it.conf > 100 || !box_ok(&it.box))
        return false;
    const char *text = arena_strndup(a, (const char *)in->p, it.len);
    in->p += it.len;
    in->n -= it.len;
    *out = (struct word){.text = text, .box = it.box, .conf = it.conf};
    return text_ok(text, it.len);
}

static bool lang_ok(const char lang[4])
{
    static const char known[][4] = {"", "fra", "eng"};
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (memcmp(lang, known[i], 4) == 0)
            return true;
    return false;
}

static bool head_ok(const struct head *h, size_t rest)
{
    return h->magic == MAGIC && h->number >= 1 && h->number <= MAX_NUMBER &&
           within(h->width, 0, MAX_SIDE) && within(h->height, 0, MAX_SIDE) &&
           within(h->skew, -90, 90) && h->source <= PAGE_OCR &&
           h->rotation <= 3 && h->conf <= 100 && lang_ok(h->lang) &&
           h->n_words <= MAX_WORDS &&
           rest / (sizeof(struct item) + 1) >= h->n_words;
}

bool page_unpack(struct arena *a, struct bytes in, struct page *out)
{
    struct head h;
    if (!take(&in, &h, sizeof h) || !head_ok(&h, in.n))
        return false;
    *out = (struct page){.number = h.number,
                         .width = h.width,
                         .height = h.height,
                         .source = (enum page_source)h.source,
                         .rotation = h.rotation,
                         .skew = h.skew,
                         .conf = h.conf,
                         .n_words = h.n_words};
    memcpy(out->lang, h.lang, sizeof out->lang);
    out->words = ARENA_ARRAY(a, h.n_words, struct word);
    for (uint32_t i = 0; i < h.n_words; i++)
        if (!take_word(a, &in, &out->words[i]))
            return false;
    return in.n == 0;
}
