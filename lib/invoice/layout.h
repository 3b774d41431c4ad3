/* Words with boxes -> printed rows, cells and tokens: what the readers of
 * fields, tables and meters walk over. */
#pragma once
#include "invoice/invoice.h"

/* A word of the row: bytes from..to of its text. */
struct piece {
    uint32_t from, to;
    struct box box;
    uint8_t conf;
};

/* Words that belong together: a wide gap starts the next cell (a tab in the
 * row's text). */
struct cell {
    uint32_t from, to;
    float x0, x1, y0, y1;
};

/* A run of letters and digits, folded to lower-case ASCII; articles and
 * possessives are left out, "numéro" and "n°" are both "n". */
struct token {
    const char *text;
    uint16_t len;
    uint32_t from, to;
};

struct row {
    int page; /* from 1 */
    bool ocr;
    struct box box;
    const char *text; /* normalised; words joined by space or tab */
    uint32_t len;
    struct piece *pieces;
    uint32_t n_pieces;
    struct cell *cells;
    uint32_t n_cells;
    struct token *tokens;
    uint32_t n_tokens;
};

struct layout {
    struct row *rows; /* by page, then from top to bottom */
    size_t n_rows;
    float *heights; /* of pages, by number - 1 */
    int n_pages;
};

/* Rows of every page; words beyond the limits in layout.c are left out. */
RETURNS_NONNULL struct layout *layout_build(struct arena *a,
                                            const struct document *doc);
/* Folded tokens of any normalised text; *n says how many. */
struct token *layout_tokens(struct arena *a, const char *text, uint32_t *n);
/* Box, page, quote and OCR confidence of bytes from..to of a row; conf is
 * the confidence before OCR is taken into account. */
struct evidence layout_evidence(struct arena *a, const struct row *row,
                                uint32_t from, uint32_t to, int conf);
/* The cell that holds a byte, or the last one before it. */
uint32_t layout_cell(const struct row *row, uint32_t at);
/* Left and right edge of the words in from..to. */
void layout_extent(const struct row *row, uint32_t from, uint32_t to,
                   float *x0, float *x1);
/* Lowest OCR confidence (0-100) of the words in from..to. */
uint8_t layout_conf(const struct row *row, uint32_t from, uint32_t to);
/* Which digits in from..to OCR doubts: bit k is the k-th from the right. 0 on
 * a text layer. */
uint32_t layout_ink(const struct row *row, uint32_t from, uint32_t to);
/* How many letters bytes from..to of a text hold. */
uint32_t layout_letters(const char *text, uint32_t from, uint32_t to);
