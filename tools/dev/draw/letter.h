/* Layout 4: a plain letter without a table of lines: each billed line takes
 * two rows, the amount beside its name and the reckoning below. */
#pragma once
#include "paper.h"
#include "sample.h"

void letter_page(struct paper *p, const struct sample *s, size_t index);
