/* What is at rest under an older key of DATA_KEYS, or in clear from a time
 * without any, is sealed anew under the first, so that old keys can be dropped
 * (docs/ops/keys.md). */
#pragma once
#include <stdbool.h>
#include "store/db.h"

struct reseal {
    int64_t sealed; /* rows and objects under the first key now */
    int64_t left;   /* that could not be opened, or not be replaced; logged */
    bool is_cut;    /* until_us came before the end */
};

/* Goes through all places of sealed.tbl once, a few rows a transaction: what
 * was done stays done, whenever it ends. The new seal is opened before the old
 * is written over; a row that somebody else is at is left for the next time.
 * until_us: of clock_mono_us, 0 for no end. ERR_UNAVAILABLE when the database
 * or the S3 store is away, ERR_ENCRYPTION_UNCONFIGURED without a key; *out
 * tells what was done until then. */
MUST_CHECK enum err reseal_all(struct db *db, int64_t until_us,
                               struct reseal *out);
/* Rows of place, kid ('': in clear) and n, in the order of places. */
MUST_CHECK enum err reseal_counts(struct db *db, struct arena *a,
                                  PGresult **rows);
