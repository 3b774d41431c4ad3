/* The table of limits, and what a request is told of its own: headers, and
 * the 429. limit_count.c counts. */
#include "web/limit.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "store/cache.h"
#include "web/limit_count.h"
#include "web/limit_override.h"
#include "web/metrics.h"

enum { LINE_BYTES = 512, COLUMNS = 5, ITEM_BYTES = 128 };

static struct limit rows[LIMIT_ROWS];
static size_t n_rows;
static struct arena *memory;
static struct cache *cache;

/* ---- the table ---------------------------------------------------------- */

static const char *row_problem(const char *const *col, size_t n,
                               struct limit *out)
{
    if (n != COLUMNS)
        return "needs five columns separated by tabs";
    if (!*col[0] || strlen(col[0]) > 40)
        return "needs a name of at most 40 characters";
    if (limit_find(col[0]))
        return "repeats a name";
    if (!str_to_i64(col[1], &out->count) || out->count < 1 ||
        out->count > 1000000000)
        return "needs a count from 1 to 1000000000";
    if (!str_to_i64(col[2], &out->window_s) || out->window_s < 1 ||
        out->window_s > 86400)
        return "needs a window from 1 to 86400 seconds";
    out->local_on_failure = str_eq(col[3], "local");
    if (!out->local_on_failure && !str_eq(col[3], "open"))
        return "needs open or local in column 4";
    out->name = arena_strdup(memory, col[0]);
    return NULL;
}

static const char *load_line(const char *path, int no, char *line)
{
    const char *col[COLUMNS + 1];
    line[strcspn(line, "\r\n")] = '\0';
    if (!*line || *line == '#' || str_starts(line, "name\t"))
        return NULL;
    if (n_rows == LIMIT_ROWS)
        return arena_printf(memory, "%s has more than %d rows.", path,
                            LIMIT_ROWS);
    size_t n = str_split(memory, line, '\t', col, COLUMNS + 1);
    const char *bad = row_problem(col, n, &rows[n_rows]);
    if (bad)
        return arena_printf(memory, "%s, line %d: %s.", path, no, bad);
    n_rows++;
    return NULL;
}

const char *limit_load(const char *path)
{
    char line[LINE_BYTES];
    const char *bad = NULL;
    if (!memory)
        memory = arena_new(4096);
    n_rows = 0;
    FILE *f = fopen(path, "re");
    if (!f)
        return arena_printf(memory, "The limits table %s cannot be read.",
                            path);
    for (int no = 1; !bad && fgets(line, sizeof line, f); no++)
        bad = load_line(path, no, line);
    fclose(f);
    if (!bad && !limit_find("default"))
        bad = arena_printf(memory, "%s has no row named default.", path);
    return bad;
}

const char *limit_init(void)
{
    const char *path = conf_str(CONF_LIMITS_FILE);
    const char *const *servers;
    if (!memory)
        memory = arena_new(4096);
    if (!*path)
        path = arena_printf(memory, "%s/share/limits.tsv",
                            conf_str(CONF_COMPTOIR_HOME));
    const char *bad = limit_load(path);
    if (bad)
        return bad;
    size_t n = conf_list(CONF_MEMCACHED_SERVERS, &servers);
    cache = cache_open(servers, n);
    return NULL;
}

const struct limit *limit_find(const char *name)
{
    for (size_t i = 0; i < n_rows; i++)
        if (str_eq(rows[i].name, name))
            return &rows[i];
    return NULL;
}

struct cache *limit_cache(void)
{
    return cache;
}

/* ---- words -------------------------------------------------------------- */

static const char *unit_of(int64_t window_s, int64_t *multiple)
{
    static const struct {
        int64_t s;
        const char *name;
    } units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
    size_t i = 0;
    while (window_s % units[i].s)
        i++;
    *multiple = window_s / units[i].s;
    return units[i].name;
}

const char *limit_short(struct arena *a, const struct limit *l)
{
    int64_t m;
    const char *unit = unit_of(l->window_s, &m);
    if (m == 1)
        return arena_printf(a, "%lld/%s", (long long)l->count, unit);
    return arena_printf(a, "%lld/%lld %s", (long long)l->count, (long long)m,
                        unit);
}

const char *limit_long(struct arena *a, const struct limit *l)
{
    int64_t m;
    const char *unit = unit_of(l->window_s, &m);
    return arena_printf(a, "%lld per %lld %s", (long long)l->count,
                        (long long)m, unit);
}

/* ---- the request ------------------------------------------------------- */

static int64_t ceil_s(int64_t ms)
{
    return ms <= 1000 ? 1 : (ms + 999) / 1000;
}

/* "name";q=5;w=60 without printf: it is written at every request. */
static const char *item(struct arena *a, const char *name, const char *first,
                        int64_t x, const char *second, int64_t y)
{
    struct buf b;
    buf_init(&b, a, ITEM_BYTES);
    buf_char(&b, '"');
    buf_str(&b, name);
    buf_str(&b, first);
    buf_i64(&b, x);
    buf_str(&b, second);
    buf_i64(&b, y);
    return buf_cstr(&b);
}

