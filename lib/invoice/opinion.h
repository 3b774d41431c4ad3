/* What the language model says of an invoice, in the record's own terms, each
 * value with the evidence found for it. */
#pragma once
#include <jansson.h>
#include "invoice/invoice.h"
#include "invoice/quote.h"
#include "invoice/redact.h"

/* One field. verified: its quote is printed where it says, and says it. */
struct opinion_value {
    bool given, verified;
    bool impossible; /* fails its own format: Luhn, number of digits */
    struct value v;
};

struct opinion_line {
    enum component component;
    bool verified; /* label and amount are printed in one row */
    int64_t amount_cents;
    struct line line;
};

struct opinion {
    struct opinion_value f[F_MAX];
    struct opinion_line *lines;
    size_t n_lines;
};

/* answer fits extraction_schema.json. marks restores what was redacted, and
 * may be NULL. Confidence: 0.80 times that of the quoted words, 0.25 for what
 * is not verified. */
RETURNS_NONNULL struct opinion *opinion_read(struct arena *a,
                                             const json_t *answer,
                                             const struct layout *l,
                                             const struct redact *marks);
