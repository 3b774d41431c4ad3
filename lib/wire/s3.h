/* An S3-compatible store (AWS, DigitalOcean Spaces, OVH, Scaleway, MinIO): the
 * bucket of DO_SPACES_*. Nothing in it is ever overwritten. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"
#include "wire/s3_xml.h"
#include "wire/sigv4.h"

/* Takes DO_SPACES_* from conf. NULL when well (also without any), else one
 * clear sentence owned by the process. */
MUST_CHECK const char *s3_init(void);
/* Whether there is a bucket. */
bool s3_ready(void);
/* Asks the bucket for a list of one; logs spaces_probe_ok or, with the
 * server's code, spaces_probe_failed. */
MUST_CHECK enum err s3_probe(struct arena *a);

/* From now on each call to the store ends within ms, tries and all; 0, as at
 * start: it may take as long as there is progress. */
void s3_within(int64_t ms);

/* Why a call failed, for logs and operators. */
struct s3_why {
    int status;       /* HTTP; 0: no answer */
    const char *code; /* the server's, "SlowDown", or the fault: "timeout" */
    const char *message;
    int tries;
};

struct s3_object {
    const char *key, *type; /* UTF-8 key without "/" in front; media type */
    struct bytes body;
    const char *sha256;            /* of body, hex */
    const struct sigv4_pair *meta; /* x-amz-meta-…, values printable ASCII */
    size_t n_meta;
};

/* Stores n objects, in parallel, sealed by the server (AES256), private, each
 * with x-amz-meta-sha256. One that is there already with the same SHA-256
 * counts as stored. ERR_CONFLICT: another is there; ERR_UNAVAILABLE: at least
 * one could not be stored, the first is in *why. */
MUST_CHECK enum err s3_put(struct arena *a, const struct s3_object *objects,
                           size_t n, struct s3_why *why);

struct s3_head {
    int64_t size;            /* bytes */
    const char *sha256;      /* of x-amz-meta-sha256, or "" */
    struct sigv4_pair *meta; /* all x-amz-meta-…, names without that */
    size_t n_meta;
};

/* ERR_NOT_FOUND when there is none, else ERR_UNAVAILABLE with *why. */
MUST_CHECK enum err s3_head(struct arena *a, const char *key,
                            struct s3_head *out, struct s3_why *why);
/* The bytes of an object of at most max, with a NUL behind them. */
MUST_CHECK enum err s3_get(struct arena *a, const char *key, size_t max,
                           struct bytes *out, struct s3_why *why);
/* One page of the keys that begin with prefix, in their order; token: of the
 * page before, or NULL. */
MUST_CHECK enum err s3_list(struct arena *a, const char *prefix,
                            const char *token, struct s3_page *out,
                            struct s3_why *why);
/* Deletes n objects, in parallel; one that is not there counts as deleted.
 * ERR_UNAVAILABLE: at least one could not be, the first is in *why. */
MUST_CHECK enum err s3_delete(struct arena *a, const char *const *keys,
                              size_t n, struct s3_why *why);
