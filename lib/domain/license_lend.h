/* Licences where the desk cannot be reached: leases, the list of stopped
 * licences, and use that is told later. All within the transaction that is
 * open. */
#pragma once
#include <jansson.h>
#include "domain/license.h"
#include "wire/license_lease.h"

enum {
    LICENSE_LEND_USES = 100,     /* most uses of one report */
    LICENSE_LEND_UNITS = 1000000 /* most units of one use, or of a lease */
};

/* The next lease of a licence: so many hours (never beyond the licence's end)
 * and units. *grace_s: seconds it may be outlived. ERR_LICENSE_EXPIRED when the
 * licence has ended meanwhile. */
MUST_CHECK enum err license_lend(struct db *db, struct arena *a, int64_t id,
                                 int hours, int64_t slice,
                                 struct license_lease *out, int64_t *grace_s);

struct license_list {
    int64_t number, now_s;
    const int64_t *ids; /* licences that are suspended or revoked */
    size_t n;
};
MUST_CHECK enum err license_lend_list(struct db *db, struct arena *a,
                                      struct license_list *out);

/* What became of a report. */
struct license_report {
    int64_t accepted, duplicates; /* uses */
    int64_t units;                /* of those accepted */
    int64_t reported, slice;      /* units of the lease: told in all, lent */
};
/* Takes [{transaction_id, units, used_at}…] under a lease: a transaction that
 * was told before counts once. ERR_LEASE_UNKNOWN; ERR_INVALID_FIELD and *bad
 * (the index) for a use that is malformed. */
MUST_CHECK enum err license_lend_report(struct db *db, struct arena *a,
                                        int64_t id, int64_t seq,
                                        const json_t *uses,
                                        struct license_report *out,
                                        size_t *bad);
