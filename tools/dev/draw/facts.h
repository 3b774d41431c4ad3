/* The references and terms on the first page, as label and value pairs. */
#pragma once
#include "sample.h"

enum { FACTS_MAX = 32 };
/* The wording of layout 2 (labels above values), 3 (a sidebar) or 4 (a
 * letter). */
enum facts_wording { WORDING_BOXED, WORDING_SIDEBAR, WORDING_LETTER };

struct fact {
    const char *label, *value;
    bool is_reference; /* a number to quote when calling, not a term */
};

/* Fills out in printing order and returns how many. */
size_t facts_list(const struct sample *s, enum facts_wording wording,
                  struct fact out[FACTS_MAX]);
