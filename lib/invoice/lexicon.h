/* The words printed on invoices: label, component, register and column
 * phrases. They are data (rows of patterns.tsv whose regex is a plain list
 * a|b|c), found here by tokens so that thousands of comparisons stay cheap
 * and OCR's slips are forgiven. */
#pragma once
#include "invoice/layout.h"
#include "invoice/reference.h"

/* What a phrase says. Field labels are their enum field_id. */
enum meaning {
    SAYS_FIELD = 0, /* + enum field_id */
    SAYS_PERIOD = F_MAX,
    SAYS_INDEX_START,
    SAYS_INDEX_END,
    SAYS_INDEX,
    SAYS_REFUND,    /* what is due, to the customer */
    SAYS_SUBTOTAL,  /* a part of the invoice: never a total */
    SAYS_NOTHING,   /* hides labels that it contains */
    SAYS_COMPONENT, /* + enum component */
    SAYS_ELEC = SAYS_COMPONENT + COMP_MAX,
    SAYS_GAS,
    SAYS_FOREIGN,
    SAYS_REGISTER,                    /* + index of lexicon_register */
    SAYS_COLUMN = SAYS_REGISTER + 16, /* + enum column */
    SAYS_PAPER = SAYS_COLUMN + 12,    /* + enum paper */
    SAYS_MAX = SAYS_PAPER + 8,
    SAYS_MENTION = SAYS_MAX /* + enum mention_id, in a lexicon apart */
};

enum column {
    COL_LABEL,
    COL_QUANTITY,
    COL_PRICE,
    COL_AMOUNT,
    COL_TTC,
    COL_RATE,
    COL_PERIOD,
    COL_VAT,
    COL_MAX
};

struct phrase {
    uint16_t says; /* enum meaning */
    uint8_t n_tokens, letters;
    bool fuzzy;          /* long and plain enough to be found with errors */
    const char *joined;  /* the tokens without spaces */
    const uint8_t *ends; /* where each token ends in joined */
    struct phrase *next; /* same first token */
};

struct lexicon {
    struct phrase *phrases;
    size_t n;
    int first_kind, last_kind; /* those of one kind compete for words */
    bool in_cell;              /* phrases do not go on in the next cell */
    struct phrase *table[512];
};

/* A phrase found in a row: tokens from..to-1. */
struct hit {
    uint16_t says;
    uint8_t errors; /* letters that OCR got wrong */
    uint32_t row, from, to;
};

/* "BASE", "HP", ...; NULL past the end. */
const char *lexicon_register(unsigned i);
/* The phrases of ref. These and the next two are made at the first call and
 * kept as long as ref; in a when ref was made by hand. */
RETURNS_NONNULL const struct lexicon *lexicon_new(struct arena *a,
                                                  const struct reference *ref);
/* Those of mentions, which compete with no others. */
RETURNS_NONNULL const struct lexicon *lexicon_mentions(
    struct arena *a, const struct reference *ref);
/* The phrases of invoices of any trade: rows `general_ROLE_LANGUAGE`; a hit
 * says the index of its role in roles (n of them, always the same). */
RETURNS_NONNULL const struct lexicon *lexicon_new_roles(
    struct arena *a, const struct reference *ref, const char *const *roles,
    size_t n);
/* Appends what a row says to hits (at most max) and returns how many there
 * are then; the longest phrase of each kind wins. */
size_t lexicon_find(const struct lexicon *lex, const struct row *row,
                    uint32_t row_index, struct hit *hits, size_t n, size_t max);
