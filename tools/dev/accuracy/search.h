/* Looks for identifying strings in a finished PDF the way a curious reader
 * would: its text, every decompressed stream, its metadata, and what OCR
 * sees on the drawn pages. Independent of the gate that guards the report. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include "base/arena.h"

struct search_terms {
    const char *text[32];
    size_t n;
};

/* The identifying values of an expected record and of its supplier. */
void search_terms(struct arena *a, const json_t *expected,
                  const json_t *supplier, struct search_terms *out);
/* Prints each term found and where; returns how many were found. OCR goes
 * through the document parent and is left out when with_ocr is false.
 * A PDF that cannot be searched counts as one. */
size_t search_pdf(struct arena *a, const char *document, struct bytes pdf,
                  const struct search_terms *terms, bool with_ocr);
/* True when the text of a report that is not anonymised holds one of them:
 * else the search itself would be blind. */
bool search_sees(struct arena *a, struct bytes pdf,
                 const struct search_terms *terms);
