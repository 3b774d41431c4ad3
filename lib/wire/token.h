/* Access tokens: the only place that reads or writes a JWT. HS256 only
 * (RFC 7515, 7519, 8725); what is not exactly as we write it is refused. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

enum {
    TOKEN_BYTES = 4096, /* longest token that is looked at */
    TOKEN_LEEWAY_S = 30 /* clocks of instances may differ by as much */
};

struct token_claims {
    int64_t user_id, tenant_id;  /* both > 0 */
    int64_t version;             /* users.token_version, >= 0 */
    const char *role;            /* user, admin or operator; a constant */
    const char *session;         /* 1-64 of A-Z a-z 0-9 _ - */
    int64_t issued_s, expires_s; /* seconds since 1970 UTC */
};

/* Takes JWT_* from conf; call once more after a change of conf. NULL when
 * well, else one clear sentence owned by the process. Without JWT_SECRET_KEY
 * all is well and tokens are off. */
MUST_CHECK const char *token_init(void);
/* Whether tokens can be issued and checked. */
bool token_ready(void);
/* Seconds for which a token that is issued now is good. */
int64_t token_lifetime_s(void);
/* Reads a token; texts of out live in a. ERR_TOKEN_EXPIRED when all is right
 * but the time is over, ERR_TOKEN_INVALID for every other fault. Nothing is
 * logged: a token may be anybody's bytes. */
MUST_CHECK enum err token_check(struct arena *a, const char *jwt,
                                struct token_claims *out);
/* Writes a token signed by the first key, issued now; issued_s and expires_s
 * of c are not looked at. ERR_UNAVAILABLE when tokens are off. */
MUST_CHECK enum err token_issue(struct arena *a, const struct token_claims *c,
                                const char **jwt);
