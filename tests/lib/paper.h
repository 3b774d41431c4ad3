/* A document from plain text: one character is a box of 5 x 10 points, two
 * spaces part cells, a form feed starts the next page. For tests and for
 * reading text by hand. */
#pragma once
#include <string.h>
#include "document/page.h"

static inline bool paper_space(const char *s)
{
    return *s == ' ' || *s == '\n' || *s == '\f';
}

static inline void paper_page(struct arena *a, struct page *p, int number,
                              const char *text, size_t n, bool ocr)
{
    p->number = number;
    p->width = 595;
    p->height = 842;
    p->source = ocr ? PAGE_OCR : PAGE_TEXT;
    p->words = ARENA_ARRAY(a, n / 2 + 1, struct word);
    float x = 20, y = 20;
    for (const char *s = text; s < text + n;) {
        size_t len = 0, letters = 0;
        while (s + len < text + n && !paper_space(s + len))
            letters += ((unsigned char)s[len++] & 0xC0) != 0x80;
        if (len) {
            struct box b = {x, y, x + 5 * (float)letters, y + 10};
            p->words[p->n_words++] =
                (struct word){
                arena_strndup(a, s, len), b, ocr ? 95 : 100};
        }
        x += 5 * (float)letters;
        s += len;
        if (s < text + n) {
            x = *s == '\n' ? 20 : x + 5;
            y += *s == '\n' ? 12 : 0;
            s++;
        }
    }
    if (y > p->height)
        p->height = y + 40;
}

static inline struct document *paper_read(struct arena *a, const char *text,
                                          bool ocr)
{
    struct document *doc = ARENA_NEW(a, struct document);
    doc->pages = ARENA_ARRAY(a, 32, struct page);
    while (*text && doc->n_pages < 32) {
        size_t n = strcspn(text, "\f");
        paper_page(a, &doc->pages[doc->n_pages], (int)doc->n_pages + 1, text,
                   n, ocr);
        doc->n_pages++;
        doc->ocr_pages += ocr;
        text += n + (text[n] == '\f');
    }
    return doc;
}
