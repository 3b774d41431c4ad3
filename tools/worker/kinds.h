/* The one table of job kinds. */
#pragma once
#include "domain/job.h"
#include "wire/libcurl.h"

enum lane { LANE_INLINE, LANE_CHILD, LANE_NET, LANE_MAX };

/* One job at work. */
struct work {
    struct db *db;   /* no transaction is open but where it says so */
    struct arena *a; /* lives as long as this job's attempt */
    const struct job *job;
    bool is_unwanted;   /* its owner has cancelled it (after work_progress) */
    int64_t put_off_ms; /* net kinds: with ERR_OVERLOADED of start */
    enum job_end end;   /* net kinds: how done ended the job */
};
/* How far it is, 0 to 100; at most once a second it is written. Never within a
 * transaction. False: stop, the job is cancelled or no longer ours. */
bool work_progress(struct work *w, int percent);
/* Child kinds: the soft limit has passed, the hard one is not far. */
bool work_is_late(void);
/* The same in advance: milliseconds until the soft limit; 0: it has passed. */
int64_t work_left_ms(const struct work *w);

struct net_kind {
    /* Makes the call of a job ready: an easy handle, and what done needs. The
     * handle is cleaned up with w->a. ERR_CONFLICT: it ended the job itself;
     * ERR_OVERLOADED: there is no room, once more in w->put_off_ms.
     * Any other error is a failed attempt. */
    enum err (*start)(struct work *w, CURL **handle, void **call);
    /* The call ended. Within a transaction that the lane opened and commits:
     * ends the job by job_finish. An error: all is rolled back, and the attempt
     * has failed. */
    enum err (*done)(struct work *w, void *call, CURLcode rc);
};

struct kind {
    const char *name;
    enum lane lane;
    /* inline: database statements within an open transaction; OK: done, the
     * lane ends the job. Several share that transaction; after an error each
     * is tried alone.
     * child: in a process of its own with limits: works with no transaction
     * open, then writes its results and job_finish in one. An error: the
     * attempt has failed.
     * NULL: there is nothing to do, or it is a net kind. */
    enum err (*run)(struct work *w, const struct job *j);
    struct net_kind net;
    /* Within the transaction in which a job became a dead letter, or NULL. */
    enum err (*dead)(struct work *w, const char *error);
    /* child: told, then killed, after so many seconds; 0: as JOB_SOFT_S and
     * JOB_HARD_S say */
    int soft_s, hard_s;
    int backoff_s, backoff_max_s; /* doubled at every attempt, +-50 % */
    const char *doc;
};

/* By name; NULL: no such kind. */
const struct kind *kinds_find(const char *name);
/* Its limits in seconds. */
int64_t kinds_soft_s(const struct kind *k);
int64_t kinds_hard_s(const struct kind *k);
/* The names of a lane's kinds by commas, of those in only (names by commas, or
 * NULL: all); NULL when there are none. */
const char *kinds_of(struct arena *a, enum lane lane, const char *only);
/* The first of these names (by commas) that is no kind's; NULL: all are. */
const char *kinds_unknown(struct arena *a, const char *names);
/* "inline", "child", "net". */
RETURNS_NONNULL const char *kinds_lane(enum lane lane);
/* One line a kind, for --help. */
void kinds_print(void);
