/* Sign-ins, for operators. */
#pragma once
#include "store/db.h"

/* NULL: whatever. */
struct login_attempt_filter {
    const char *after;    /* page_key of the row before, or NULL */
    const char *username; /* the whole, in any case */
    const char *ip;       /* an address, or a network with its /bits */
    const char *success;  /* true or false */
    const char *since;    /* RFC 3339 */
    const char *rows;
};

MUST_CHECK enum err login_attempt_list(struct db *db, struct arena *a,
                                       const struct login_attempt_filter *f,
                                       PGresult **out);
