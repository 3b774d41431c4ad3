/* Layout 3: references in a narrow column on the left whose lines fall
 * between those of the text, totals first, dot leaders, dates in words. */
#pragma once
#include "paper.h"
#include "sample.h"

void sidebar_page(struct paper *p, const struct sample *s, size_t index);
