/* From sheets of text to the tables of struct reference. */
#pragma once
#include "invoice/reference.h"
#include "invoice/sheet.h"
#include "store/db.h"

/* One loadable table: the seed file's name without ".tsv", the statement
 * that reads the same columns, and what they become. */
struct reference_load {
    const char *name;
    const struct db_query *query;
    bool (*fill)(struct reference *r, const struct sheet *s);
    bool optional; /* the file may be absent */
};
extern const struct reference_load reference_load_tables[];
extern const size_t reference_load_n_tables;

/* Computes what depends on all tables (the *_until days). */
void reference_load_finish(struct reference *r);
/* Appends the rows of one more supplier sheet. */
MUST_CHECK bool reference_load_suppliers(struct reference *r,
                                         const struct sheet *s);
