/* What the processes of all lanes do alike: hear, wait, claim, give up. */
#pragma once
#include "kinds.h"
#include "worker.h"

enum {
    LANE_STOP = 1,   /* told to end */
    LANE_HINT = 2,   /* there may be work */
    LANE_CANCEL = 4, /* somebody wants a running job to end */
    LANE_CHANGED = 8 /* a child ended */
};

enum { LANE_POLL_MS = 1000 };

struct lane_seat {
    const struct worker *w;
    enum lane lane;
    const char *kinds;
    struct db *db, *ear; /* the ear only listens */
    struct arena *a;     /* of one turn */
    int signals;
    bool stopping;
    char behind[81];  /* owner served last */
    int64_t sweep_us; /* when to look for exhausted jobs again */
};

/* Signals are blocked and read from a descriptor, the log and the metrics are
 * this lane's. */
void lane_open(struct lane_seat *s, const struct worker *w, enum lane lane);
void lane_close(struct lane_seat *s);
/* Signals of a process without a seat (the scheduler, the parent). */
int lane_signals(void);
/* The metrics file of the n-th process of this worker. */
void lane_metrics(int n);
/* What came, without waiting. */
int lane_heard(struct lane_seat *s);
/* Waits at most ms for any of the above; 0: nothing came. */
int lane_wait(struct lane_seat *s, int64_t ms);
/* Up to most jobs into out, in a. On a failure none. */
size_t lane_claim(struct lane_seat *s, struct arena *a, int most,
                  struct job *out);
/* Every now and then: jobs whose last attempt never came back are dead. */
void lane_sweep(struct lane_seat *s);
/* An attempt failed: once more later, or a dead letter; in a transaction of
 * its own. ERR_CONFLICT: the job is no longer ours. */
MUST_CHECK enum err lane_fail(struct db *db, struct arena *a,
                              const struct job *j, const char *error);
/* The job ends as its owner wished, in a transaction of its own. */
MUST_CHECK enum err lane_cancel(struct db *db, struct arena *a,
                                const struct job *j);
/* Counts and logs how an attempt ended. */
void lane_tell(const struct job *j, const char *end, int64_t since_us);
