/* All files of the run directory, summed and told in the Prometheus text
 * format 0.0.4. Files are written by other programs: whatever they hold is
 * read within bounds, and one of another layout is left out. */
#include "web/metrics.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/conf.h"
#include "base/str.h"
#include "domain/job.h"
#include "store/cache.h"
#include "version.h"
#include "web/limit.h"
#include "web/metrics_file.h"

enum {
    TEXT_BYTES = 4 * 1024 * 1024,
    FAMILIES = 64,
    VALUES = 512,
    QUEUES_MS = 1000
};

struct total {
    char family[32];
    struct metrics_route series;
};
struct pool {
    char family[32];
    int processes, busy;
};
struct totals {
    uint64_t counters[METRIC_MAX];
    struct metrics_labelled *values;
    size_t n_values;
    struct pool pools[FAMILIES];
    size_t n_pools;
    struct total *routes;
    size_t n, cap;
    struct arena *arena;
};

static uint64_t load(const uint64_t *p)
{
    return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static struct metrics_route *total_of(struct totals *t, const char *family,
                                      const struct metrics_route *r)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->routes[i].family, family) &&
            str_eq(t->routes[i].series.method, r->method) &&
            str_eq(t->routes[i].series.path, r->path))
            return &t->routes[i].series;
    if (t->n == t->cap)
        return NULL;
    struct total *new = &t->routes[t->n++];
    snprintf(new->family, sizeof new->family, "%s", family);
    memcpy(new->series.method, r->method, sizeof r->method);
    memcpy(new->series.path, r->path, sizeof r->path);
    return &new->series;
}

static void add_counters(struct totals *t, const struct metrics_file *f)
{
    for (uint32_t i = 0; i < f->n_counters && i < METRICS_COUNTERS; i++)
        for (int m = 0; m < METRIC_MAX; m++)
            if (strncmp(f->counters[i].name, metrics_rows[m].name,
                        sizeof f->counters[i].name) == 0)
                t->counters[m] += load(&f->counters[i].value);
}

static void add_value(struct totals *t, const struct metrics_labelled *l)
{
    size_t i = 0;
    while (i < t->n_values && !(str_eq(t->values[i].name, l->name) &&
                                str_eq(t->values[i].label, l->label)))
        i++;
    if (i == VALUES)
        return;
    if (i == t->n_values)
        t->values[t->n_values++] = *l;
    else
        t->values[i].value += l->value;
}

static void add_routes(struct totals *t, const struct metrics_file *f)
{
    for (uint32_t i = 0; i < f->n_routes && i < METRICS_ROUTES; i++) {
        const struct metrics_route *r = &f->routes[i];
        struct metrics_route *sum = total_of(t, f->family, r);
        if (!sum)
            return;
        for (size_t s = 0; s < METRICS_STATUSES; s++)
            sum->by_status[s] += load(&r->by_status[s]);
        for (size_t b = 0; b <= METRICS_BUCKETS; b++)
            sum->buckets[b] += load(&r->buckets[b]);
        sum->sum_us += load(&r->sum_us);
    }
}

/* A slot whose process is gone, and was not replaced, counts no more. */
static void add_pool(struct totals *t, const struct metrics_file *f)
{
    size_t i = 0;
    if (f->pid <= 0 || (kill(f->pid, 0) < 0 && errno == ESRCH))
        return;
    while (i < t->n_pools && !str_eq(t->pools[i].family, f->family))
        i++;
    if (i == FAMILIES)
        return;
    if (i == t->n_pools)
        snprintf(t->pools[t->n_pools++].family, sizeof f->family, "%s",
                 f->family);
    t->pools[i].processes++;
    t->pools[i].busy += f->current_id[0] != '\0';
}

static void add_file(struct totals *t, const struct metrics_file *f)
{
    add_counters(t, f);
    add_routes(t, f);
    add_pool(t, f);
    for (uint32_t i = 0; i < f->n_labelled && i < METRICS_LABELLED; i++)
        if (metrics_is_there(&f->labelled[i]))
            add_value(t, &f->labelled[i]);
}

#define END(text) ((text)[sizeof(text) - 1] = '\0')

