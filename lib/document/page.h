/* What a document says: pages of words with boxes. Everything after the
 * sandbox works on this and never on the document itself. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"

/* PDF points (1/72 inch), origin at the top left of the upright page. */
struct box {
    float x0, y0, x1, y1;
};

/* A run of characters without white space. */
struct word {
    const char *text; /* UTF-8, never empty */
    struct box box;
    uint8_t conf; /* 0-100: OCR's own confidence; 100 for a text layer */
};

enum page_source { PAGE_TEXT, PAGE_OCR };

struct page {
    int number; /* from 1, in the order of the request's files */
    float width, height;
    enum page_source source;
    int rotation;       /* quarter turns applied to make it upright, 0-3 */
    float skew;         /* degrees corrected */
    uint8_t conf;       /* mean word confidence, 0-100 */
    char lang[4];       /* "fra" or "eng" for OCR */
    struct word *words; /* in no promised order: rebuild lines from boxes */
    uint32_t n_words;
};

struct document {
    struct page *pages;
    uint32_t n_pages;
    uint32_t ocr_pages;
    bool has_javascript; /* a flag for the report; never executed */
    struct einvoice *einvoice; /* attached to the PDF, or NULL */
};

/* Flat form passed between processes: no pointers, checked when read. */

/* Appends one page to out (a struct buf); fails by buf_ok. */
struct buf;
void page_pack(struct buf *out, const struct page *p);
/* Reads one page from untrusted bytes; false when they are not exactly one
 * well-formed page within the limits of page.c. Strings live in a. */
MUST_CHECK bool page_unpack(struct arena *a, struct bytes in, struct page *out);
