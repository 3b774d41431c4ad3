/* Layout 1: the lines of the samples file at its tab stops. */
#pragma once
#include "paper.h"
#include "sample.h"

void tabs_page(struct paper *p, const struct sample *s, size_t index);
/* The small print of a page (notes, issuer, page number) from y downwards,
 * as every layout has it; returns where it ended. */
float tabs_small_print(struct paper *p, const struct sample *s, size_t index,
                       float x, float width, float y);
