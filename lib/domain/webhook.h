/* Webhooks: told in the transaction that ends a job, carried by a job of their
 * own, every try noted. docs/WEBHOOKS.md */
#pragma once
#include "domain/webhook_rules.h"
#include "store/db.h"

enum { WEBHOOK_ANSWER_BYTES = 300 }; /* kept of what a receiver says */

/* Settings of webhooks, addresses and signatures. NULL when well, else one
 * clear sentence owned by the process. */
MUST_CHECK const char *webhook_init(void);

/* ---- telling ------------------------------------------------------------- */

struct webhook_news {
    const char *owner; /* of the job: principal.id */
    int64_t tenant_id; /* 0: none */
    const char *task_id;
    const char *event; /* "success", "failure" or "cancelled" */
    const char *url;   /* the job's own, or NULL: WEBHOOK_URL */
    struct bytes body; /* webhook_body_write */
};
/* Whether anybody would be told: without a url and WEBHOOK_URL no body need be
 * written. */
bool webhook_is_wanted(const char *url);
/* Within the transaction that ends the job. Told once a task and event however
 * often this is called. Without an address nothing is done; a receiver that is
 * switched off gets nothing, which is noted. */
MUST_CHECK enum err webhook_enqueue(struct db *db, struct arena *a,
                                    const struct webhook_news *n);

/* ---- for the worker ------------------------------------------------------ */

struct webhook_order {
    const char *id; /* webhook-id */
    const char *url, *origin, *blob_id /* NULL: none */;
    int64_t endpoint_id;
    int failures;       /* of the receiver, in a row */
    int64_t paused_ms;  /* for which it is to be left alone */
    int64_t now_s;      /* the database's clock */
    bool has_succeeded; /* the receiver, once */
    bool is_disabled, is_pending;
};
/* What a try needs. ERR_NOT_FOUND: it was deleted with its owner's data. */
MUST_CHECK enum err webhook_load(struct db *db, struct arena *a, const char *id,
                                 struct webhook_order *out);

struct webhook_try {
    const char *error; /* as in struct webhook_outcome */
    int status;
    int64_t duration_ms, sent_bytes;
    struct bytes answer; /* its beginning; kept as plain text */
};
/* Notes a try and what it means for its receiver, within the transaction that
 * ends the job's claim; *paused_ms: it is left alone for so long now. A
 * receiver that is switched off by this is in the log and in the trail. */
MUST_CHECK enum err webhook_settle(struct db *db, struct arena *a,
                                   const struct webhook_order *o,
                                   const struct webhook_try *t,
                                   const struct webhook_verdict *v,
                                   int64_t *paused_ms);
/* It will not be tried any more, for a reason of ours: endpoint_disabled,
 * body_gone. */
MUST_CHECK enum err webhook_drop(struct db *db, struct arena *a, const char *id,
                                 const char *why);
/* Forgets deliveries that ended WEBHOOK_LOG_DAYS ago; *n: how many, a thousand
 * a call at most. */
MUST_CHECK enum err webhook_purge(struct db *db, struct arena *a, int64_t *n);

/* ---- for owners, after job_enter ----------------------------------------- */

struct webhook_filter {
    const char *owner;
    const char *after;           /* page_key of the row before, or NULL */
    const char *state, *task_id; /* NULL: whatever */
    const char *rows;
};
/* Rows as row_to_json takes them: id, task_id, event, url, endpoint_id, state
 * (pending, delivered, failed), tries, last_status, last_error, size,
 * created_at, finished_at, page_key. */
MUST_CHECK enum err webhook_list(struct db *db, struct arena *a,
                                 const struct webhook_filter *f,
                                 PGresult **out);
/* One of them with next_try_at, and its newest hundred tries. ERR_NOT_FOUND. */
MUST_CHECK enum err webhook_find(struct db *db, struct arena *a,
                                 const char *owner, const char *id,
                                 PGresult **row, PGresult **tries);
/* Sends it again under its id, now. owner NULL: for an operator. ERR_NOT_FOUND;
 * ERR_CONFLICT when its receiver is switched off or its body no longer kept. */
MUST_CHECK enum err webhook_redeliver(struct db *db, struct arena *a,
                                      const char *id, const char *owner,
                                      const char *actor);
/* Receivers, newest first: page[0] the key of the row before or NULL, page[1]
 * how many. id (or NULL) names one. */
MUST_CHECK enum err webhook_endpoints(struct db *db, struct arena *a,
                                      const char *owner, const char *id,
                                      const char *const page[2],
                                      PGresult **out);
/* Switches a receiver on again. ERR_NOT_FOUND. */
MUST_CHECK enum err webhook_enable(struct db *db, struct arena *a,
                                   const char *id, const char *owner,
                                   const char *actor);