static const char *number(struct arena *a, int64_t v)
{
    return str_from_i64(arena_alloc(a, STR_I64_BYTES), v);
}

static void add_policy(struct req *r, const struct limit *l)
{
    struct arena *a = r->arena;
    req_header(r, "X-RateLimit-Limit", limit_short(a, l));
    req_header(r, "RateLimit-Policy",
               item(a, l->name, "\";q=", l->count, ";w=", l->window_s));
}

/* Every reset is told in seconds from now, never as a time of day: nginx,
 * which cannot add to its clock, says the same in its own 429, and a caller
 * whose clock is wrong reads it right. */
static void add_headers(struct req *r, const struct limit *l, int64_t remaining,
                        int64_t reset_s)
{
    struct arena *a = r->arena;
    add_policy(r, l);
    req_header(r, "X-RateLimit-Remaining", number(a, remaining));
    req_header(r, "X-RateLimit-Reset", number(a, reset_s));
    req_header(r, "RateLimit",
               item(a, l->name, "\";r=", remaining, ";t=", reset_s));
}

static bool refuse(struct req *r, const struct limit *l, int64_t wait_ms)
{
    struct arena *a = r->arena;
    long long s = (long long)ceil_s(wait_ms);
    metrics_add_by(METRIC_rate_limit_hits, l->name, 1);
    log_event(LOG_WARNING, "rate_limit_exceeded", "{s:s,s:s,s:s}", "client",
              r->who.id, "path", r->route->path, "limit", limit_long(a, l));
    add_headers(r, l, 0, s);
    req_header(r, "Retry-After", arena_printf(a, "%lld", s));
    req_fail_with(
        r, ERR_RATE_LIMITED, NULL,
        json_pack("{s:s,s:s,s:s}", "message",
                  arena_printf(a, "Rate limit exceeded: %s", limit_long(a, l)),
                  "detail",
                  "Too many requests. Please wait before trying again.",
                  "retry_after", arena_printf(a, "%lld seconds", s)));
    return false;
}

static bool let_pass(struct req *r, const struct limit *l,
                     const struct limit_counted *c)
{
    if ((l->count - c->remaining) * 5 >= l->count * 4)
        log_event(LOG_INFO, "rate_limit_near", "{s:s,s:s,s:s}", "client",
                  r->who.id, "path", r->route->path, "limit",
                  limit_long(r->arena, l));
    add_headers(r, l, c->remaining, ceil_s(c->wait_ms));
    return true;
}

/* The caller's own limit, else the row; what happens while memcached is away
 * is the row's to say. */
static const struct limit *own_or(struct req *r, const struct limit *row)
{
    const struct limit *granted = limit_override_find(&r->who, row->name);
    if (!granted)
        return row;
    struct limit *own = ARENA_NEW(r->arena, struct limit);
    *own = *granted;
    own->local_on_failure = row->local_on_failure;
    return own;
}

static const struct limit *limit_of(struct req *r)
{
    const struct limit *row = limit_find(r->route->limit);
    if (!row)
        row = limit_find("default");
    assert(row); /* a table without it is refused when it is read */
    return own_or(r, row);
}

void limit_refresh(const struct req *r)
{
    if (r->route->limit && !r->route->limit_outside)
        limit_override_refresh(r->db);
}

bool limit_pass(struct req *r)
{
    if (!r->route->limit || r->route->limit_outside)
        return true;
    const struct limit *l = limit_of(r);
    struct limit_counted c =
        limit_count(r->arena, cache, l, r->who.id, clock_now_ms());
    if (c.verdict == LIMIT_REFUSED)
        return refuse(r, l, c.wait_ms);
    if (c.verdict == LIMIT_ACCEPTED)
        return let_pass(r, l, &c);
    add_policy(r, l); /* what is left nobody knows */
    return true;
}

/* ---- what is left -------------------------------------------------------- */

/* Rows that nginx keeps by itself (nginx/comptoir.conf.in): it tells nobody
 * what it has counted. */
static bool is_outside(const struct limit *row)
{
    static const char *const names[] = {"health", "docs", "address"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (str_eq(row->name, names[i]))
            return true;
    return false;
}

size_t limit_look(struct req *r, struct limit_left out[LIMIT_ROWS])
{
    const struct limit *list[LIMIT_ROWS];
    struct limit_counted seen[LIMIT_ROWS];
    for (size_t i = 0; i < n_rows; i++)
        list[i] = own_or(r, &rows[i]);
    limit_count_look(r->arena, cache, list, n_rows, r->who.id, clock_now_ms(),
                     seen);
    for (size_t i = 0; i < n_rows; i++)
        out[i] = (struct limit_left){
            .row = list[i],
            .is_known =
                !is_outside(&rows[i]) && seen[i].verdict != LIMIT_UNCOUNTED,
            .remaining = seen[i].remaining,
            .reset_s = seen[i].wait_ms ? ceil_s(seen[i].wait_ms) : 0};
    return n_rows;
}
