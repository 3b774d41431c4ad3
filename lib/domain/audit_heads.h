/* Heads of the audit chains, signed with Ed25519 and kept where the database's
 * owner cannot reach: what was cut off a chain's end, or written anew whole,
 * only they can tell. */
#pragma once
#include "base/arena.h"

enum { AUDIT_HEADS_MAX = 1000000 };

struct audit_head {
    int64_t chain, seq;
    char hash[65]; /* hex */
};

struct audit_heads {
    const char *made_at; /* RFC 3339 UTC */
    struct audit_head *heads;
    size_t n;
};

/* Takes AUDIT_SIGNING_KEY (Ed25519 seeds) and AUDIT_PUBLIC_KEYS from conf.
 * NULL when well (also without any), else one clear sentence. */
MUST_CHECK const char *audit_heads_init(void);
/* The heads as the text of a JSON file, signed by the first key; owned by a.
 * NULL without AUDIT_SIGNING_KEY. */
char *audit_heads_write(struct arena *a, const struct audit_heads *h);
/* Reads such a text; out lives in a. NULL when it is signed by a key that is
 * set, else one sentence that says what is wrong. */
MUST_CHECK const char *audit_heads_read(struct arena *a, const char *text,
                                        size_t n, struct audit_heads *out);
