/* Another e-mail address for an account: a token by mail proves the new one
 * before it takes the place of the old. */
#pragma once
#include "store/db.h"

enum { EMAIL_CHANGE_MINUTES = 24 * 60 };

struct email_change {
    int64_t user_id, tenant_id;
    const char *old, *fresh; /* addresses */
    const char *language;
};

/* In the transaction that is open: a token by which the user of that session
 * takes the address, and the audit line. *token is NULL when somebody has the
 * address or three were made within the hour: none is sent then, and the
 * caller must not be told which. */
MUST_CHECK enum err email_change_ask(struct db *db, struct arena *a,
                                     const struct email_change *c,
                                     int64_t session_id, const char **token);
/* In a transaction of its own: the address changes, access tokens and every
 * session but the one that asked end, every other token of a mail is void.
 * *out tells what became of whom. ERR_LINK_INVALID; ERR_ACCOUNT_EXISTS when
 * somebody took the address meanwhile. */
MUST_CHECK enum err email_change_confirm(struct db *db, struct arena *a,
                                         const char *token,
                                         struct email_change *out);
