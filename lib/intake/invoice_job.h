/* A job that analyses an invoice, from its order to its answer: what is kept
 * of it, under which names, and what one transaction holds. */
#pragma once
#include "domain/charge.h"
#include "domain/job.h"
#include "invoice/analysis.h"
#include "store/blob.h"

struct invoice_job_order {
    const struct analysis *q;
    const char *owner; /* principal.id */
    int64_t tenant_id; /* 0: none */
    int priority;
    const char *webhook_url;     /* or NULL */
    bool webhook_by_link;        /* tells of the reports by address */
    const struct charge *charge; /* set aside for it; id 0: nothing */
    const char *key_hash;        /* of the Idempotency-Key, or NULL */
};
/* How long a reservation and the files wait for their job, in seconds. */
int64_t invoice_job_patience_s(void);
/* Puts the job, its files and its reservation in the transaction that is
 * open; *task_id lives in a. */
MUST_CHECK enum err invoice_job_put(struct db *db, struct arena *a,
                                    const struct invoice_job_order *o,
                                    const char **task_id);

/* ---- for workers --------------------------------------------------------- */

/* What the job asks for, with its files. ERR_NOT_FOUND: they are past their
 * time. */
MUST_CHECK enum err invoice_job_load(struct db *db, struct arena *a,
                                     const struct job *j, struct analysis *q);
/* Whether an outcome is the document's own: another try would be the same. */
bool invoice_job_is_final(enum err e);
/* In the transaction that is open, before job_finish: the answer and both
 * reports are kept and what was set aside is charged. ERR_QUOTA_EXCEEDED: it
 * had gone back meanwhile (a dead letter put back in line), and the month has
 * no room for it. */
MUST_CHECK enum err invoice_job_keep(struct db *db, struct arena *a,
                                     const struct job *j,
                                     const struct analysis *q,
                                     const struct audit_result *res);
/* The same for a refusal, whose members explain it; takes members (or NULL). */
MUST_CHECK enum err invoice_job_refuse(struct db *db, struct arena *a,
                                       const struct job *j, enum err why,
                                       json_t *members);

/* What was asked, without the files: for telling of a job that could not be
 * done. ERR_NOT_FOUND. */
MUST_CHECK enum err invoice_job_asked(struct db *db, struct arena *a,
                                      const struct job *j, struct analysis *q);

/* How a job ended, for its webhook. */
struct invoice_job_news {
    const struct job *job;
    const struct analysis *q;
    const struct audit_result *res; /* of a success */
    enum err why;                   /* OK: a success */
};
/* In the transaction that ends the job: whoever is to be told will be. */
MUST_CHECK enum err invoice_job_tell(struct db *db, struct arena *a,
                                     const struct invoice_job_news *n);
/* Of a job that was cancelled, which 0017 puts in line with its end: told is
 * the job that tells. What was asked is wiped. Within a transaction. */
MUST_CHECK enum err invoice_job_tell_cancelled(struct db *db, struct arena *a,
                                               const struct job *told);

/* ---- for owners ---------------------------------------------------------- */

/* One row of the owner's: task_id, source_kind, status, progress,
 * is_cancelling, attempt, attempts_max, queue_position, version, error_code,
 * created_at, started_at, finished_at, expires_at, is_expired. ERR_NOT_FOUND.
 * Needs job_enter, as the next one. */
MUST_CHECK enum err invoice_job_find(struct db *db, struct arena *a,
                                     const char *task_id, const char *owner,
                                     PGresult **row);
/* page: key behind which it begins, status (or NULL), how many rows. */
MUST_CHECK enum err invoice_job_list(struct db *db, struct arena *a,
                                     const char *owner,
                                     const char *const page[3], PGresult **out);
/* What ended it: the answer, with the reports in Base64 or by size and
 * SHA-256; of a failed one the members of its error. The caller's; NULL in
 * *out when nothing is kept (any more). */
MUST_CHECK enum err invoice_job_result(struct db *db, struct arena *a,
                                       const char *task_id, bool with_reports,
                                       json_t **out);
/* Ends a job that waits or runs (*status: cancelled, running), or deletes one
 * that ended with all that is kept of it (*status NULL). The row must be the
 * owner's. Within a transaction, after job_enter. */
MUST_CHECK enum err invoice_job_delete(struct db *db, struct arena *a,
                                       const char *task_id, const char *owner,
                                       const char **status);
