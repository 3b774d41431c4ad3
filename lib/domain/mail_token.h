/* One-time tokens that are sent by mail: 256 bits, stored as SHA-256. */
#pragma once
#include <stdbool.h>
#include "store/db.h"

enum { MAIL_TOKEN_VERIFY_MINUTES = 48 * 60, MAIL_TOKEN_RESET_MINUTES = 30 };

struct mail_token_user {
    int64_t id;
    const char *email, *username, *language;
    bool is_verified;
};

/* SHA-256 of a token as tables keep it, in a. */
RETURNS_NONNULL const char *mail_token_hash(struct arena *a, const char *token);
/* A random token, in a. */
RETURNS_NONNULL const char *mail_token_new(struct arena *a);
/* A new token for a purpose (verify, reset). *token is NULL when three were
 * made within the hour: none is sent then. */
MUST_CHECK enum err mail_token_make(struct db *db, struct arena *a,
                                    int64_t user_id, const char *purpose,
                                    const char **token);
/* Whose good token this is, without using it up. ERR_LINK_INVALID. */
MUST_CHECK enum err mail_token_holder(struct db *db, struct arena *a,
                                      const char *hash, const char *purpose,
                                      struct mail_token_user *out);
/* Uses up the token and every other of its user for that purpose.
 * ERR_LINK_INVALID when it is not good, or not this user's. */
MUST_CHECK enum err mail_token_use(struct db *db, struct arena *a,
                                   const char *hash, const char *purpose,
                                   int64_t user_id);
/* Every token of that user, of one purpose or (NULL) all, is used up. */
MUST_CHECK enum err mail_token_void(struct db *db, struct arena *a,
                                    int64_t user_id, const char *purpose);
/* Uses a token of purpose verify: the address is proved, which the audit trail
 * tells. ERR_LINK_INVALID. */
MUST_CHECK enum err mail_token_verify(struct db *db, struct arena *a,
                                      const char *hash);
/* Who may get a mail, by address or by id; ERR_NOT_FOUND. */
MUST_CHECK enum err mail_token_by_email(struct db *db, struct arena *a,
                                        const char *email,
                                        struct mail_token_user *out);
MUST_CHECK enum err mail_token_by_id(struct db *db, struct arena *a,
                                     int64_t user_id,
                                     struct mail_token_user *out);
