/* What is answered of a job, by the family that has it and the one that waits
 * for it. */
#pragma once
#include <jansson.h>
#include "web/route.h"

/* {"self", "events"} and, with_reports, {"reports": {"full", "anonymous"}};
 * the caller's. */
json_t *invoice_job_links(const char *task_id, bool with_reports);
extern const struct field invoice_job_out_links[];

/* clang-format off */
#define INVOICE_JOB_OUT_STATUS "queued, running, succeeded, failed or cancelled."
#define INVOICE_JOB_OUT_MUST(n, k, d)                                          \
    {.name = n, .kind = OUT_##k, .required = true, .doc = d}
#define INVOICE_JOB_OUT_MAY(n, k, d)                                           \
    {.name = n, .kind = OUT_##k, .required = true, .nullable = true, .doc = d}
#define INVOICE_JOB_OUT_TIMES                                                  \
    INVOICE_JOB_OUT_MUST("created_at", TEXT, "When it was ordered."),          \
    INVOICE_JOB_OUT_MAY("started_at", TEXT, "When a worker first took it."),   \
    INVOICE_JOB_OUT_MAY("finished_at", TEXT, "When it ended."),                \
    INVOICE_JOB_OUT_MAY("expires_at", TEXT, "Until when its result can be had.")
/* The columns of invoice_job_find but error_code. */
#define INVOICE_JOB_OUT_ROW                                                    \
    INVOICE_JOB_OUT_MUST("task_id", TEXT, "Id of the job."),                   \
    INVOICE_JOB_OUT_MUST("source_kind", TEXT, "pdf or images."),               \
    INVOICE_JOB_OUT_MUST("status", TEXT, INVOICE_JOB_OUT_STATUS),              \
    INVOICE_JOB_OUT_MUST("progress", INT, "Per cent."),                        \
    INVOICE_JOB_OUT_MUST("is_cancelling", BOOL,                                \
                         "It runs, and will be stopped."),                     \
    INVOICE_JOB_OUT_MUST("attempt", INT, "How often it was begun."),           \
    INVOICE_JOB_OUT_MUST("attempts_max", INT, "How often it may be begun."),   \
    INVOICE_JOB_OUT_MAY("queue_position", INT,                                 \
                        "How many are begun before it, counted to 200; null " \
                        "when it does not wait in line."),                     \
    INVOICE_JOB_OUT_MUST("version", INT,                                       \
                         "Another number whenever something above changes: "   \
                         "after= of events."),                                 \
    INVOICE_JOB_OUT_TIMES,                                                     \
    INVOICE_JOB_OUT_MUST("is_expired", BOOL, "Its result is gone.")
