#include "invoice/layout.h"
#include "paper.h"
#include "tap.h"

static struct arena *mem;

static struct word word(const char *text, float x, float y, float w, float h)
{
    return (struct word){text, {x, y, x + w, y + h}, 90};
}

static struct layout *build(struct word *words, uint32_t n, bool ocr)
{
    struct page *p = ARENA_NEW(mem, struct page);
    *p = (struct page){.number = 1, .width = 595, .height = 842,
                       .source = ocr ? PAGE_OCR : PAGE_TEXT, .words = words,
                       .n_words = n};
    struct document doc = {.pages = p, .n_pages = 1};
    return layout_build(mem, &doc);
}

static void rows(void)
{
    struct word w[] = {
        word("145,50", 300, 101, 30, 10), word("Total", 20, 100, 25, 10),
        word("€", 333, 101, 6, 10),       word("TTC", 48, 100, 20, 10),
        word("dessous", 20, 113, 40, 10),
    };
    struct layout *l = build(w, 5, false);
    tap_is_int(l->n_rows, 2, "two rows whatever the order of the words");
    tap_is_str(l->rows[0].text, "Total TTC\t145,50 €", "a gap parts cells");
    tap_is_int(l->rows[0].n_cells, 2, "two cells");
    tap_is_int(layout_cell(&l->rows[0], 12), 1, "the cell of a byte");
    struct evidence ev = layout_evidence(mem, &l->rows[0], 10, 16, 800);
    tap_is_str(ev.quote, "145,50", "evidence quotes");
    tap_is_int(ev.conf, 720, "and counts the words' confidence");
    tap_ok(ev.box.x0 == 300 && ev.box.x1 == 330 && ev.page == 1, "and box");
}

static void slope(void)
{
    struct word w[12];
    for (int i = 0; i < 12; i++) /* falls by its own height along the row */
        w[i] = word(i % 2 ? "bb" : "aa", 20.0f + 40.0f * (float)i,
                    100.0f + 0.9f * (float)i, 30, 10);
    tap_is_int(build(w, 12, true)->n_rows, 1, "a sloping row stays one row");
}

static void noise(void)
{
    struct word w[20];
    uint32_t n = 0;
    w[n++] = word("|", 10, 100, 2, 10);
    w[n++] = word("SPÉCIMEN", 10, 60, 400, 300);
    w[n++] = word("Total", 20, 100, 25, 10);
    for (int i = 0; i < 5; i++)
        w[n++] = word("mot", 20.0f + 30.0f * (float)i, 130, 25, 10);
    w[n++] = word("vertical", 590, 300, 8, 60);
    w[n++] = word("....", 60, 100, 90, 10);
    struct layout *l = build(w, n, false);
    tap_is_str(l->rows[0].text, "Total", "frames, dots, giants are left out");
    tap_is_int(l->n_rows, 2, "so is text on its side");
    struct word column[12];
    for (int i = 0; i < 12; i++)
        column[i] = word("20", 500, 100.0f + 12.0f * (float)i, 12, 10);
    tap_is_int(build(column, 12, false)->n_rows, 12, "a column of rates stays");
    for (int i = 0; i < 12; i++)
        column[i] = word("r", 5, 100.0f + 6.0f * (float)i, 6, 5);
    tap_is_int(build(column, 12, false)->n_rows, 0, "a stack of letters goes");
}

static void mending(void)
{
    struct word w[] = {word("6", 20, 100, 5, 10), word("KVA", 30, 100, 20, 10),
                       word("—", 54, 100, 5, 10),
                       word("145:50€", 63, 100, 30, 10)};
    tap_is_str(build(w, 4, true)->rows[0].text, "6 kVA – 145,50€",
               "OCR's units, dashes and colons are mended");
    tap_is_str(build(w, 4, false)->rows[0].text, "6 KVA — 145:50€",
               "a text layer is taken as it is");
}

static void tokens(void)
{
    uint32_t n;
    struct token *t = layout_tokens(mem, "N° de la T.V.A. (d'Électricité)", &n);
    tap_is_int(n, 3, "articles are left out");
    tap_is_str(t[0].text, "n", "a number sign");
    tap_is_str(t[1].text, "tva", "initials are one word");
    tap_is_str(t[2].text, "electricite", "folded");
    layout_tokens(mem, "", &n);
    tap_is_int(n, 0, "no text, no token");
}

static void limits(void)
{
    struct word w[] = {{"a", {0.0f / 0.0f, 0, 1, 1}, 90},
                       {"", {0, 0, 1, 1}, 90},
                       {"b", {5, 5, 1, 1}, 90}};
    tap_is_int(build(w, 3, false)->n_rows, 0, "broken words are left out");
    struct document none = {0};
    tap_is_int(layout_build(mem, &none)->n_rows, 0, "no page, no row");
}

int main(void)
{
    mem = arena_new(1 << 16);
    rows();
    slope();
    noise();
    mending();
    tokens();
    limits();
    arena_free(mem);
    return tap_done();
}
