/* SIRET, VAT number and telephone of users are sealed in the table where
 * DATA_KEYS is set, and read alike whether they are or not. */
#pragma once
#include "base/arena.h"
#include "base/err.h"

/* What to store in users.<column> of that user: sealed when there are keys,
 * else the clear text; NULL stays NULL. */
MUST_CHECK enum err user_seal_value(struct arena *a, const char *column,
                                    int64_t user_id, const char *clear,
                                    const char **stored);
/* What users.<column> of the user (id as text) says in clear, in a; "" when
 * its key is gone or the text was changed, which is logged. */
RETURNS_NONNULL const char *user_seal_clear(struct arena *a, const char *column,
                                            const char *user_id,
                                            const char *stored);
