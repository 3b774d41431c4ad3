/* Licences: whose a key is and whether it may be used now; nothing is
 * remembered from one request to the next, so that a licence that is stopped
 * is stopped everywhere at once. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"

/* What a check of a licence says (the words of Keygen and Unkey). */
enum license_code {
    LICENSE_CODE_VALID,
    LICENSE_CODE_NOT_FOUND,
    LICENSE_CODE_BANNED,               /* revoked, for good */
    LICENSE_CODE_SUSPENDED,            /* stopped by the operator for now */
    LICENSE_CODE_DISABLED,             /* its tenant is disabled */
    LICENSE_CODE_EXPIRED,              /* its time is over */
    LICENSE_CODE_FORBIDDEN,            /* not from this address */
    LICENSE_CODE_ENTITLEMENTS_MISSING, /* a feature asked for is not in it */
    LICENSE_CODE_USAGE_EXCEEDED,       /* the month's quota is used up */
    LICENSE_CODE_MAX
};

struct license {
    int64_t id, tenant_id; /* tenant_id 0: of no tenant */
    const char *client, *plan, *billing_mode;
    const char *status;     /* active, suspended, revoked, expired */
    const char *expiry;     /* YYYY-MM-DD, day of Paris */
    const char *period_end; /* RFC 3339: when the month's quota begins anew */
    const char *features;   /* each within spaces: " a b " */
    int64_t quota_monthly, credit_micro_euros;
    int64_t expires_s; /* seconds since 1970 */
    bool expired, tenant_active, address_ok;
};

/* The licence of a key by its hash (license_key_hash), seen from an address
 * (an address that cannot be read is none of those allowed). *row is what the
 * texts of *out live in, until a is reset. ERR_NOT_FOUND. */
MUST_CHECK enum err license_find(struct db *db, struct arena *a,
                                 const char *hash, const char *ip,
                                 PGresult **row);
/* Reads such a row. */
void license_from_row(const PGresult *row, struct license *out);
/* State, time and address; quota and features are the caller's matter. */
enum license_code license_judge(const struct license *l);
/* "VALID", "EXPIRED", … */
RETURNS_NONNULL const char *license_code_word(enum license_code code);
/* What a request under that code is answered: OK for VALID. */
enum err license_code_error(enum license_code code);
/* True when the licence holds the feature. */
bool license_has_feature(const struct license *l, const char *feature);

/* What is left of a licence's month and credit. */
struct license_left {
    int64_t used, remaining;    /* units; remaining 0 when nothing is left */
    int64_t credit;             /* micro-euros that are not set aside */
    bool exhausted;             /* the next unit would be refused */
    const char *next_plan;      /* a plan that waits, NULL: none; lives in a */
    const char *next_plan_from; /* its first day, YYYY-MM-DD */
};
MUST_CHECK enum err license_left(struct db *db, struct arena *a,
                                 const struct license *l,
                                 struct license_left *out);

/* One licensed request for the access log; url at most 2,000 characters. */
struct license_use {
    int64_t license_id;
    const char *url, *ip;
    int status;
};
MUST_CHECK enum err license_note(struct db *db, struct arena *a,
                                 const struct license_use *use);
