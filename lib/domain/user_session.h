/* Where a user is signed in. */
#pragma once
#include "domain/principal.h"

/* The caller's live sessions for listing_answer: behind page[0] (NULL: from
 * the newest), page[1] at most. */
MUST_CHECK enum err user_session_list(struct db *db, struct arena *a,
                                      const struct principal *who,
                                      const char *const page[2],
                                      PGresult **out);
/* Ends one of them, which the audit trail tells. ERR_NOT_FOUND for another's
 * and for one that has ended. */
MUST_CHECK enum err user_session_end(struct db *db, struct arena *a,
                                     const struct principal *who,
                                     const char *id);
