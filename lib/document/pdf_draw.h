/* A PDF page as seen: what is drawn on it, and its pixels for OCR. */
#pragma once
#include "document/page.h"

struct _PopplerPage;

/* Share of the page that images cover, 0 to 1 (the largest image counts,
 * or the sum of smaller ones). */
float pdf_draw_image_cover(struct _PopplerPage *page);
/* True when drawing the page shows glyphs: invisible text shows none. */
bool pdf_draw_has_glyphs(struct _PopplerPage *page);
/* True when a small drawing of the page has one colour only. */
bool pdf_draw_is_blank(struct _PopplerPage *page);

/* The page in 8-bit grey at dpi, or less when that would exceed max_pixels or
 * what cairo can hold; *dpi says which it was. The caller destroys the PIX;
 * NULL when cairo refuses. */
struct Pix *pdf_draw_grey(struct _PopplerPage *page, uint64_t max_pixels,
                          float *dpi);
