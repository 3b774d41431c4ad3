/* Checks a comptoir licence without the desk: C11, OpenSSL's libcrypto (1.1.1
 * or later) and libc, nothing else. Copy the two files into your program.
 *
 *   key    lic1.…  what you were given; it says who you are and how long the
 *                  desk may be out of reach (grace)
 *   lease  lea1.…  fetched now and then (POST /api/v1/license/lease): how long
 *                  and how much you may use without asking
 *   list   rev1.…  fetched with it (GET /api/v1/license/revocations): licences
 *                  that were stopped; its number only grows
 *   state          a small file of ours: the latest time seen, the newest lease
 *                  and list, what was used of the lease
 *
 * Times are seconds since 1970 (UTC) and are given by the caller, who may test
 * with any. Nothing here prints or keeps a pointer. */
#ifndef COMPTOIR_LICENSE_H
#define COMPTOIR_LICENSE_H
#include <stddef.h>
#include <stdint.h>

#define COMPTOIR_LICENSE_SLACK_S 120 /* a clock may be that much behind */

enum comptoir_license_code {
    COMPTOIR_LICENSE_VALID,
    COMPTOIR_LICENSE_GRACE,      /* valid; renew the lease soon */
    COMPTOIR_LICENSE_EXPIRED,    /* the licence's own end */
    COMPTOIR_LICENSE_NO_LEASE,   /* lease and grace are over, or none is held */
    COMPTOIR_LICENSE_REVOKED,    /* it is on the list */
    COMPTOIR_LICENSE_CLOCK_BACK, /* the clock was put back */
    COMPTOIR_LICENSE_OLD_LEASE,  /* a newer lease was seen before */
    COMPTOIR_LICENSE_OLD_LIST,   /* a newer list was seen before, or is due */
    COMPTOIR_LICENSE_USED_UP,    /* the lease's share is spent */
    COMPTOIR_LICENSE_BAD_KEY,    /* not signed by the desk, or not a licence */
    COMPTOIR_LICENSE_BAD_LEASE,
    COMPTOIR_LICENSE_BAD_LIST,
    COMPTOIR_LICENSE_BAD_STATE, /* the state file was changed or cannot be
                                   read or written */
    COMPTOIR_LICENSE_CODES
};

struct comptoir_license_input {
    const char *key, *lease, *list;         /* texts; lease, list may be NULL */
    const unsigned char (*public_keys)[32]; /* the desk's, one or more */
    size_t n_public_keys;
    int64_t now_s;
};

struct comptoir_license_state {
    int64_t last_seen_s, lease_seq, list_number, used;
};

struct comptoir_license_answer {
    enum comptoir_license_code code;
    int64_t id, quota;
    char client[201], plan[41];
    int64_t lease_seq;  /* 0 without a lease */
    int64_t ends_s;     /* end of the licence */
    int64_t lease_s;    /* end of the lease */
    int64_t usable_s;   /* first instant at which it will not be accepted */
    int64_t slice_left; /* units that may still be used under the lease */
};

/* Judges and fills *out; *state grows (never back) and must be saved by the
 * caller, whatever the verdict. Returns out->code. */
enum comptoir_license_code comptoir_license_check(
    const struct comptoir_license_input *in,
    struct comptoir_license_state *state, struct comptoir_license_answer *out);
/* Takes units from the lease's share after a check that said VALID or GRACE:
 * that code again, or USED_UP with nothing taken. Save the state before the
 * work is done, and report the use with a transaction id of your own. */
enum comptoir_license_code comptoir_license_use(
    struct comptoir_license_state *state,
    struct comptoir_license_answer *answer, int64_t units);
/* When the desk itself refused the licence: the lease that is held is worth
 * nothing from now on, so that an outage cannot bring it back. */
void comptoir_license_forget(struct comptoir_license_state *state);

/* The state of that key from a file: VALID, also for a file that is not there
 * (all zero then), or BAD_STATE. */
enum comptoir_license_code comptoir_license_load(
    const char *path, const char *key, struct comptoir_license_state *state);
/* Written beside it, synced and renamed: a crash leaves the old or the new. */
enum comptoir_license_code comptoir_license_save(
    const char *path, const char *key,
    const struct comptoir_license_state *state);

/* 32 bytes of a public key from base64, as the desk lists them: 0, or -1. */
int comptoir_license_public_key(const char *base64, unsigned char out[32]);
/* "VALID", "GRACE", … */
const char *comptoir_license_word(enum comptoir_license_code code);

#endif
