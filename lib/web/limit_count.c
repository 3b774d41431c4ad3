/* Three numbers a caller and row: when its windows began to be counted, how
 * many requests were accepted in the window before, and how many in this one.
 * The estimate current + previous × (share of the window before that still
 * slides) is compared to the limit. A refused request gives its count back,
 * so counters hold accepted requests only, the window before no longer
 * changes, and each process may remember it: an accepted request costs one
 * round trip. Windows begin with the caller's first request, not with the
 * clock's minute: who begins in the middle of one would have twice the limit
 * in its first minute. */
#include "web/limit_count.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/conf.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/str.h"
#include "store/cache.h"
#include "web/metrics.h"

enum {
    MEMORY_SLOTS = 1024,
    KEY_BYTES = 160,
    CLIENT_HEX = 32,
    BEGIN_KEPT_S = 7 * 86400, /* more than two of the longest windows */
    BEGIN_OLD_MS = 3 * 86400 * 1000
};

/* What a process remembers of a caller and row. */
static struct slot {
    uint64_t hash;
    int64_t begin_ms; /* of this window */
    int64_t first_ms; /* of all its windows, as memcached has it */
    int64_t previous; /* accepted in the window before */
    int64_t accepted; /* by this process in this one, whoever counted */
    bool has_first;   /* first_ms came from memcached */
    bool is_known;    /* previous did, too */
} slots[MEMORY_SLOTS];

struct counting {
    struct cache *cache;
    const struct limit *row;
    char client[CLIENT_HEX + 1]; /* of the caller's SHA-256 */
    int64_t now_ms, window_ms;
    struct slot *slot;
};

/* FNV-1a; the client's part is a cryptographic hash already. */
static uint64_t mix(uint64_t h, const char *s)
{
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 0x100000001B3u;
    return h;
}

/* Where the window lies that holds now. Another instance's clock may be
 * behind: before the first window is within it. */
static int64_t begin_of(const struct counting *c, int64_t first_ms)
{
    int64_t since = c->now_ms - first_ms;
    return since < 0 ? first_ms : c->now_ms - since % c->window_ms;
}

static bool is_over(const struct counting *c)
{
    return c->now_ms - c->slot->begin_ms >= c->window_ms;
}

static void find_slot(struct counting *c)
{
    uint64_t h = mix(mix(0xCBF29CE484222325u, c->row->name), c->client) ^
                 (uint64_t)c->row->window_s;
    c->slot = &slots[(h >> 32) % MEMORY_SLOTS];
    if (c->slot->hash != h)
        *c->slot = (struct slot){
            .hash = h, .first_ms = c->now_ms, .begin_ms = c->now_ms};
    else if (is_over(c))
        *c->slot = (struct slot){.hash = h,
                                 .first_ms = c->slot->first_ms,
                                 .has_first = c->slot->has_first,
                                 .begin_ms = begin_of(c, c->slot->first_ms)};
}

static void counter_key(const struct counting *c, int64_t begin_ms,
                        char out[KEY_BYTES])
{
    snprintf(out, KEY_BYTES, "rl:%s:%s:%lld", c->row->name, c->client,
             (long long)begin_ms);
}

static void first_key(const struct counting *c, char out[KEY_BYTES])
{
    snprintf(out, KEY_BYTES, "rl:%s:%s:first%lld", c->row->name, c->client,
             (long long)c->row->window_s);
}

static enum err accepted_since(struct counting *c, int64_t begin_ms, int64_t *n)
{
    char key[KEY_BYTES];
    uint64_t v = 0;
    counter_key(c, begin_ms, key);
    enum err e = cache_count(c->cache, key, &v);
    *n = (int64_t)v;
    return e;
}

/* Who was not seen for a whole window begins anew; of several processes that
 * find so, one decides when. */
static enum err begin_anew(struct counting *c, const char *key,
                           int64_t *first_ms)
{
    uint64_t now = (uint64_t)c->now_ms;
    enum err e = cache_swap(c->cache, key, BEGIN_KEPT_S, (uint64_t)*first_ms,
                            (uint64_t)c->now_ms);
    if (e == ERR_CONFLICT)
        e = cache_first(c->cache, key, BEGIN_KEPT_S, &now);
    *first_ms = (int64_t)now;
    return e;
}

