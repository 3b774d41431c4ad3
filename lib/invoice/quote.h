/* Evidence: whether words that somebody quotes are printed on a page, and
 * whether they say the value they are quoted for. */
#pragma once
#include "invoice/layout.h"

struct quotes;

/* Where a quote was found: bytes from..to of a row (its first one). */
struct quote_place {
    uint32_t row, from, to;
    int16_t ocr_pm; /* mean confidence of its words, per mille */
};

/* The pages' characters without white space; l must outlive the result. */
RETURNS_NONNULL struct quotes *quote_index(struct arena *a,
                                           const struct layout *l);
/* Looks for a quote on a page (from 1), white space apart. On OCR pages up to
 * two characters may differ (one in short quotes), but never a digit from
 * another digit, a sign or a comma. A match that would cut a printed number
 * is none. */
MUST_CHECK bool quote_find(struct arena *a, const struct quotes *q, int page,
                           const char *quote, struct quote_place *out);
/* Whether the value of a field can be read from the quote: text (letters and
 * digits, accents and case apart), or num in the field's own scale. */
MUST_CHECK bool quote_says(struct arena *a, enum field_type type,
                           const char *text, int64_t num, const char *quote);
/* Letters and digits only, folded: for comparing names and numbers. */
RETURNS_NONNULL const char *quote_squeeze(struct arena *a, const char *s);
