/* Lists of the record: billed lines, VAT rows and meters. See compare.h for
 * how they are matched and counted. */
#pragma once
#include <jansson.h>
#include "invoice/invoice.h"
#include "score.h"

void entries_lines(struct arena *a, struct score *s, const json_t *wanted,
                   const struct invoice *inv);
void entries_vat(struct arena *a, struct score *s, const json_t *wanted,
                 const struct invoice *inv);
void entries_meters(struct arena *a, struct score *s, const json_t *wanted,
                    const struct invoice *inv);
