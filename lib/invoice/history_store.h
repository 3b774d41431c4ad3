/* The memory of earlier invoices, in PostgreSQL: on only with INVOICE_STORE
 * and RETENTION, by owner, points and numbers as keyed hashes. */
#pragma once
#include "base/err.h"
#include "document/document.h"
#include "invoice/history.h"
#include "store/db.h"

/* Who asks, where it is kept, and for how long. */
struct history_store {
    struct db *db;
    const char *owner;
    int64_t days;
};

/* What is wrong with INVOICE_STORE, RETENTION and HISTORY_KEY, a sentence for
 * the operator, or NULL. */
const char *history_store_problem(void);
/* False when nothing is to be kept, else *out is set; both texts must live
 * as long as *out. */
bool history_store_is_on(struct db *db, const char *owner,
                         struct history_store *out);
/* Keyed hash of a text of that kind ("point", "number", "file"): 64 hex
 * digits in a, "" for an empty text. Letters and digits alone count. */
RETURNS_NONNULL const char *history_store_hash(struct arena *a,
                                               const char *kind,
                                               const char *text);
/* One hash for all files of a request, in their order. */
RETURNS_NONNULL const char *history_store_files(struct arena *a,
                                                const struct upload *files,
                                                size_t n);
/* Fills number_hash and rows of each side; the same files count not. */
MUST_CHECK enum err history_store_find(struct arena *a,
                                       const struct history_store *s,
                                       const char *file, struct history *sides,
                                       size_t n);
/* Remembers each side, and forgets what is older than RETENTION. */
MUST_CHECK enum err history_store_keep(struct arena *a,
                                       const struct history_store *s,
                                       const char *file,
                                       const struct history *sides, size_t n);
