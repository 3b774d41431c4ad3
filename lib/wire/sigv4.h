/* AWS Signature Version 4 for S3: what proves that a request comes from the
 * holder of the secret and was not changed on its way. Pure; no clock. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"

enum { SIGV4_PAIRS_MAX = 40 };

struct sigv4_pair {
    const char *name, *value; /* names of headers in lower case */
};

struct sigv4_keys {
    const char *access_key, *secret, *region;
};

struct sigv4_request {
    const char *method;
    const char *host; /* as sent: with the port when it is not the scheme's */
    const char *path; /* not encoded, from its "/" */
    const struct sigv4_pair *query; /* not encoded, in any order */
    size_t n_query;
    const struct sigv4_pair *headers; /* all others that are signed */
    size_t n_headers;
    const char *payload_sha256; /* 64 hex digits */
    const char *amz_date;       /* YYYYMMDDTHHMMSSZ, UTC */
};

struct sigv4_signed {
    const char *target; /* encoded path and query, to be sent as it is */
    const char *canonical_request, *string_to_sign, *signature;
    const char *authorization; /* value of the header */
};

/* Signs for the service s3. host, x-amz-date and x-amz-content-sha256 are
 * added to the signed headers, and have to be sent. Everything lives in a.
 * ERR_INTERNAL: more than SIGV4_PAIRS_MAX pairs of a kind, a date of another
 * form, or OpenSSL failed. */
MUST_CHECK enum err sigv4_sign(struct arena *a, const struct sigv4_keys *keys,
                               const struct sigv4_request *q,
                               struct sigv4_signed *out);
/* Percent-encodes all but A-Z a-z 0-9 - . _ ~ (and "/" when slash). */
RETURNS_NONNULL const char *sigv4_encode(struct arena *a, const char *s,
                                         bool slash);
/* "YYYYMMDDTHHMMSSZ" of a moment (ms since 1970 UTC), in a. */
RETURNS_NONNULL const char *sigv4_date(struct arena *a, int64_t ms);
