/* Real EDF pages (2016-2018) drawn from their text: what a few of their
 * values must be, mapped to our record. */
#pragma once
#include <jansson.h>
#include "invoice/invoice.h"
#include "score.h"

/* expected: the entry of the page. printed tells whether the page's words
 * hold a text: a supplier that the page does not name is not asked for. */
void edf_compare(struct arena *a, struct score *s, const json_t *expected,
                 const struct document *doc, const struct invoice *inv);
