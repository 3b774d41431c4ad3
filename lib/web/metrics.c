/* Numbers are only ever added to, atomically, and only by the one process
 * that holds the slot: a reader at any moment sees each of them whole. */
#include "web/metrics.h"
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "web/metrics_file.h"

const int metrics_statuses[METRICS_STATUSES] = {
    200, 201, 202, 204, 400, 401, 403, 404, 405, 409, 411,
    413, 414, 415, 422, 429, 500, 502, 503, 504, 0};

const int64_t metrics_bucket_ends[METRICS_BUCKETS] = {
    500,    1000,   2500,   5000,    10000,   25000,    50000,
    100000, 250000, 500000, 1000000, 2500000, 10000000, 60000000};

const struct metrics_row metrics_rows[METRIC_MAX] = {
#define METRIC(name, series, help)           {series, help, NULL},
#define METRIC_BY(name, series, label, help) {series, help, label},
#include "web/metrics.tbl"
#undef METRIC
#undef METRIC_BY
};
static_assert((int)METRIC_MAX <= (int)METRICS_COUNTERS,
              "metrics files hold no more");

static struct metrics_file *own;

const struct metrics_file *metrics_own(void)
{
    return own;
}

/* What the file of this program must look like, numbers aside. */
static void describe(struct metrics_file *f, const char *family,
                     route_groups groups)
{
    int n = route_count(groups);
    f->magic = METRICS_MAGIC;
    f->size = sizeof *f;
    snprintf(f->family, sizeof f->family, "%s", family);
    f->n_counters = METRIC_MAX;
    for (int i = 0; i < METRIC_MAX; i++)
        snprintf(f->counters[i].name, sizeof f->counters[i].name, "%s",
                 metrics_rows[i].name);
    f->n_routes = (uint32_t)(n < METRICS_ROUTES ? n + 1 : METRICS_ROUTES);
    for (uint32_t i = 0; i < f->n_routes; i++) {
        const struct route *r =
            i + 1 < f->n_routes ? route_at(groups, (int)i) : NULL;
        snprintf(f->routes[i].method, sizeof f->routes[i].method, "%s",
                 r ? r->method : "");
        snprintf(f->routes[i].path, sizeof f->routes[i].path, "%s",
                 r ? r->path : "");
    }
}

static bool same_shape(const struct metrics_file *a,
                       const struct metrics_file *b)
{
    if (a->magic != b->magic || a->size != b->size ||
        a->n_routes != b->n_routes || a->n_counters != b->n_counters ||
        a->n_labelled > METRICS_LABELLED)
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

static struct metrics_file *map_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        return NULL;
    void *p = MAP_FAILED;
    if (ftruncate(fd, sizeof(struct metrics_file)) == 0)
        p = mmap(NULL, sizeof(struct metrics_file), PROT_READ | PROT_WRITE,
                 MAP_SHARED, fd, 0);
    close(fd);
    return p == MAP_FAILED ? NULL : p;
}

static struct metrics_file *open_own(const char *family)
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

static void tell_death(const struct metrics_file *f)
{
    if (f->magic != METRICS_MAGIC || !f->current_id[0] ||
        memchr(f->current_id, '\0', sizeof f->current_id) == NULL)
        return;
    int i = f->current_route;
    bool known = i >= 0 && i < (int)f->n_routes && i < METRICS_ROUTES;
    log_event(LOG_ERROR, "request_killed_process", "{s:s,s:s}", "killed_by",
              f->current_id, "route", known ? f->routes[i].path : "");
}

void metrics_init(const char *family, route_groups groups)
{
    static struct metrics_file private_file;
    static struct metrics_file wanted;
    describe(&wanted, family, groups);
    own = open_own(family);
    if (!own)
        own = &private_file;
    tell_death(own);
    if (!same_shape(own, &wanted))
        *own = wanted;
    own->current_id[0] = '\0';
    own->pid = (int32_t)getpid();
}

static void add(uint64_t *p, uint64_t n)
{
    __atomic_fetch_add(p, n, __ATOMIC_RELAXED);
}

void metrics_add(enum metric m, uint64_t n)
{
    assert(!metrics_rows[m].label);
    if (own)
        add(&own->counters[m].value, n);
}

/* The place of a label's value in our own file, or NULL. */
static struct metrics_labelled *find_labelled(const char *name,
                                              const char *value)
{
    for (uint32_t i = 0; i < own->n_labelled && i < METRICS_LABELLED; i++) {
        struct metrics_labelled *l = &own->labelled[i];
        if (metrics_is_there(l) && str_eq(l->label, value) &&
            str_eq(l->name, name))
            return l;
    }
    return NULL;
}

/* Taken at its first use. Children of the process that count beside it may
 * take one each for the same value: readers add them up. */
static struct metrics_labelled *labelled(enum metric m, const char *value)
{
    const char *name = metrics_rows[m].name;
    struct metrics_labelled *l = find_labelled(name, value);
    if (l || own->n_labelled >= METRICS_LABELLED)
        return l;
    const uint32_t at =
        __atomic_fetch_add(&own->n_labelled, 1, __ATOMIC_RELAXED);
    if (at >= METRICS_LABELLED) {
        __atomic_store_n(&own->n_labelled, METRICS_LABELLED, __ATOMIC_RELAXED);
        return NULL;
    }
    l = &own->labelled[at];
    snprintf(l->name, sizeof l->name, "%s", name);
    snprintf(l->label, sizeof l->label, "%s", value);
    __atomic_store_n(&l->is_there, 1, __ATOMIC_RELEASE);
    return l;
}

void metrics_add_by(enum metric m, const char *value, uint64_t n)
{
    assert(metrics_rows[m].label);
    if (!own)
        return;
    struct metrics_labelled *l = NULL;
    if (strlen(value) < sizeof l->label)
        l = labelled(m, value);
    if (l)
        add(&l->value, n);
    else /* told without its label's value */
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
    struct metrics_route *r =
        &own->routes[route_index < 0 || (uint32_t)route_index > last
                         ? last
                         : (uint32_t)route_index];
    size_t s = 0, b = 0;
    while (metrics_statuses[s] && metrics_statuses[s] != status)
        s++;
    while (b < METRICS_BUCKETS && micros > metrics_bucket_ends[b])
        b++;
    add(&r->by_status[s], 1);
    add(&r->buckets[b], 1);
    add(&r->sum_us, (uint64_t)micros);
    own->current_id[0] = '\0';
}
