/* Counters that survive the process: one mapped file a slot in
 * COMPTOIR_RUN/metrics, written by one process, summed by /metrics. */
#pragma once
#include <stdint.h>
#include "web/req.h"

enum metric {
#define METRIC(name, series, help)           METRIC_##name,
#define METRIC_BY(name, series, label, help) METRIC_##name,
#include "web/metrics.tbl"
#undef METRIC
#undef METRIC_BY
    METRIC_MAX
};

/* Maps the file of this family and COMPTOIR_SLOT; without a run directory
 * the counters stay private to the process. */
void metrics_init(const char *family, route_groups groups);
/* Adds to a row METRIC of metrics.tbl. */
void metrics_add(enum metric m, uint64_t n);
/* Adds to a row METRIC_BY, for one value of its label: a word from a table of
 * ours, never a caller's text (the number of values is bounded: what comes
 * beyond is counted as "other"). */
void metrics_add_by(enum metric m, const char *value, uint64_t n);
/* A request begins and is answered. route_index as in struct route_match; -1
 * for requests that fit no row. What a process was doing when it died is
 * logged by its successor. */
void metrics_begin(int route_index, const char *request_id);
void metrics_end(int route_index, int status, int64_t micros);
/* Prometheus text 0.0.4 of all files in the run directory, in a; with the
 * queues of jobs when db (or NULL) answers within a second. */
const char *metrics_text(struct arena *a, struct db *db);
