/* The file holds names and labels beside the numbers, so that the reader
 * needs no knowledge of other families and versions may differ during a
 * rolling restart. Numbers are only ever added to, atomically. */
#include "web/metrics.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "version.h"

enum {
    MAGIC = 0x436d7431, /* "Cmt1": change with the layout */
    ROUTES_MAX = 64,    /* the last one takes requests without a row */
    COUNTERS_MAX = 32,
    BUCKETS = 14,
    TEXT_BYTES = 4 * 1024 * 1024
};

static const int statuses[] = {200, 201, 202, 204, 400, 401, 403,
                               404, 405, 409, 411, 413, 414, 415,
                               422, 429, 500, 502, 503, 504, 0 /* any other */};
enum { STATUSES = ARRAY_LEN(statuses) };

/* Upper ends in microseconds; one more bucket has none. */
static const int64_t bucket_ends[BUCKETS] = {
    500,    1000,   2500,   5000,    10000,   25000,    50000,
    100000, 250000, 500000, 1000000, 2500000, 10000000, 60000000};

struct route_series {
    char method[8], path[64];
    uint64_t by_status[STATUSES];
    uint64_t buckets[BUCKETS + 1]; /* not cumulative */
    uint64_t sum_us;
};
struct counter_series {
    char name[64];
    uint64_t value;
};
struct file {
    uint32_t magic, size;
    char family[32];
    uint32_t n_routes, n_counters;
    char current_id[72]; /* request in hand; "" between requests */
    int32_t current_route;
    struct counter_series counters[COUNTERS_MAX];
    struct route_series routes[ROUTES_MAX];
};

static const struct {
    const char *name, *help;
} counter_rows[METRIC_MAX] = {
#define METRIC(name, series, help) {series, help},
#include "web/metrics.tbl"
#undef METRIC
};

static struct file *own;

/* What the file of this program must look like, numbers aside. */
static void describe(struct file *f, const char *family, route_groups groups)
{
    int n = route_count(groups);
    f->magic = MAGIC;
    f->size = sizeof *f;
    snprintf(f->family, sizeof f->family, "%s", family);
    f->n_counters = METRIC_MAX;
    for (int i = 0; i < METRIC_MAX; i++)
        snprintf(f->counters[i].name, sizeof f->counters[i].name, "%s",
                 counter_rows[i].name);
    f->n_routes = (uint32_t)(n < ROUTES_MAX ? n + 1 : ROUTES_MAX);
    for (uint32_t i = 0; i < f->n_routes; i++) {
        const struct route *r =
            i + 1 < f->n_routes ? route_at(groups, (int)i) : NULL;
        snprintf(f->routes[i].method, sizeof f->routes[i].method, "%s",
                 r ? r->method : "");
        snprintf(f->routes[i].path, sizeof f->routes[i].path, "%s",
                 r ? r->path : "");
    }
}

static bool same_shape(const struct file *a, const struct file *b)
{
    if (a->magic != b->magic || a->size != b->size ||
        a->n_routes != b->n_routes || a->n_counters != b->n_counters)
        return false;
    for (uint32_t i = 0; i < b->n_counters; i++)
        if (!str_eq(a->counters[i].name, b->counters[i].name))
            return false;
    for (uint32_t i = 0; i < b->n_routes; i++)
        if (!str_eq(a->routes[i].method, b->routes[i].method) ||
            !str_eq(a->routes[i].path, b->routes[i].path))
            return false;
    return true;
}

static struct file *map_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        return NULL;
    void *p = MAP_FAILED;
    if (ftruncate(fd, sizeof(struct file)) == 0)
        p = mmap(NULL, sizeof(struct file), PROT_READ | PROT_WRITE, MAP_SHARED,
                 fd, 0);
    close(fd);
    return p == MAP_FAILED ? NULL : p;
}

