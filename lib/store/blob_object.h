/* Documents in the S3 store: one object each, kept before its row commits and
 * deleted after its row is gone, so that no row points at nothing. What lies
 * between is an object too many, and is swept away. */
#pragma once
#include <stdbool.h>
#include "store/db.h"

/* Takes BLOB_STORE and DO_SPACES_* from conf. NULL when well, else one clear
 * sentence owned by the process. */
MUST_CHECK const char *blob_object_init(void);
/* What keys of new objects begin with, "blobs/prod/", in a; NULL when
 * documents are kept in the database. */
const char *blob_object_prefix(struct arena *a);
/* Whether a key is one that this desk gives. */
bool blob_object_is_ours(const char *prefix, const char *key);

/* Keeps an object; ERR_UNAVAILABLE, logged. */
MUST_CHECK enum err blob_object_put(struct arena *a, const char *key,
                                    struct bytes sealed);
/* The bytes of an object that has n, in a. ERR_NOT_FOUND, ERR_UNAVAILABLE,
 * ERR_INTERNAL when there are more or fewer; all logged. */
MUST_CHECK enum err blob_object_get(struct arena *a, const char *key, size_t n,
                                    struct bytes *sealed);
/* In the transaction that is open: deletes from the store, for some seconds,
 * what no document needs any more; *n is how many. ERR_UNAVAILABLE when the
 * store is away: to be tried again. */
MUST_CHECK enum err blob_object_purge(struct db *db, struct arena *a,
                                      int64_t *n);
/* Notes objects of ours in the store that no document has; blob_object_purge
 * deletes them a day later. *n is how many are new. Does nothing unless
 * BLOB_STORE=s3. */
MUST_CHECK enum err blob_object_sweep(struct db *db, struct arena *a,
                                      int64_t *n);
