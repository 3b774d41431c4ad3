/* Counters that survive the process: one mapped file a slot in
 * COMPTOIR_RUN/metrics, written by one process, summed by /metrics. */
#pragma once
#include <stdint.h>
#include "base/arena.h"

enum metric {
#define METRIC(name, series, help) METRIC_##name,
#include "web/metrics.tbl"
#undef METRIC
    METRIC_MAX
};

/* Maps the file of this family and COMPTOIR_SLOT; without a run directory
 * the counters stay private. */
void metrics_init(const char *family);
void metrics_add(enum metric m, uint64_t n);
/* One finished request of route index i (position in the family's rows). */
void metrics_request(int route_index, int status, int64_t micros);
/* Prometheus text 0.0.4 of all files in the run directory. */
const char *metrics_text(struct arena *a);
