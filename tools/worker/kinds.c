/* A kind is a row here, and whoever puts one in line names its lane. */
#include "kinds.h"
#include <stdio.h>
#include "base/buf.h"
#include "base/conf.h"
#include "base/str.h"
#include "domain/backup.h"
#include "kind_invoice.h"
#include "web/metrics.h"
#include "kind_noop.h"
#include "kind_webhook.h"

enum { NAMES_BYTES = 4096, NAMES_MAX = 64 };

static enum err backup(struct work *w, const struct job *j)
{
    const enum err e = backup_upload(w->db, w->a, j);
    metrics_add(e ? METRIC_backups_failed : METRIC_backups_ok, 1);
    return e;
}

static const struct kind kinds[] = {
    {.name = "noop",
     .lane = LANE_INLINE,
     .backoff_s = 1,
     .backoff_max_s = 60,
     .doc = "does nothing: shows that the lane works (comptoirctl job probe)"},
    {.name = "noop_child",
     .lane = LANE_CHILD,
     .run = kind_noop_child,
     .backoff_s = 1,
     .backoff_max_s = 60,
     .doc = "the same in a process of its own"},
    {.name = "invoice_pdf",
     .lane = LANE_CHILD,
     .run = kind_invoice_run,
     .dead = kind_invoice_dead,
     .backoff_s = 2,
     .backoff_max_s = 300,
     .doc = "analyses an invoice given as PDF (POST /v1/jobs/pdf)"},
    {.name = "invoice_images",
     .lane = LANE_CHILD,
     .run = kind_invoice_run,
     .dead = kind_invoice_dead,
     .backoff_s = 2,
     .backoff_max_s = 300,
     .doc = "the same given as pictures (POST /v1/jobs/images)"},
    {.name = "tell_cancelled",
     .lane = LANE_INLINE,
     .run = kind_invoice_cancelled,
     .backoff_s = 2,
     .backoff_max_s = 300,
     .doc = "writes the webhook of an invoice job that was cancelled"},
    {.name = "backup",
     .lane = LANE_CHILD,
     .run = backup,
     .backoff_s = 60,
     .backoff_max_s = 6 * 3600,
     .doc = "brings the files of an invoice run to the S3 store"},
    {.name = "webhook",
     .lane = LANE_NET,
     .net = {.start = webhook_start, .done = webhook_done},
     .dead = webhook_dead,
     .backoff_s = 5,
     .backoff_max_s = 3600,
     .doc = "tells a receiver of the end of a job"},
};

const struct kind *kinds_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (str_eq(kinds[i].name, name))
            return &kinds[i];
    return NULL;
}

int64_t kinds_soft_s(const struct kind *k)
{
    return k->soft_s ? k->soft_s : conf_int(CONF_JOB_SOFT_S);
}

int64_t kinds_hard_s(const struct kind *k)
{
    return k->hard_s ? k->hard_s : conf_int(CONF_JOB_HARD_S);
}

static bool is_among(struct arena *a, const char *names, const char *name)
{
    const char *parts[NAMES_MAX];
    const size_t n = str_split(a, names, ',', parts, NAMES_MAX);
    for (size_t i = 0; i < n; i++)
        if (str_eq(parts[i], name))
            return true;
    return false;
}

const char *kinds_of(struct arena *a, enum lane lane, const char *only)
{
    struct buf b;
    buf_init(&b, a, NAMES_BYTES);
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (kinds[i].lane != lane ||
            (only && !is_among(a, only, kinds[i].name)))
            continue;
        if (b.n)
            buf_char(&b, ',');
        buf_str(&b, kinds[i].name);
    }
    return b.n ? buf_cstr(&b) : NULL;
}

const char *kinds_unknown(struct arena *a, const char *names)
{
    const char *parts[NAMES_MAX];
    const size_t n = str_split(a, names, ',', parts, NAMES_MAX);
    for (size_t i = 0; i < n; i++)
        if (!kinds_find(parts[i]))
            return parts[i];
    return NULL;
}

const char *kinds_lane(enum lane lane)
{
    static const char *const names[LANE_MAX] = {"inline", "child", "net"};
    return names[lane];
}

void kinds_print(void)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        printf("  %-16s %-7s %s\n", kinds[i].name, kinds_lane(kinds[i].lane),
               kinds[i].doc);
}
