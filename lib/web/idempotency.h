/* Idempotency-Key: a request that is sent again is answered again, not done
 * again. An answer is kept sealed under a key that only the client's own key
 * gives (docs/BILLING.md). */
#pragma once
#include "web/req.h"

/* The key of one request. */
struct idempotency {
    const char *hash; /* names the row; NULL: no key came, or the route takes
                         none, and every function below does nothing */
    uint8_t seal[32]; /* what the answer is sealed under */
    const char *route, *place, *fingerprint;
    size_t headers; /* how many stood when the work began: those behind are the
                       answer's own */
};

/* Reads the header and what the request asks for (call it when the fields are
 * read). False when the key is none and 422 was answered. */
MUST_CHECK bool idempotency_read(struct req *r, struct idempotency *k);
/* In the transaction that is open: answers r again when the same request was
 * answered within IDEMPOTENCY_HOURS (r->status is then not 0). Until the
 * transaction ends no other one passes here with the same key.
 * ERR_IDEMPOTENCY_RUNNING, ERR_IDEMPOTENCY_MISMATCH. */
MUST_CHECK enum err idempotency_find(struct req *r, struct idempotency *k);
/* Keeps the answer in the transaction that is open, with the headers that the
 * handler gave it; call it after idempotency_find in the same one.
 * ERR_IDEMPOTENCY_TOO_LARGE beyond IDEMPOTENCY_BYTES: roll back. */
MUST_CHECK enum err idempotency_store(struct req *r,
                                      const struct idempotency *k);

/* Work that is longer than a transaction. After idempotency_find, in the same
 * transaction: it runs now, for at most IDEMPOTENCY_LEASE_S. */
MUST_CHECK enum err idempotency_open(struct req *r,
                                     const struct idempotency *k);
/* In the transaction that makes the work count: keeps the answer.
 * ERR_IDEMPOTENCY_RUNNING when another has taken over meanwhile,
 * ERR_IDEMPOTENCY_TOO_LARGE. */
MUST_CHECK enum err idempotency_close(struct req *r,
                                      const struct idempotency *k);
/* It failed: the next one may try at once. */
MUST_CHECK enum err idempotency_drop(struct req *r,
                                     const struct idempotency *k);
