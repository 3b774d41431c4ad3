/* The pages of a random invoice as lines of text, for layout 1; the other
 * layouts take titles, addresses and small print from them. */
#pragma once
#include "sample.h"

/* parts: 1, or 2 energies. Sets the invoice's pages and the file's tabs. */
void random_pages(struct sample *s, uint32_t seed, size_t parts);