static struct file *open_own(const char *family)
{
    const char *slot = getenv("COMPTOIR_SLOT");
    char dir[4000], path[4096];
    int64_t n;
    snprintf(dir, sizeof dir, "%s/metrics", conf_str(CONF_COMPTOIR_RUN));
    if (access(dir, W_OK) < 0 && mkdir(dir, 0750) < 0)
        return NULL;
    if (!slot || !str_to_i64(slot, &n) || n < 0 || n > 999)
        slot = "0";
    snprintf(path, sizeof path, "%s/%s.%s", dir, family, slot);
    return map_file(path);
}

static void tell_death(const struct file *f)
{
    if (f->magic != MAGIC || !f->current_id[0] ||
        memchr(f->current_id, '\0', sizeof f->current_id) == NULL)
        return;
    int i = f->current_route;
    bool known = i >= 0 && i < (int)f->n_routes && i < ROUTES_MAX;
    log_event(LOG_ERROR, "request_killed_process", "{s:s,s:s}", "killed_by",
              f->current_id, "route", known ? f->routes[i].path : "");
}

void metrics_init(const char *family, route_groups groups)
{
    static struct file private_file;
    static struct file wanted;
    describe(&wanted, family, groups);
    own = open_own(family);
    if (!own)
        own = &private_file;
    tell_death(own);
    if (!same_shape(own, &wanted))
        *own = wanted;
    own->current_id[0] = '\0';
}

static void add(uint64_t *p, uint64_t n)
{
    __atomic_fetch_add(p, n, __ATOMIC_RELAXED);
}

void metrics_add(enum metric m, uint64_t n)
{
    if (own)
        add(&own->counters[m].value, n);
}

void metrics_begin(int route_index, const char *request_id)
{
    if (!own)
        return;
    size_t n = strnlen(request_id, sizeof own->current_id - 1);
    own->current_route = route_index;
    memcpy(own->current_id, request_id, n);
    own->current_id[n] = '\0';
}

void metrics_end(int route_index, int status, int64_t micros)
{
    if (!own)
        return;
    uint32_t last = own->n_routes - 1;
    struct route_series *r =
        &own->routes[route_index < 0 || (uint32_t)route_index > last
                         ? last
                         : (uint32_t)route_index];
    size_t s = 0, b = 0;
    while (statuses[s] && statuses[s] != status)
        s++;
    while (b < BUCKETS && micros > bucket_ends[b])
        b++;
    add(&r->by_status[s], 1);
    add(&r->buckets[b], 1);
    add(&r->sum_us, (uint64_t)micros);
    own->current_id[0] = '\0';
}

/* ---- reading all files -------------------------------------------------- */

struct total {
    char family[32];
    struct route_series series;
};
struct totals {
    uint64_t counters[METRIC_MAX];
    struct total *routes;
    size_t n, cap;
    struct arena *arena;
};

