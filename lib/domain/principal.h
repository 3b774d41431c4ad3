/* Who calls, as far as the database must say so. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"

enum principal_kind {
    PRINCIPAL_ANON,       /* an address */
    PRINCIPAL_STATIC_KEY, /* one of the operator's API_KEY */
    PRINCIPAL_USER,       /* the bearer of an access token */
    PRINCIPAL_KEY,        /* a user's own API key */
    PRINCIPAL_LICENSE     /* a licensed client */
};

struct principal {
    enum principal_kind kind;
    char id[80]; /* what limits and logs are keyed by: "user:12" (whatever the
                    door), "key:3f2a…" (static), "lic:4", "ip:192.0.2.7" */
    int64_t user_id, tenant_id;        /* 0 without a user */
    int64_t session_id, token_version; /* of an access token */
    int64_t key_id, license_id;
    const char *role;    /* user, admin or operator; NULL without */
    const char *scopes;  /* of a key, each within spaces: " a b " */
    const PGresult *row; /* what the gate read, one row: the columns of
                            principal_user or principal_license */
};

struct token_claims;

/* Who checked claims say it is; whether that still holds is asked of the
 * database, and answered by principal_confirm. */
void principal_claim(struct db *db, const struct token_claims *claims,
                     struct principal *out);
/* The database's word on a principal made by principal_claim: role, tenant
 * and row (the columns that user_write shows). ERR_TOKEN_INVALID when
 * session, user or tenant has ended or the token is older than the user's
 * token_version or says another role. */
MUST_CHECK enum err principal_confirm(struct db *db, struct arena *a,
                                      struct principal *p);
/* The user behind an API key by its hash, and notes its use (at most once a
 * minute). ERR_INVALID_API_KEY when unknown, inactive, revoked or expired. */
MUST_CHECK enum err principal_by_key(struct db *db, struct arena *a,
                                     const char *hash, struct principal *out);
/* True when a key holds the scope; anything that is no key holds all. */
bool principal_has_scope(const struct principal *p, const char *scope);
