/* Licences where the desk cannot be reached: leases, the list of stopped
 * licences, and use that is told later. All within the transaction that is
 * open. */
#pragma once
#include <jansson.h>
#include "domain/charge.h"
#include "domain/license.h"
#include "wire/license_lease.h"

enum {
    LICENSE_LEND_USES = 100,     /* most uses of one report */
    LICENSE_LEND_UNITS = 1000000 /* most units of one use, or of a lease */
};

struct license_wish {
    int64_t license_id;
    int hours;     /* of the lease; it never outlives the licence */
    int64_t slice; /* units to be used under it, 0 to LICENSE_LEND_UNITS */
    const char *request_id;
};
/* The next lease of a licence. Its slice is set aside from quota or credit
 * until the lease is closed, or for good when nobody accounts for it within a
 * week of its grace. *grace_s: seconds it may be outlived. ERR_MONTHLY_QUOTA,
 * ERR_CREDIT (*charge says why); ERR_LICENSE_EXPIRED when the licence has
 * ended meanwhile. */
MUST_CHECK enum err license_lend(struct db *db, struct arena *a,
                                 const struct license_wish *wish,
                                 struct license_lease *out, int64_t *grace_s,
                                 struct charge *charge);

struct license_list {
    int64_t number, now_s;
    const int64_t *ids; /* licences that are suspended or revoked */
    size_t n;
};
MUST_CHECK enum err license_lend_list(struct db *db, struct arena *a,
                                      struct license_list *out);

/* What was used without the desk. */
struct license_told {
    int64_t license_id, seq; /* seq of the lease */
    const json_t *uses;      /* [{transaction_id, units, used_at}…] */
    bool close; /* the lease is done with: what is left of its slice
                   goes back */
    const char *request_id;
};
/* What became of a report. */
struct license_report {
    int64_t accepted, duplicates; /* uses */
    int64_t units;                /* of those accepted */
    int64_t reported, slice;      /* units of the lease: told in all, lent */
    int64_t charged, uncharged;   /* units beyond the slice: charged now; for
                                     which neither quota nor credit was left */
    bool closed;
    size_t bad; /* with ERR_INVALID_FIELD: index of the use that is malformed */
};
/* Takes it: a transaction that was told before counts once. ERR_LEASE_UNKNOWN,
 * ERR_INVALID_FIELD. */
MUST_CHECK enum err license_lend_report(struct db *db, struct arena *a,
                                        const struct license_told *told,
                                        struct license_report *out);
/* Leases that nobody accounted for count as used; *n how many. */
MUST_CHECK enum err license_lend_overdue(struct db *db, struct arena *a,
                                         int64_t *n);
