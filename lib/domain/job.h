/* Work that outlives its request: put in line within the transaction of the
 * row it serves, claimed by a worker under a lease, ended under that lease's
 * token. docs/decisions/0018-jobs.md, docs/ops/jobs.md */
#pragma once
#include <jansson.h>
#include "store/db.h"

enum { JOB_ERROR_CHARS = 500, JOB_TASK_CHARS = 36 };

struct job_request {
    const char *kind, *lane; /* "webhook", "net": tools/worker/kinds.c */
    const char *owner;       /* principal.id: "user:12"; "system" */
    int64_t tenant_id;       /* 0: none */
    int priority;            /* 0 (first) to 3; 2 is usual */
    int64_t delay_ms;        /* not before; 0: at once */
    const char *payload;     /* JSON text; NULL: {} */
    const char *unique_key;  /* one living job of it an owner, or NULL */
    const char *webhook_url; /* told of the end, or NULL */
    int attempts_max;        /* 1 to 100; 0: 5 */
    const char *task_id;     /* a UUID, or NULL: the database makes one */
};

/* Within the transaction that is open, or in one of its own; commits with it,
 * and hints to the worker. *task_id (owned by a) is the new job's, or that of
 * the owner's living job of the same unique_key. ERR_CONFLICT: the task_id is
 * taken. */
MUST_CHECK enum err job_enqueue(struct db *db, struct arena *a,
                                const struct job_request *q,
                                const char **task_id);

/* ---- for workers --------------------------------------------------------- */

struct job {
    int64_t id;
    const char *task_id, *lane, *kind, *owner, *token, *webhook_url;
    int64_t tenant_id; /* 0: none */
    int attempt, attempts_max;
    json_t *payload; /* deferred to the arena of the claim */
};

struct job_want {
    const char *lane;
    const char *kinds;  /* by commas, or NULL: all */
    int most;           /* jobs, 1 to 1000 */
    const char *behind; /* owner served last, or NULL */
    const char *worker; /* who asks: host/pid */
};
/* Claims at most w->most jobs into out (room for them), *n how many; each
 * counts an attempt and is leased for JOB_LEASE_S. Never within a transaction:
 * it commits without waiting for the disk. */
MUST_CHECK enum err job_claim(struct db *db, struct arena *a,
                              const struct job_want *w, struct job *out,
                              size_t *n);
/* As job_claim, of jobs whose last attempt never came back: they are to be
 * ended (JOB_DEAD), with whatever belongs to that. */
MUST_CHECK enum err job_exhausted(struct db *db, struct arena *a,
                                  const struct job_want *w, struct job *out,
                                  size_t *n);

enum job_hold { JOB_LOST, JOB_HELD, JOB_UNWANTED /* held; to be cancelled */ };
/* Prolongs the leases of n jobs; holds[i] tells of each. Never within a
 * transaction. On a failure holds are not written. */
MUST_CHECK enum err job_heartbeat(struct db *db, struct arena *a,
                                  const struct job *jobs, size_t n,
                                  enum job_hold *holds);
/* percent 0 to 100. ERR_CONFLICT: the job is no longer ours; *unwanted: it is
 * to be cancelled. Never within a transaction. */
MUST_CHECK enum err job_progress(struct db *db, struct arena *a,
                                 const struct job *j, int percent,
                                 bool *unwanted);

enum job_end {
    JOB_DONE,
    JOB_RETRY, /* in delay_ms; dead after the last attempt */
    JOB_DEAD,
    JOB_CANCELLED,
    JOB_SNOOZE, /* in delay_ms; counts as no attempt */
    JOB_END_MAX
};
/* Ends a claim within the transaction that is open, so that results, charges
 * and webhooks commit with it. error: at most JOB_ERROR_CHARS are kept, or
 * NULL. ERR_CONFLICT when the token is no longer good: roll back. */
MUST_CHECK enum err job_finish(struct db *db, struct arena *a,
                               const struct job *j, enum job_end end,
                               const char *error, int64_t delay_ms);
/* Whether RETRY would be the end of it. */
bool job_is_last_attempt(const struct job *j);
/* JOB_DONE of n jobs in one statement; ended[i]: that one was still ours. */
MUST_CHECK enum err job_finish_many(struct db *db, struct arena *a,
                                    const struct job *jobs, size_t n,
                                    bool *ended);
/* JOB_SNOOZE of n jobs, each in its delays_ms, by one statement that does not
 * wait for the disk: for claims that find no room. Never within a transaction.
 * Those that are no longer ours stay as they are. */
MUST_CHECK enum err job_put_off(struct db *db, struct arena *a,
                                const struct job *jobs,
                                const int64_t *delays_ms, size_t n);
/* n claims go back unbegun, and count as no attempt. */
MUST_CHECK enum err job_hand_back(struct db *db, struct arena *a,
                                  const struct job *jobs, size_t n);
/* Leases that ran out: back in line, or cancelled; *n how many. */
MUST_CHECK enum err job_reap(struct db *db, struct arena *a, int64_t *n);

/* ---- for owners and operators -------------------------------------------- */

/* Within the transaction that is open: the jobs of one tenant can be seen, or
 * (0) of callers who have none. Needed before all of the below but for the
 * programs that see every tenant. */
MUST_CHECK enum err job_enter(struct db *db, struct arena *a,
                              int64_t tenant_id);
/* Within a transaction: *state is "cancelled" (it waited) or "running" (its
 * worker will stop it). ERR_NOT_FOUND: the owner has no such job that has not
 * ended. */
MUST_CHECK enum err job_cancel(struct db *db, struct arena *a,
                               const char *task_id, const char *owner,
                               const char **state);
/* lane, state (ready, delayed, running), jobs, oldest_s. */
MUST_CHECK enum err job_counts(struct db *db, struct arena *a, PGresult **out);
/* Whether a text is a UUID as the database writes them. */
bool job_is_task_id(const char *s);