static void end_texts(struct metrics_file *f)
{
    END(f->family);
    for (size_t i = 0; i < METRICS_LABELLED; i++) {
        END(f->labelled[i].name);
        END(f->labelled[i].label);
    }
    for (size_t i = 0; i < METRICS_ROUTES; i++) {
        END(f->routes[i].method);
        END(f->routes[i].path);
    }
}

static void read_file(struct totals *t, struct metrics_file *f,
                      const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    bool ok = read(fd, f, sizeof *f) == (ssize_t)sizeof *f &&
              f->magic == METRICS_MAGIC && f->size == sizeof *f;
    close(fd);
    if (!ok)
        return;
    end_texts(f);
    add_file(t, f);
}

static void read_all(struct totals *t)
{
    struct metrics_file *copy = arena_alloc(t->arena, sizeof *copy);
    const char *dir =
        arena_printf(t->arena, "%s/metrics", conf_str(CONF_COMPTOIR_RUN));
    DIR *d = opendir(dir);
    if (!d) { /* no run directory: at least our own */
        if (metrics_own())
            add_file(t, metrics_own());
        return;
    }
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        if (e->d_name[0] != '.')
            read_file(t, copy, arena_printf(t->arena, "%s/%s", dir, e->d_name));
    closedir(d);
}

static void put_head(struct buf *b, const char *name, const char *help,
                     const char *type)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_statuses(struct buf *b, const struct total *t)
{
    const struct metrics_route *r = &t->series;
    for (size_t s = 0; s < METRICS_STATUSES; s++) {
        char code[8] = "other";
        if (!r->by_status[s])
            continue;
        if (metrics_statuses[s])
            snprintf(code, sizeof code, "%d", metrics_statuses[s]);
        buf_printf(b,
                   "comptoir_http_requests_total{family=\"%s\","
                   "route=\"%s\",method=\"%s\",code=\"%s\"} %llu\n",
                   t->family, r->path, r->method, code,
                   (unsigned long long)r->by_status[s]);
    }
}

static void put_histogram(struct buf *b, const struct total *t)
{
    const char *name = "comptoir_http_request_duration_seconds";
    const struct metrics_route *r = &t->series;
    char labels[192];
    uint64_t n = 0;
    snprintf(labels, sizeof labels, "family=\"%s\",route=\"%s\",method=\"%s\"",
             t->family, r->path, r->method);
    for (size_t i = 0; i < METRICS_BUCKETS; i++) {
        n += r->buckets[i];
        buf_printf(b, "%s_bucket{%s,le=\"%g\"} %llu\n", name, labels,
                   (double)metrics_bucket_ends[i] / 1e6, (unsigned long long)n);
    }
    n += r->buckets[METRICS_BUCKETS];
    buf_printf(b, "%s_bucket{%s,le=\"+Inf\"} %llu\n", name, labels,
               (unsigned long long)n);
    buf_printf(b, "%s_sum{%s} %llu.%06llu\n", name, labels,
               (unsigned long long)(r->sum_us / 1000000),
               (unsigned long long)(r->sum_us % 1000000));
    buf_printf(b, "%s_count{%s} %llu\n", name, labels, (unsigned long long)n);
}

static void put_routes(struct buf *b, const struct totals *t)
{
    put_head(b, "comptoir_http_requests_total", "Requests answered", "counter");
    for (size_t i = 0; i < t->n; i++)
        put_statuses(b, &t->routes[i]);
    put_head(b, "comptoir_http_request_duration_seconds",
             "Time from the first byte read to the answer made", "histogram");
    for (size_t i = 0; i < t->n; i++)
        put_histogram(b, &t->routes[i]);
}

/* The values met of a METRIC_BY row; what found no place comes as "other". */
static void put_values(struct buf *b, const struct totals *t, enum metric m)
{
    const struct metrics_row *row = &metrics_rows[m];
    for (size_t i = 0; i < t->n_values; i++)
        if (str_eq(t->values[i].name, row->name))
            buf_printf(b, "%s{%s=\"%s\"} %llu\n", row->name, row->label,
                       t->values[i].label,
                       (unsigned long long)t->values[i].value);
    if (t->counters[m])
        buf_printf(b, "%s{%s=\"other\"} %llu\n", row->name, row->label,
                   (unsigned long long)t->counters[m]);
}

