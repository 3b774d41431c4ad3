/* Two counters a caller and row: of this clock window and of the one before.
 * The estimate current + previous × (share of the window before that still
 * slides) is compared to the limit. A refused request gives its count back,
 * so counters hold accepted requests only, the window before no longer
 * changes, and each process may remember it: an accepted request costs one
 * round trip. */
#include "web/limit.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/str.h"
#include "store/cache.h"
#include "web/metrics.h"

enum { MEMORY_SLOTS = 1024, LINE_BYTES = 512, COLUMNS = 5, KEY_BYTES = 160 };

static struct limit rows[LIMIT_ROWS];
static size_t n_rows;
static struct arena *memory;
static struct cache *cache;

/* What a process remembers of a counter key: the window before, and for
 * local counting the present one. */
static struct slot {
    uint64_t key_hash;
    int64_t window_no;
    int64_t previous;
    int64_t local;
} slots[MEMORY_SLOTS];

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

/* ---- arithmetic --------------------------------------------------------- */

/* previous × what still slides, times window_ms (to stay exact). */
static int64_t sliding_part(const struct limit_window *w)
{
    return w->previous * (w->window_ms - w->elapsed_ms);
}

bool limit_fits(const struct limit_window *w)
{
    return w->current * w->window_ms + sliding_part(w) <=
           w->count * w->window_ms;
}

int64_t limit_remaining(const struct limit_window *w)
{
    int64_t left =
        w->count * w->window_ms - w->current * w->window_ms - sliding_part(w);
    return left > 0 ? left / w->window_ms : 0;
}

/* Smallest e in ms with before × (window - e) <= room × window. */
static int64_t slide_until(int64_t before, int64_t room, int64_t window_ms)
{
    if (before <= room)
        return 0;
    int64_t may_slide = room * window_ms / before;
    return window_ms - may_slide;
}

int64_t limit_wait_ms(const struct limit_window *w)
{
    int64_t room = w->count - w->current - 1, at;
    if (room >= 0)
        at = slide_until(w->previous, room, w->window_ms);
    else /* only in the next window, where current has become previous */
        at = w->window_ms + slide_until(w->current, w->count - 1, w->window_ms);
    return at > w->elapsed_ms ? at - w->elapsed_ms : 0;
}

/* ---- counting ----------------------------------------------------------- */

static uint64_t hash_of(const char *hex)
{
    uint64_t h = 0;
    memcpy(&h, hex, sizeof h);
    return h * 0x9E3779B97F4A7C15u;
}

struct counting {
    const struct limit *row;
    char client[33]; /* 32 hex digits of the caller's hash */
    int64_t window_no;
    struct slot *slot;
    bool slot_fresh; /* its previous still has to be asked for */
};

static void counter_key(const struct counting *c, int64_t window_no,
                        char out[KEY_BYTES])
{
    snprintf(out, KEY_BYTES, "rl:%s:%s:%lld", c->row->name, c->client,
             (long long)window_no);
}

static void find_slot(struct counting *c)
{
    uint64_t h = hash_of(c->client) ^ (uint64_t)(c->row - rows);
    struct slot *s = &slots[(h >> 32) % MEMORY_SLOTS];
    c->slot = s;
    c->slot_fresh = s->key_hash != h || s->window_no != c->window_no;
    if (c->slot_fresh)
        *s = (struct slot){.key_hash = h, .window_no = c->window_no};
}

/* Asks memcached; ERR_UNAVAILABLE leaves w->current untouched. */
static enum err count_shared(struct counting *c, struct limit_window *w)
{
    char key[KEY_BYTES];
    uint64_t v = 0;
    if (c->slot_fresh) {
        counter_key(c, c->window_no - 1, key);
        if (cache_count(cache, key, &v))
            return ERR_UNAVAILABLE;
        c->slot->previous = (int64_t)v;
        c->slot_fresh = false;
    }
    counter_key(c, c->window_no, key);
    if (cache_incr(cache, key, (uint32_t)(2 * c->row->window_s), &v))
        return ERR_UNAVAILABLE;
    w->previous = c->slot->previous;
    w->current = (int64_t)v;
    return OK;
}

