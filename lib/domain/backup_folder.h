/* The folder of a run as the database keeps it: sealed, for it names a
 * customer, and its hash, to keep seconds apart. */
#pragma once
#include "base/arena.h"
#include "base/err.h"

/* *hash: 64 hex digits; *kept: sealed under DATA_KEYS, or as it is without
 * any. Both live in a. */
MUST_CHECK enum err backup_folder_seal(struct arena *a, const char *folder,
                                       const char **hash, const char **kept);
/* The folder again, in a. ERR_ENCRYPTION_UNCONFIGURED, ERR_INTERNAL. */
MUST_CHECK enum err backup_folder_open(struct arena *a, const char *hash,
                                       const char *kept, const char **folder);