static void put_counters(struct buf *b, const struct totals *t)
{
    char name[96], before[96] = "";
    for (int m = 0; m < METRIC_MAX; m++) {
        const struct metrics_row *row = &metrics_rows[m];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(row->name, "{"),
                 row->name);
        if (!str_eq(name, before)) /* once for all labels of one series */
            put_head(b, name, row->help, "counter");
        memcpy(before, name, sizeof before);
        if (row->label)
            put_values(b, t, (enum metric)m);
        else
            buf_printf(b, "%s %llu\n", row->name,
                       (unsigned long long)t->counters[m]);
    }
}

static void put_pools(struct buf *b, const struct totals *t)
{
    put_head(b, "comptoir_pool_processes", "Responders of a family alive",
             "gauge");
    for (size_t i = 0; i < t->n_pools; i++)
        buf_printf(b, "comptoir_pool_processes{family=\"%s\"} %d\n",
                   t->pools[i].family, t->pools[i].processes);
    put_head(b, "comptoir_pool_busy_processes",
             "Responders of a family with a request in hand", "gauge");
    for (size_t i = 0; i < t->n_pools; i++)
        buf_printf(b, "comptoir_pool_busy_processes{family=\"%s\"} %d\n",
                   t->pools[i].family, t->pools[i].busy);
}

/* As this process finds them now; each was asked within this second. */
static void put_backends(struct buf *b)
{
    struct cache *cache = limit_cache();
    put_head(b, "comptoir_ratelimit_backend_up",
             "Whether a memcached server answers", "gauge");
    for (size_t i = 0; i < cache_servers(cache); i++)
        buf_printf(b, "comptoir_ratelimit_backend_up{server=\"%zu\"} %d\n",
                   i + 1, cache_ping_server(cache, i));
}

/* As the database has them; nothing while it is away. */
static void put_queues(struct buf *b, struct arena *a, struct db *db)
{
    enum { LANE, STATE, JOBS, OLDEST };
    PGresult *res;
    if (!db)
        return;
    db_patience(db, QUEUES_MS);
    const enum err e = job_counts(db, a, &res);
    db_patience(db, conf_int(CONF_DATABASE_WAIT_MS));
    if (e)
        return;
    put_head(b, "comptoir_queue_jobs", "Jobs that wait or run", "gauge");
    for (int i = 0; i < PQntuples(res); i++)
        buf_printf(b, "comptoir_queue_jobs{lane=\"%s\",state=\"%s\"} %s\n",
                   PQgetvalue(res, i, LANE), PQgetvalue(res, i, STATE),
                   PQgetvalue(res, i, JOBS));
    put_head(b, "comptoir_queue_oldest_seconds",
             "Since when the oldest of them is due or runs", "gauge");
    for (int i = 0; i < PQntuples(res); i++)
        buf_printf(
            b, "comptoir_queue_oldest_seconds{lane=\"%s\",state=\"%s\"} %s\n",
            PQgetvalue(res, i, LANE), PQgetvalue(res, i, STATE),
            PQgetvalue(res, i, OLDEST));
}

const char *metrics_text(struct arena *a, struct db *db)
{
    struct totals *t = arena_alloc(a, sizeof *t);
    struct buf b;
    *t = (struct totals){.arena = a, .cap = 512};
    t->routes = ARENA_ARRAY(a, t->cap, struct total);
    t->values = ARENA_ARRAY(a, VALUES, struct metrics_labelled);
    buf_init(&b, a, TEXT_BYTES);
    read_all(t);
    put_routes(&b, t);
    put_counters(&b, t);
    put_pools(&b, t);
    put_backends(&b);
    put_queues(&b, a, db);
    put_head(&b, "comptoir_build_info", "Version of the answering responder",
             "gauge");
    buf_printf(&b, "comptoir_build_info{version=\"%s\"} 1\n", COMPTOIR_VERSION);
    return buf_cstr(&b);
}