static uint64_t load(const uint64_t *p)
{
    return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static struct route_series *total_of(struct totals *t, const char *family,
                                     const struct route_series *r)
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

static void add_file(struct totals *t, const struct file *f)
{
    for (uint32_t i = 0; i < f->n_counters && i < COUNTERS_MAX; i++)
        for (int m = 0; m < METRIC_MAX; m++)
            if (strncmp(f->counters[i].name, counter_rows[m].name,
                        sizeof f->counters[i].name) == 0)
                t->counters[m] += load(&f->counters[i].value);
    for (uint32_t i = 0; i < f->n_routes && i < ROUTES_MAX; i++) {
        const struct route_series *r = &f->routes[i];
        struct route_series *sum = total_of(t, f->family, r);
        if (!sum)
            return;
        for (size_t s = 0; s < STATUSES; s++)
            sum->by_status[s] += load(&r->by_status[s]);
        for (size_t b = 0; b <= BUCKETS; b++)
            sum->buckets[b] += load(&r->buckets[b]);
        sum->sum_us += load(&r->sum_us);
    }
}

/* A copy with every text ended: the file is written by other programs. */
static void read_file(struct totals *t, const char *path)
{
    struct file *f = arena_alloc(t->arena, sizeof *f);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    bool ok = read(fd, f, sizeof *f) == (ssize_t)sizeof *f &&
              f->magic == MAGIC && f->size == sizeof *f;
    close(fd);
    if (!ok)
        return;
    f->family[sizeof f->family - 1] = '\0';
    for (size_t i = 0; i < ROUTES_MAX; i++) {
        f->routes[i].method[sizeof f->routes[i].method - 1] = '\0';
        f->routes[i].path[sizeof f->routes[i].path - 1] = '\0';
    }
    add_file(t, f);
}

static void read_all(struct totals *t)
{
    const char *dir =
        arena_printf(t->arena, "%s/metrics", conf_str(CONF_COMPTOIR_RUN));
    DIR *d = opendir(dir);
    if (!d) { /* no run directory: at least our own */
        if (own)
            add_file(t, own);
        return;
    }
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        if (e->d_name[0] != '.')
            read_file(t, arena_printf(t->arena, "%s/%s", dir, e->d_name));
    closedir(d);
}

static void put_requests(struct buf *b, const struct totals *t)
{
    buf_str(b, "# HELP comptoir_http_requests_total Requests answered\n"
               "# TYPE comptoir_http_requests_total counter\n");
    for (size_t i = 0; i < t->n; i++) {
        const struct route_series *r = &t->routes[i].series;
        for (size_t s = 0; s < STATUSES; s++)
            if (r->by_status[s]) {
                char code[8] = "other";
                if (statuses[s])
                    snprintf(code, sizeof code, "%d", statuses[s]);
                buf_printf(b,
                           "comptoir_http_requests_total{family=\"%s\","
                           "route=\"%s\",method=\"%s\",code=\"%s\"} %llu\n",
                           t->routes[i].family, r->path, r->method, code,
                           (unsigned long long)r->by_status[s]);
            }
    }
}

static void put_histogram(struct buf *b, const struct total *t)
{
    const char *name = "comptoir_http_request_duration_seconds";
    const struct route_series *r = &t->series;
    char labels[192];
    uint64_t n = 0;
    snprintf(labels, sizeof labels, "family=\"%s\",route=\"%s\",method=\"%s\"",
             t->family, r->path, r->method);
    for (size_t i = 0; i < BUCKETS; i++) {
        n += r->buckets[i];
        buf_printf(b, "%s_bucket{%s,le=\"%g\"} %llu\n", name, labels,
                   (double)bucket_ends[i] / 1e6, (unsigned long long)n);
    }
    n += r->buckets[BUCKETS];
    buf_printf(b, "%s_bucket{%s,le=\"+Inf\"} %llu\n", name, labels,
               (unsigned long long)n);
    buf_printf(b, "%s_sum{%s} %llu.%06llu\n", name, labels,
               (unsigned long long)(r->sum_us / 1000000),
               (unsigned long long)(r->sum_us % 1000000));
    buf_printf(b, "%s_count{%s} %llu\n", name, labels, (unsigned long long)n);
}

const char *metrics_text(struct arena *a)
{
    struct totals t = {.arena = a, .cap = 512};
    struct buf b;
    t.routes = ARENA_ARRAY(a, t.cap, struct total);
    buf_init(&b, a, TEXT_BYTES);
    read_all(&t);
    put_requests(&b, &t);
    buf_str(&b, "# HELP comptoir_http_request_duration_seconds Time from the "
                "first byte read to the answer made\n"
                "# TYPE comptoir_http_request_duration_seconds histogram\n");
    for (size_t i = 0; i < t.n; i++)
        put_histogram(&b, &t.routes[i]);
    for (int m = 0; m < METRIC_MAX; m++)
        buf_printf(&b, "# HELP %s %s\n# TYPE %s counter\n%s %llu\n",
                   counter_rows[m].name, counter_rows[m].help,
                   counter_rows[m].name, counter_rows[m].name,
                   (unsigned long long)t.counters[m]);
    buf_printf(&b,
               "# HELP comptoir_build_info Version of the answering "
               "responder\n# TYPE comptoir_build_info gauge\n"
               "comptoir_build_info{version=\"%s\"} 1\n",
               COMPTOIR_VERSION);
    return buf_cstr(&b);
}