/* Asks for all that is to be known of a caller in this window. */
static enum err learn_all(struct counting *c)
{
    char key[KEY_BYTES];
    uint64_t v = (uint64_t)c->now_ms;
    int64_t first_ms, previous = 0, current = 0;
    first_key(c, key);
    if (cache_first(c->cache, key, BEGIN_KEPT_S, &v))
        return ERR_UNAVAILABLE;
    first_ms = (int64_t)v;
    int64_t begin_ms = begin_of(c, first_ms);
    if (begin_ms != first_ms) {
        if (accepted_since(c, begin_ms - c->window_ms, &previous) ||
            (!previous && accepted_since(c, begin_ms, &current)))
            return ERR_UNAVAILABLE;
        if (!previous && !current && begin_anew(c, key, &first_ms))
            return ERR_UNAVAILABLE;
    }
    c->slot->first_ms = first_ms;
    c->slot->begin_ms = begin_of(c, first_ms);
    c->slot->previous = previous;
    c->slot->has_first = c->slot->is_known = true;
    return OK;
}

/* Who was seen in the window before has not begun anew: then one question is
 * enough. */
static enum err learn(struct counting *c)
{
    int64_t previous = 0;
    if (!c->slot->has_first)
        return learn_all(c);
    if (accepted_since(c, c->slot->begin_ms - c->window_ms, &previous))
        return ERR_UNAVAILABLE;
    if (!previous)
        return learn_all(c);
    c->slot->previous = previous;
    c->slot->is_known = true;
    return OK;
}

/* A caller who never rests keeps the beginning it has. */
static void keep_beginning(struct counting *c)
{
    char key[KEY_BYTES];
    uint64_t first = (uint64_t)c->slot->first_ms;
    first_key(c, key);
    if (c->now_ms - c->slot->first_ms > BEGIN_OLD_MS &&
        cache_swap(c->cache, key, BEGIN_KEPT_S, first, first))
        log_event(LOG_WARNING, "rate_limit_beginning_lost", NULL);
}

/* Asks memcached; ERR_UNAVAILABLE leaves w untouched. */
static enum err count_shared(struct counting *c, struct limit_window *w)
{
    char key[KEY_BYTES];
    uint64_t v = 0;
    if (!c->slot->is_known && learn(c))
        return ERR_UNAVAILABLE;
    counter_key(c, c->slot->begin_ms, key);
    if (cache_incr(c->cache, key, (uint32_t)(2 * c->row->window_s), &v))
        return ERR_UNAVAILABLE;
    if (v == 1)
        keep_beginning(c);
    w->previous = c->slot->previous;
    w->current = (int64_t)v;
    return OK;
}

static void give_back(struct counting *c)
{
    char key[KEY_BYTES];
    counter_key(c, c->slot->begin_ms, key);
    if (cache_decr(c->cache, key))
        log_event(LOG_WARNING, "rate_limit_give_back_failed", NULL);
}

static int64_t number_of(const char *name, int64_t least, int64_t fallback)
{
    const char *s = getenv(name);
    int64_t n;
    return s && str_to_i64(s, &n) && n >= least ? n : fallback;
}

/* Alone, a process may accept its share of the limit: what its family's
 * processes on this instance accept together is the limit divided by
 * INSTANCES. What it accepted while memcached answered is among it. */
static struct limit_counted count_alone(struct counting *c,
                                        const struct limit_window *w)
{
    int64_t count = w->count / conf_int(CONF_INSTANCES);
    int64_t share = limit_share(count > 0 ? count : 1,
                                number_of("COMPTOIR_PROCESSES", 1, 1),
                                number_of("COMPTOIR_SLOT", 0, 0));
    int64_t left = share - c->slot->accepted;
    struct limit_counted out = {.verdict =
                                    left > 0 ? LIMIT_ACCEPTED : LIMIT_REFUSED,
                                .remaining = left > 0 ? left - 1 : 0,
                                .wait_ms = w->window_ms - w->elapsed_ms};
    if (left > 0)
        c->slot->accepted++;
    return out;
}

static struct limit_counted judge(struct counting *c, struct limit_window *w)
{
    if (limit_fits(w)) {
        c->slot->accepted++;
        return (struct limit_counted){LIMIT_ACCEPTED, limit_remaining(w),
                                      w->window_ms - w->elapsed_ms};
    }
    give_back(c);
    w->current--;
    return (struct limit_counted){LIMIT_REFUSED, 0, limit_wait_ms(w)};
}

