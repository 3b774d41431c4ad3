/* Words of a page's picture by Tesseract (LSTM, French; English when French
 * reads badly). */
#pragma once
#include "document/document.h"

struct Pix;
/* Loads the French model once, in the parent; children inherit it. False
 * when it is not installed. */
MUST_CHECK bool ocr_init(void);
/* Frees the models. */
void ocr_end(void);
/* Reads *pix (8-bit grey, replaced while it is turned upright and deskewed)
 * taken at dpi into out: words, size, rotation, skew, confidence, language.
 * out->number is kept. */
MUST_CHECK enum err ocr_read(struct arena *a, struct Pix **pix, float dpi,
                             struct page *out);
