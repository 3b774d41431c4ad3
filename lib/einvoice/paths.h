/* Where each syntax writes the terms: tables, no code. */
#pragma once
#include "einvoice/einvoice.h"

/* What decides about an element beside its path. */
enum paths_rule {
    PATHS_PLAIN,
    PATHS_VAT_ID,   /* taken when its schemeID is VA, or it begins with the
                       two letters of a country when there is none */
    PATHS_CURRENCY, /* taken when currencyID is BT-5 or absent */
    PATHS_TOTAL_VAT /* the same, else it is BT-111 */
};

struct paths_row {
    const char *path; /* below the root, shortened by the aliases */
    enum einvoice_term term;
    enum paths_rule rule;
    int unit; /* term of the attribute unitCode + 1, or 0 */
};

/* An element whose every occurrence is a new VAT row, line… BOTH waits for
 * the indicator to tell an allowance from a charge. */
struct paths_group {
    const char *path;
    enum { PATHS_VAT, PATHS_LINE, PATHS_CHARGE, PATHS_BOTH } kind;
};

struct paths {
    enum einvoice_syntax syntax;
    const char *root, *space;         /* local name, start of the namespace */
    const struct paths_row *rows;     /* ended by a row without path */
    const struct paths_group *groups; /* likewise */
    bool aliases; /* names of CII and its relatives are shortened */
};

/* The table for a root element, or NULL. */
const struct paths *paths_find(const char *space, const char *local);
/* The short name of an element of CII, ZUGFeRD 1 or Order-X, or the name. */
const char *paths_alias(const char *local);
/* The row or group of a path, or NULL. */
const struct paths_row *paths_row(const struct paths *p, const char *path);
const struct paths_group *paths_group(const struct paths *p, const char *path);
