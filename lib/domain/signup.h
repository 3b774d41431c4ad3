/* A new account: a tenant of its own with its first user, who is its admin,
 * or one more user of a tenant that sent an invitation. */
#pragma once
#include "domain/session.h"
#include "store/db.h"

/* What was asked for, checked; NULL where nothing was said. */
struct signup {
    const char *email, *username, *hash; /* hash: of the password */
    const char *full_name, *business_name, *account_type, *business_type;
    const char *estimated_products; /* digits */
    const char *siret, *vat_number, *phone, *country, *language;
    const char *invitation; /* token of the mail, or NULL */
};

/* Whether address or name has an account: asked before a costly hash. */
MUST_CHECK enum err signup_is_taken(struct db *db, struct arena *a,
                                    const char *email, const char *username,
                                    bool *taken);
/* Makes everything in one transaction and lets the user in; *row is the
 * profile for user_to_json. ERR_ACCOUNT_EXISTS, ERR_INVITATION_INVALID,
 * ERR_QUOTA_EXCEEDED when the inviting tenant has no room (*max_users then
 * says how many it may have). */
MUST_CHECK enum err signup_new(struct db *db, struct arena *a,
                               const struct signup *s,
                               const struct session_caller *caller,
                               struct session_pair *out, PGresult **row,
                               int64_t *max_users);
