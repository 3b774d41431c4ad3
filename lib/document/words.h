/* From characters with boxes to words with boxes. */
#pragma once
#include "document/page.h"

/* Groups the n characters of text (UTF-8, one box each, in writing order)
 * into out->words by white space and gaps. A page whose text runs mostly
 * along another axis is turned upright: out->width, height, rotation and all
 * boxes follow. Text that carries no information (no letters or digits, or
 * codes instead of letters) leaves no words and returns false. */
bool words_group(struct arena *a, const char *text, const struct box *boxes,
                 size_t n, struct page *out);
/* Appends the readable form of one code point: ligatures are spelt out,
 * controls, soft hyphens and marks without width are dropped. Returns the
 * number of bytes written (0-4). */
size_t words_spell(char out[4], uint32_t cp);
/* White space of any width, also no-break and thin spaces. */
bool words_is_space(uint32_t cp);
