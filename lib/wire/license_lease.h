/* What a licence holder keeps for the time without the desk: a signed lease,
 * and the signed list of licences that were stopped. Read by the program of
 * docs/examples/license, which must know what stands here. */
#pragma once
#include "base/arena.h"
#include "wire/license_ring.h"

enum { LICENSE_LEASE_LISTED = 50000 }; /* most licences of a list */

/* Times are seconds since 1970. */
struct license_lease {
    int64_t license_id, seq;     /* seq grows with each lease of a licence */
    int64_t issued_s, expires_s; /* the lease's own life */
    int64_t license_end_s;       /* end of the licence, as it is today */
    int64_t slice;               /* units that may be used under it */
    int64_t list;                /* number of the list it goes with */
};

/* "lea1.<payload>.<signature>" over {lic, seq, iat, exp, end, slice, list,
 * kid}, owned by a; NULL without a signing key. */
char *license_lease_text(struct arena *a, const struct license_ring *r,
                         const struct license_lease *lease);
/* "rev1.<payload>.<signature>" over {n, iat, ids, kid} for list number n of
 * n_ids licences, at most LICENSE_LEASE_LISTED, owned by a; NULL without a
 * signing key. */
char *license_lease_list(struct arena *a, const struct license_ring *r,
                         int64_t n, int64_t now_s, const int64_t *ids,
                         size_t n_ids);
