/* The API keys that users make for their programs. Every function works within
 * the transaction that is open, on keys of one user of one tenant alone; what
 * it changes is in the audit trail too. */
#pragma once
#include <jansson.h>
#include "domain/principal.h"

enum { USER_KEY_OVERLAP_MAX_S = 604800 };

struct user_key_want {
    const char *name;
    const char *scopes;     /* with spaces between */
    const char *expires_at; /* as user_key_expiry gave it; NULL: never */
};

struct user_key_made {
    const char *key;     /* the text, shown this once; NULL without */
    const PGresult *row; /* as row_to_json shows it */
    int64_t limit, used; /* of the tenant, with ERR_QUOTA_EXCEEDED */
};

/* When a key ends that is given a time (RFC 3339, else NULL) or a number of
 * days. ERR_INVALID_FIELD when that is past or more than ten years away. */
MUST_CHECK enum err user_key_expiry(struct db *db, struct arena *a,
                                    const char *time, int64_t days,
                                    const char **out);
/* Makes one. ERR_QUOTA_EXCEEDED (out->limit, out->used) when the tenant has as
 * many as its tier allows; two at the same time never pass together. */
MUST_CHECK enum err user_key_create(struct db *db, struct arena *a,
                                    const struct principal *who,
                                    const struct user_key_want *want,
                                    struct user_key_made *out);
/* Keys, the newest first: behind the one with the id page[0] (NULL: from the
 * first), page[1] at most; with page_key for listing_answer. */
MUST_CHECK enum err user_key_list(struct db *db, struct arena *a,
                                  const struct principal *who,
                                  const char *const page[2], PGresult **out);
/* One, locked. ERR_NOT_FOUND. */
MUST_CHECK enum err user_key_get(struct db *db, struct arena *a,
                                 const struct principal *who, const char *id,
                                 PGresult **out);
/* "active", "disabled", "replaced", "expired" or "revoked". */
RETURNS_NONNULL const char *user_key_status(const PGresult *key);
/* Changes name, is_active, expires_at or scopes of an active or disabled key to
 * the members of change (kept by the caller) and reads it again. */
MUST_CHECK enum err user_key_change(struct db *db, struct arena *a,
                                    const struct principal *who, const char *id,
                                    const json_t *change);
/* Ends one; it stays listed. Ending one twice is no error. */
MUST_CHECK enum err user_key_revoke(struct db *db, struct arena *a,
                                    const struct principal *who,
                                    const char *id);
/* Makes a successor with the same name, scopes and end; the key itself ends
 * after overlap_s seconds, and what it replaced ends now. */
MUST_CHECK enum err user_key_rotate(struct db *db, struct arena *a,
                                    const struct principal *who,
                                    const PGresult *key, int64_t overlap_s,
                                    struct user_key_made *out);
