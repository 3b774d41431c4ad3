/* What a value looks like, a parser a field. Where it stands is the affair
 * of reader_search.c. */
#pragma once
#include "invoice/reader.h"

/* Text in which a value may stand. */
struct span {
    const struct row *row;
    uint32_t row_index, from, to;
    bool strict; /* right behind its label or at the start of a cell */
    bool below;
};

typedef bool parse_fn(struct reader *r, const struct span *s,
                      struct candidate *c);

/* The parser of a labelled field (or SAYS_PERIOD); NULL for none. */
parse_fn *parse_for(int says);
bool parse_is_money(int says);
/* Free text ends where anything else may begin: it needs a clean place. */
bool parse_is_free_text(int says);
/* No letter and no digit in bytes from..to. */
bool parse_blank(const char *t, uint32_t from, uint32_t to);
/* True when a label of any field stands at byte at of the span's row. */
bool parse_at_label(const struct reader *r, const struct span *s, uint32_t at);
