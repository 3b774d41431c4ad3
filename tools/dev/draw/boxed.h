/* Layout 2: issuer left, customer right, labels above values, boxed totals,
 * the period in a column of its own. */
#pragma once
#include "paper.h"
#include "sample.h"

void boxed_page(struct paper *p, const struct sample *s, size_t index);
/* Name and address of the customer as on the envelope, one under another. */
void boxed_address(struct paper *p, const struct sample *s, float x, float y,
                   float pt);
