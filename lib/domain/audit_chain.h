/* The audit trail reckoned outside of the database: what PostgreSQL's
 * audit_hash computes, from the exported columns alone. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"

enum { AUDIT_CHAIN_HASH = 32 };

struct audit_chain_entry {
    int64_t chain, seq, micros; /* micros: since 1970 UTC */
    const char *actor, *event, *subject;
    const char *facts; /* jsonb as the server prints it */
    uint8_t prev[AUDIT_CHAIN_HASH], hash[AUDIT_CHAIN_HASH];
};

/* Where a walk through the entries in order (chain, seq) is; starts as
 * {.chain = -1}. */
struct audit_chain_walk {
    int64_t chain, seq;
    uint8_t hash[AUDIT_CHAIN_HASH];
};

/* SHA-256 over the hash before and the entry as a JSON array. */
void audit_chain_hash(struct arena *a, const struct audit_chain_entry *e,
                      uint8_t out[AUDIT_CHAIN_HASH]);
/* Takes one more entry. NULL when it holds, else one sentence that says why
 * not; the walk goes on from it in both cases. */
const char *audit_chain_step(struct arena *a, struct audit_chain_walk *w,
                             const struct audit_chain_entry *e);
/* 64 hex digits as bytes; false for anything else. */
MUST_CHECK bool audit_chain_from_hex(const char *hex,
                                     uint8_t out[AUDIT_CHAIN_HASH]);
