/* comptoir-worker: what its processes share. One parent keeps one process a
 * lane (and the scheduler) alive; docs/ops/jobs.md. */
#pragma once
#include <stdbool.h>

struct worker {
    const char *name;  /* host/pid, as rows of job show it */
    const char *kinds; /* --kinds: names by commas, or NULL: all */
    bool once;         /* --once: end when nothing is due */
};

/* Each is the whole life of one process; its exit code. */
int lane_inline_run(const struct worker *w);
int lane_child_run(const struct worker *w);
int lane_net_run(const struct worker *w);
int scheduler_run(const struct worker *w);
