/* What is used and what it costs: reserved before the work, committed with
 * its answer or given back. All of it within the transaction that is open
 * (or each call in one of its own); a quota or credit is never exceeded,
 * however many ask at once. docs/BILLING.md */
#pragma once
#include <jansson.h>
#include "store/db.h"

struct charge_request {
    const char *kind; /* "tenant" or "license" */
    int64_t id;
    const char *meter;      /* what is done: "invoices", "search", "verify" */
    int64_t units;          /* how often, 0 to 1,000,000 */
    int64_t results;        /* most results, for licences that pay by result */
    const char *request_id; /* at most 80 characters */
    const char *key_hash;   /* of the Idempotency-Key, or NULL */
    int64_t hold_s; /* how long it is set aside; 0: IDEMPOTENCY_LEASE_S */
};

struct charge {
    int64_t id;                 /* 0 when nothing was reserved */
    int64_t units, micro_euros; /* set aside, or asked for in vain */
    const char *quota;          /* whose quota counts: "invoices", "uses" */
    int64_t limit;              /* of the month; -1: none */
    int64_t used;               /* with what is set aside, after this */
    const char *period_end;     /* RFC 3339: when the next month begins */
    int64_t period_left_s;
};

/* Sets the charge aside for IDEMPOTENCY_LEASE_S seconds. ERR_QUOTA_EXCEEDED
 * (tenants), ERR_MONTHLY_QUOTA (licences) or ERR_CREDIT: nothing is set aside
 * and out says why; ERR_NOT_FOUND: no such subject, or it has no such meter. */
MUST_CHECK enum err charge_reserve(struct db *db, struct arena *a,
                                   const struct charge_request *q,
                                   struct charge *out);
/* The work is done: so many units of the charge are used (-1: all) and paid,
 * the rest goes back, the ledger has a line. ERR_UNAVAILABLE when the charge
 * was given back meanwhile: then there is no answer either. */
MUST_CHECK enum err charge_commit(struct db *db, struct arena *a,
                                  const struct charge *c, int64_t units,
                                  const char *key_hash);
/* The work failed: all goes back; no line. */
MUST_CHECK enum err charge_refund(struct db *db, struct arena *a,
                                  const struct charge *c);
/* Reserved and committed at once, for work that is one transaction. */
MUST_CHECK enum err charge_now(struct db *db, struct arena *a,
                               const struct charge_request *q,
                               struct charge *out);
/* {"quota", "limit", "used", "period_end"} or, of credit,
 * {"needed_micro_euros"}: what a refusal tells; the caller's. */
json_t *charge_refusal(const struct charge *c, enum err e);

/* What a subject may use and has used of one meter. */
struct charge_usage {
    const char *quota;
    int64_t limit; /* -1: none */
    int64_t used, reserved;
    const char *month;      /* YYYY-MM */
    const char *period_end; /* RFC 3339 */
};
/* meters: names by commas; month "YYYY-MM" or NULL for this one. At most max
 * rows into out, *n how many; the texts live in a. Of tenants it needs their
 * transaction (app.tenant_id). */
MUST_CHECK enum err charge_usage(struct db *db, struct arena *a,
                                 const struct charge_request *of,
                                 const char *month, struct charge_usage *out,
                                 size_t *n);
