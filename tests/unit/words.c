#include "document/words.h"
#include "base/str.h"
#include "tap.h"

/* Characters 6 points wide and 10 high, one line per '\n'. */
static bool group(struct arena *a, const char *text, struct page *out)
{
    static struct box boxes[4096];
    size_t n = 0;
    float x = 0, y = 0;
    for (const char *s = text; *s && n < ARRAY_LEN(boxes);) {
        uint32_t cp = str_utf8_next(&s);
        boxes[n++] = (struct box){x, y, x + 6, y + 10};
        x = cp == '\n' ? 0 : x + 6;
        y = cp == '\n' ? y + 12 : y;
    }
    *out = (struct page){.width = 600, .height = 800};
    return words_group(a, text, boxes, n, out);
}

static void spaces(struct arena *a)
{
    struct page p;
    tap_ok(group(a, "Total TTC\n1\u00a0234,56\u202f€", &p), "grouped");
    tap_is_int(p.n_words, 5, "no-break and thin spaces part words");
    tap_is_str(p.words[1].text, "TTC", "second word");
    tap_is_str(p.words[3].text, "234,56", "fourth word");
    tap_ok(p.words[1].box.x0 == 36 && p.words[1].box.x1 == 54, "box");
    tap_ok(p.words[2].box.y0 == 12 && p.words[2].box.y1 == 22, "next line");
}

static void spelling(struct arena *a)
{
    struct page p;
    tap_ok(group(a, "e\ufb03cace \ufb01n consom\u00admation \u200bx", &p),
           "grouped");
    tap_is_str(p.words[0].text, "efficace", "ligature of three");
    tap_is_str(p.words[1].text, "fin", "ligature of two");
    tap_is_str(p.words[2].text, "consommation", "soft hyphen dropped");
    tap_is_str(p.words[3].text, "x", "mark without width dropped");
}

static void gaps(struct arena *a)
{
    struct box boxes[] = {{0, 0, 6, 10},
                          {6, 0, 12, 10},
                          {60, 0, 66, 10},
                          {66, 0, 72, 10},
                          {0, 40, 6, 50}};
    struct page p = {.width = 600, .height = 800};
    tap_ok(words_group(a, "abcde", boxes, 5, &p), "grouped");
    tap_is_int(p.n_words, 3, "gaps and line changes part words");
    tap_is_str(p.words[1].text, "cd", "the column's word");
}

static void turned(struct arena *a)
{
    const char *text = "Facture électricité numéro";
    struct box boxes[64];
    size_t n = 0;
    for (const char *s = text; *s; str_utf8_next(&s), n++)
        boxes[n] = (struct box){100, 500 - 6.0f * (float)n - 6, 110,
                                500 - 6.0f * (float)n};
    struct page p = {.width = 600, .height = 800};
    tap_ok(words_group(a, text, boxes, n, &p), "text that runs up");
    tap_is_int(p.rotation, 1, "one quarter turn clockwise");
    tap_ok(p.width == 800 && p.height == 600, "the page lies");
    struct box b = p.words[0].box;
    tap_ok(b.x0 == 300 && b.x1 == 342 && b.y0 == 100 && b.y1 == 110,
           "boxes are turned with it");
    for (size_t i = 0; i < n; i++)
        boxes[i] = (struct box){100, 6.0f * (float)i, 110, 6.0f * (float)i + 6};
    p = (struct page){.width = 600, .height = 800};
    tap_ok(words_group(a, text, boxes, n, &p) && p.rotation == 3,
           "text that runs down");
    b = p.words[0].box;
    tap_ok(b.x0 == 0 && b.x1 == 42 && b.y0 == 490 && b.y1 == 500, "its boxes");
    for (size_t i = 0; i < n; i++)
        boxes[i] = (struct box){500 - 6.0f * (float)i - 6, 100,
                                500 - 6.0f * (float)i, 110};
    p = (struct page){.width = 600, .height = 800};
    tap_ok(words_group(a, text, boxes, n, &p) && p.rotation == 2 &&
               p.width == 600,
           "text upside down");
}

static void garbage(struct arena *a)
{
    struct page p;
    tap_ok(!group(a, " \n  \n", &p) && !p.n_words, "white space only");
    tap_ok(!group(a,
                  "\ufffd\ufffd\ufffd \ue001\ue002\ue003\ue004\ue005\ue006"
                  "\ufffd\ufffd\ufffd\ufffd a",
                  &p),
           "unknown and private characters");
    char codes[400];
    for (int i = 0; i < 399; i++)
        codes[i] = i % 9 == 8 ? ' ' : "KWTHFGDX"[i % 8];
    codes[399] = '\0';
    tap_ok(!group(a, codes, &p), "letters without vowels are glyph codes");
    tap_ok(group(a, "12 345,67 89,01 TVA HT TTC kWh", &p),
           "a short table of numbers is text");
}

int main(void)
{
    struct arena *a = arena_new(65536);
    spaces(a);
    spelling(a);
    gaps(a);
    turned(a);
    garbage(a);
    struct page p;
    char *huge = arena_alloc(a, 3000);
    memset(huge, 'a', 2999);
    tap_ok(group(a, huge, &p) && p.n_words == 7, "an endless word is cut");
    arena_free(a);
    return tap_done();
}