static void give_back(struct counting *c)
{
    char key[KEY_BYTES];
    counter_key(c, c->window_no, key);
    if (cache_decr(cache, key))
        log_event(LOG_WARNING, "rate_limit_give_back_failed", NULL);
}

static int64_t ceil_s(int64_t ms)
{
    return ms <= 1000 ? 1 : (ms + 999) / 1000;
}

/* Every reset is told in seconds from now, never as a time of day: nginx,
 * which cannot add to its clock, says the same in its own 429, and a caller
 * whose clock is wrong reads it right. */
static void add_headers(struct req *r, const struct limit *l, int64_t remaining,
                        int64_t reset_s)
{
    struct arena *a = r->arena;
    req_header(r, "X-RateLimit-Limit", limit_short(a, l));
    req_header(r, "X-RateLimit-Remaining",
               arena_printf(a, "%lld", (long long)remaining));
    req_header(r, "X-RateLimit-Reset",
               arena_printf(a, "%lld", (long long)reset_s));
    req_header(r, "RateLimit-Policy",
               arena_printf(a, "\"%s\";q=%lld;w=%lld", l->name,
                            (long long)l->count, (long long)l->window_s));
    req_header(r, "RateLimit",
               arena_printf(a, "\"%s\";r=%lld;t=%lld", l->name,
                            (long long)remaining, (long long)reset_s));
}

static const char *client_of(const struct req *r)
{
    return r->who.id;
}

static bool refuse(struct req *r, const struct limit *l, int64_t wait_ms)
{
    struct arena *a = r->arena;
    long long s = (long long)ceil_s(wait_ms);
    metrics_add_by(METRIC_rate_limit_hits, l->name, 1);
    log_event(LOG_WARNING, "rate_limit_exceeded", "{s:s,s:s,s:s}", "client",
              client_of(r), "path", r->route->path, "limit", limit_long(a, l));
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
                     const struct limit_window *w)
{
    int64_t remaining = limit_remaining(w);
    if ((l->count - remaining) * 5 >= l->count * 4)
        log_event(LOG_INFO, "rate_limit_near", "{s:s,s:s,s:s}", "client",
                  client_of(r), "path", r->route->path, "limit",
                  limit_long(r->arena, l));
    add_headers(r, l, remaining, ceil_s(w->window_ms - w->elapsed_ms));
    return true;
}

/* memcached is away: the row says whether requests pass or are counted here
 * against the share of one process. */
static bool pass_alone(struct req *r, struct counting *c,
                       struct limit_window *w)
{
    const char *processes = getenv("COMPTOIR_PROCESSES");
    int64_t n = 1;
    metrics_add(METRIC_rate_backend_err, 1);
    if (!c->row->local_on_failure)
        return true;
    if (processes && (!str_to_i64(processes, &n) || n < 1))
        n = 1;
    int64_t share = c->row->count / n > 0 ? c->row->count / n : 1;
    if (c->slot->local >= share)
        return refuse(r, c->row, w->window_ms - w->elapsed_ms);
    c->slot->local++;
    return true;
}

bool limit_pass(struct req *r)
{
    if (!r->route->limit || r->route->limit_outside)
        return true;
    const struct limit *l = limit_find(r->route->limit);
    if (!l)
        l = limit_find("default");
    assert(l); /* a table without it is refused when it is read */
    int64_t now = clock_now_ms(), window_ms = l->window_s * 1000;
    struct counting c = {.row = l, .window_no = now / window_ms};
    struct limit_window w = {.count = l->count,
                             .window_ms = window_ms,
                             .elapsed_ms = now % window_ms};
    memcpy(c.client, encode_sha256(r->arena, r->who.id, strlen(r->who.id)), 32);
    find_slot(&c);
    if (count_shared(&c, &w))
        return pass_alone(r, &c, &w);
    if (limit_fits(&w))
        return let_pass(r, l, &w);
    give_back(&c);
    w.current--;
    return refuse(r, l, limit_wait_ms(&w));
}
