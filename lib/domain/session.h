/* Sessions and their refresh tokens: opaque, stored as SHA-256, each good for
 * one use. Using one again ends the whole session (RFC 9700, 4.14.2), but for
 * ten seconds in which the same answer is given once more: it may have been
 * lost, and two tabs of a browser may ask at once. */
#pragma once
#include <stdbool.h>
#include "store/db.h"

enum { SESSION_TOKEN_CHARS = 47 }; /* crf_ and 256 bits in base64url */

struct session_caller {
    const char *source; /* web, plugin or mobile */
    const char *ip;     /* as text; "" when unknown */
    const char *agent;  /* User-Agent or NULL */
};

/* A session as its tokens need it. */
struct session_pair {
    int64_t id, user_id, tenant_id, version;
    const char *role;
    const char *refresh; /* the refresh token to hand out */
    bool is_repeated;    /* the successor was given before, just now */
};

/* What is kept of a User-Agent: at most 300 bytes, whole characters; NULL for
 * NULL and for what is no text. */
const char *session_agent(struct arena *a, const char *agent);
/* Opens a session of out->user_id in the transaction that is open; fills
 * out->id and out->refresh, in a. */
MUST_CHECK enum err session_open(struct db *db, struct arena *a,
                                 const struct session_caller *caller,
                                 struct session_pair *out);
/* Exchanges a refresh token, in a transaction of its own; fills out, in a.
 * ERR_TOKEN_INVALID for one unknown, expired, of a session that ended or of a
 * user who is not active; also for one used before: then *reused is true and
 * its session has ended, which stands in the audit trail. */
MUST_CHECK enum err session_refresh(struct db *db, struct arena *a,
                                    const char *token, struct session_pair *out,
                                    bool *reused);
/* Ends one session by id (why: logout, password, disabled, operator, reuse).
 * OK also when it had ended. */
MUST_CHECK enum err session_end(struct db *db, struct arena *a, int64_t id,
                                const char *why);
/* The same by one of its refresh tokens; unknown ones are OK too. */
MUST_CHECK enum err session_end_by_token(struct db *db, struct arena *a,
                                         const char *token, const char *why);
/* Ends every session of the user but one (0: none is kept). */
MUST_CHECK enum err session_end_all(struct db *db, struct arena *a,
                                    int64_t user_id, int64_t but,
                                    const char *why);
