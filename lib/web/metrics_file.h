/* How a metrics file is laid out: private to metrics.c, which writes its own,
 * and metrics_text.c, which reads all. Names and labels stand beside the
 * numbers, so that the reader needs no knowledge of other families and
 * versions may differ during a rolling restart. */
#pragma once
#include <stdint.h>
#include "web/metrics.h"

enum {
    METRICS_MAGIC = 0x436d7433, /* "Cmt3": change with the layout */
    METRICS_ROUTES = 128,       /* the last one takes requests without a row */
    METRICS_COUNTERS = 96,
    METRICS_LABELLED = 128, /* the last one takes values beyond the others */
    METRICS_BUCKETS = 14,
    METRICS_STATUSES = 21
};

struct metrics_route {
    char method[8], path[64];
    uint64_t by_status[METRICS_STATUSES];
    uint64_t buckets[METRICS_BUCKETS + 1]; /* not cumulative */
    uint64_t sum_us;
};
struct metrics_counter {
    char name[96]; /* with its labels */
    uint64_t value;
};
struct metrics_labelled {
    char name[56], label[40]; /* series without labels; value of its label */
    uint32_t is_there; /* the texts are written; they never change again */
    uint64_t value;
};
static inline bool metrics_is_there(const struct metrics_labelled *l)
{
    return __atomic_load_n(&l->is_there, __ATOMIC_ACQUIRE);
}
struct metrics_file {
    uint32_t magic, size;
    char family[32];
    int32_t pid; /* who writes, or wrote last */
    uint32_t n_routes, n_counters, n_labelled;
    char current_id[72]; /* request in hand; "" between requests */
    int32_t current_route;
    struct metrics_counter counters[METRICS_COUNTERS];
    struct metrics_labelled labelled[METRICS_LABELLED];
    struct metrics_route routes[METRICS_ROUTES];
};

struct metrics_row {
    const char *name, *help;
    const char *label; /* METRIC_BY: its label; else NULL */
};

/* One row of metrics.tbl a counter, in the order of enum metric. */
extern const struct metrics_row metrics_rows[METRIC_MAX];
/* Statuses counted apart; 0, the last, stands for any other. */
extern const int metrics_statuses[METRICS_STATUSES];
/* Upper ends in microseconds; one more bucket has none. */
extern const int64_t metrics_bucket_ends[METRICS_BUCKETS];
/* This process's file, or NULL before metrics_init. */
const struct metrics_file *metrics_own(void);