static void name_client(struct counting *c, struct arena *a, const char *client)
{
    memcpy(c->client, encode_sha256(a, client, strlen(client)), CLIENT_HEX);
}

struct limit_counted limit_count(struct arena *a, struct cache *cache,
                                 const struct limit *l, const char *client,
                                 int64_t now_ms)
{
    struct counting c = {.cache = cache,
                         .row = l,
                         .now_ms = now_ms,
                         .window_ms = l->window_s * 1000};
    struct limit_window w = {.count = l->count, .window_ms = c.window_ms};
    name_client(&c, a, client);
    find_slot(&c);
    enum err away = count_shared(&c, &w);
    w.elapsed_ms = now_ms - c.slot->begin_ms;
    if (w.elapsed_ms < 0)
        w.elapsed_ms = 0;
    if (!away)
        return judge(&c, &w);
    metrics_add(METRIC_rate_backend_err, 1);
    if (l->local_on_failure)
        return count_alone(&c, &w);
    return (struct limit_counted){.verdict = LIMIT_UNCOUNTED};
}

/* ---- looking without counting ------------------------------------------- */

/* Keys that are asked for together, and what memcached says. */
struct looking {
    const char *keys[2 * LIMIT_ROWS];
    uint64_t values[2 * LIMIT_ROWS];
    bool is_known[2 * LIMIT_ROWS];
    int64_t begin_ms[LIMIT_ROWS];
};

/* When the caller's windows began. */
static void look_first(struct arena *a, const struct counting *c, size_t n,
                       struct looking *l)
{
    char key[KEY_BYTES];
    for (size_t i = 0; i < n; i++) {
        first_key(&c[i], key);
        l->keys[i] = arena_strdup(a, key);
    }
    cache_count_many(c->cache, l->keys, n, l->values, l->is_known);
    for (size_t i = 0; i < n; i++)
        l->begin_ms[i] = begin_of(&c[i], (int64_t)l->values[i]);
}

/* What was accepted in the window before, and in this one. */
static void look_both(struct arena *a, const struct counting *c, size_t n,
                      struct looking *l)
{
    char key[KEY_BYTES];
    for (size_t i = 0; i < n; i++) {
        counter_key(&c[i], l->begin_ms[i] - c[i].window_ms, key);
        l->keys[2 * i] = arena_strdup(a, key);
        counter_key(&c[i], l->begin_ms[i], key);
        l->keys[2 * i + 1] = arena_strdup(a, key);
    }
    cache_count_many(c->cache, l->keys, 2 * n, l->values, l->is_known);
}

static struct limit_counted left_of(const struct counting *c, int64_t begin_ms,
                                    uint64_t previous, uint64_t current)
{
    const int64_t elapsed = c->now_ms - begin_ms;
    const struct limit_window w = {.count = c->row->count,
                                   .window_ms = c->window_ms,
                                   .elapsed_ms = elapsed > 0 ? elapsed : 0,
                                   .previous = (int64_t)previous,
                                   .current = (int64_t)current};
    const int64_t left = limit_remaining(&w);
    struct limit_counted out = {.verdict = LIMIT_ACCEPTED, .remaining = left};
    if (previous || current)
        out.wait_ms = left ? w.window_ms - w.elapsed_ms : limit_wait_ms(&w);
    return out;
}

void limit_count_look(struct arena *a, struct cache *cache,
                      const struct limit *const *rows, size_t n,
                      const char *client, int64_t now_ms,
                      struct limit_counted *out)
{
    struct counting *c = ARENA_ARRAY(a, n + 1, struct counting);
    struct looking *l = ARENA_NEW(a, struct looking);
    assert(n <= LIMIT_ROWS);
    for (size_t i = 0; i < n; i++) {
        c[i] = (struct counting){.cache = cache,
                                 .row = rows[i],
                                 .now_ms = now_ms,
                                 .window_ms = rows[i]->window_s * 1000};
        name_client(&c[i], a, client);
    }
    if (n)
        look_first(a, c, n, l);
    if (n)
        look_both(a, c, n, l);
    for (size_t i = 0; i < n; i++) {
        out[i] = (struct limit_counted){.verdict = LIMIT_UNCOUNTED};
        if (l->is_known[2 * i] && l->is_known[2 * i + 1])
            out[i] = left_of(&c[i], l->begin_ms[i], l->values[2 * i],
                             l->values[2 * i + 1]);
    }
}
