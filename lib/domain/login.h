/* Who signs in, by which password, and how often that failed. */
#pragma once
#include <stdbool.h>
#include "domain/session.h"
#include "store/db.h"

struct login_user {
    int64_t id, tenant_id; /* 0: nobody of that name */
    const char *hash;      /* NULL: no password */
    bool is_active;        /* and so is the tenant */
};

struct login_contact {
    int64_t id, tenant_id, version; /* version: users.token_version */
    const char *email, *username, *language, *role;
    const char *hash; /* of the password, NULL without */
};

/* The user meant by an e-mail address or a user name; id 0 for nobody. */
MUST_CHECK enum err login_find(struct db *db, struct arena *a, const char *name,
                               struct login_user *out);
/* Seconds until that user (by that name) may try again from that address; 0:
 * now. Ten failures of a day begin it: 1, 2, 4, 8, at most 15 minutes. */
MUST_CHECK enum err login_wait(struct db *db, struct arena *a,
                               const struct login_user *user, const char *name,
                               const char *ip, int64_t *seconds);
/* Writes an attempt down; a success ends the count of failures. */
MUST_CHECK enum err login_note(struct db *db, struct arena *a,
                               const struct login_user *user, const char *name,
                               const struct session_caller *caller,
                               bool success);
/* Writes a failure down, with the audit trail, in a transaction of its own;
 * *wait is what login_wait says then. Nobody's failure costs as much as a
 * user's. */
MUST_CHECK enum err login_refuse(struct db *db, struct arena *a,
                                 const struct login_user *user,
                                 const char *name,
                                 const struct session_caller *caller,
                                 int64_t *wait);
/* The user came in: last_login, the session with its refresh token, the
 * attempt, the audit trail, in one transaction; renewed (or NULL) replaces
 * the user's hash. *row is the profile for user_to_json. */
MUST_CHECK enum err login_welcome(struct db *db, struct arena *a,
                                  const struct login_user *user,
                                  const char *name,
                                  const struct session_caller *caller,
                                  const char *renewed, struct session_pair *out,
                                  PGresult **row);
/* As login_welcome without transaction, attempt and audit: for who just
 * registered, in the transaction that is open. */
MUST_CHECK enum err login_first(struct db *db, struct arena *a, int64_t user_id,
                                const struct session_caller *caller,
                                struct session_pair *out, PGresult **row);
/* Address, name and hash of a user; ERR_NOT_FOUND. */
MUST_CHECK enum err login_contact(struct db *db, struct arena *a,
                                  int64_t user_id, struct login_contact *out);
/* Stores a hash of a password in the transaction that is open. */
MUST_CHECK enum err login_set_password(struct db *db, struct arena *a,
                                       int64_t user_id, const char *hash);
/* A new password in a transaction of its own: access tokens end, and so do
 * all sessions but one (0: none is kept). *out is the user then. code (or NULL)
 * is the hash of the mail's token that allows it: ERR_LINK_INVALID when it is
 * not good any more. */
MUST_CHECK enum err login_change_password(struct db *db, struct arena *a,
                                          int64_t user_id, const char *hash,
                                          int64_t keep, const char *code,
                                          struct login_contact *out);
/* Takes away what is long over; failures are logged only. */
void login_purge(struct db *db, struct arena *a);
