/* What users tell of themselves, and change. */
#pragma once
#include <jansson.h>
#include "domain/principal.h"

/* A field_check: 3 to 64 ASCII letters, digits and . _ - , or an e-mail
 * address (of the user's own: profile_change refuses another's). */
const char *profile_username(struct arena *a, const char *text,
                             const char **clean);
/* The caller's profile for user_write: what the gate read for a token, else
 * asked for by the key's user. */
MUST_CHECK enum err profile_load(struct db *db, struct arena *a,
                                 const struct principal *who,
                                 const PGresult **out);
/* The same from the table, locked until the open transaction ends. */
MUST_CHECK enum err profile_lock(struct db *db, struct arena *a,
                                 const struct principal *who, PGresult **out);
/* Sets the columns named by change (values in clear, null takes one away) and
 * notes their names in the audit trail. ERR_ACCOUNT_EXISTS: the username is
 * taken. ERR_INVALID_FIELD: it is an address, and not the user's own. */
MUST_CHECK enum err profile_change(struct db *db, struct arena *a,
                                   const struct principal *who,
                                   const PGresult *profile, json_t *change);
