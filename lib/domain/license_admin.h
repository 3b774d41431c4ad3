/* What the operator does with licences, by comptoirctl and by /admin alike.
 * Each function is one audited change in the caller's transaction; actor is
 * who does it ("ctl:<login>", "user:12"). ERR_NOT_FOUND for a licence or plan
 * that is not there, ERR_CONFLICT where its state forbids the change (revoked
 * is for good). */
#pragma once
#include "store/db.h"
#include "wire/license_key.h"

/* What a new licence holds. */
struct license_terms {
    enum license_form form;
    const char *client;
    int days;                         /* 1 to 3660 */
    const char *plan;                 /* NULL: custom */
    int64_t quota;                    /* units a month; -1: the plan's */
    const char *billing;              /* search, quota, result; NULL: quota */
    const char *addresses, *features; /* spaces between; NULL or "": none */
    int64_t tenant_id;                /* 0: of no tenant */
    int64_t grace_s; /* seconds without the desk after a lease's end */
};

struct license_made {
    int64_t id;
    const char *key; /* shown once, never kept; lives in the arena */
};

/* ERR_INVALID_FIELD when a term is out of its range or no key of that form can
 * be made with it (a client's name of 1 to 200 bytes, an address that is none);
 * ERR_LICENSE_UNSIGNED where the settings hold no key for the form. */
MUST_CHECK enum err license_admin_create(struct db *db, struct arena *a,
                                         const struct license_ring *ring,
                                         const struct license_terms *terms,
                                         const char *actor,
                                         struct license_made *out);
/* A key that was given out elsewhere. */
struct license_adopted {
    int64_t id;
    bool was_there;     /* it is the key of that licence already */
    const char *expiry; /* YYYY-MM-DD in UTC */
};
/* A licence for a key that clients have already, so that they keep it: facts
 * tell client, beginning and end (expires_s, which may be past), terms the rest
 * (form, client and days of terms are not looked at). Only the key's hash is
 * kept. ERR_INVALID_FIELD as above. */
MUST_CHECK enum err license_admin_adopt(struct db *db, struct arena *a,
                                        const struct license_terms *terms,
                                        const struct license_key *facts,
                                        const char *key, const char *actor,
                                        struct license_adopted *out);
/* The last second of a day (YYYY-MM-DD) in Paris. ERR_INVALID_FIELD for what is
 * no day. */
MUST_CHECK enum err license_admin_last_second(struct db *db, struct arena *a,
                                              const char *day, int64_t *out);
/* A new key for a licence, of the same form; the present one stays good for
 * so many hours (0: ends now). */
MUST_CHECK enum err license_admin_rekey(struct db *db, struct arena *a,
                                        const struct license_ring *ring,
                                        int64_t id, int hours,
                                        const char *actor,
                                        struct license_made *out);
/* status: active (resume), suspended or revoked; reason at most 300
 * characters. */
MUST_CHECK enum err license_admin_status(struct db *db, struct arena *a,
                                         int64_t id, const char *status,
                                         const char *actor, const char *reason);
/* *expiry: the new end, YYYY-MM-DD. */
MUST_CHECK enum err license_admin_renew(struct db *db, struct arena *a,
                                        int64_t id, int days, const char *actor,
                                        const char **expiry);
/* plan, billing NULL and quota -1: as the licence, as the plan has it. *waits:
 * plan and first day of what waits for the next month, no row without. */
MUST_CHECK enum err license_admin_plan(struct db *db, struct arena *a,
                                       int64_t id, const char *plan,
                                       int64_t quota, const char *billing,
                                       const char *actor, PGresult **waits);
/* Deactivates what has come to its end; *n how many. */
MUST_CHECK enum err license_admin_expire(struct db *db, struct arena *a,
                                         const char *actor, int64_t *n);
/* At most limit licences with ids after `after`; status, client NULL: any.
 * Columns as sql/queries/license.sql lists them. */
MUST_CHECK enum err license_admin_list(struct db *db, struct arena *a,
                                       int64_t after, const char *status,
                                       const char *client, int limit,
                                       PGresult **out);
MUST_CHECK enum err license_admin_show(struct db *db, struct arena *a,
                                       int64_t id, PGresult **out);
