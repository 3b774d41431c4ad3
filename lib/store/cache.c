/* libmemcached in text mode. A frozen server would cost its timeout on every
 * call (it is never ejected), so a breaker stands in front of each. */
#include "store/cache.h"
#include <assert.h>
#include <libmemcached/memcached.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

enum {
    TIMEOUT_MS = 50,
    /* once a server has failed to answer in time, what it is given until it
       answers again: three waits and a probe stay under 100 ms in all */
    IMPATIENT_MS = 20,
    BREAK_AFTER = 3, /* failures within BREAK_US */
    BREAK_US = 1000000,
    KEY_BYTES = 200,
    SERVERS = 64
};

/* One a server: where several share the keys, one that is frozen must not
 * cost the callers of the others anything. */
struct breaker {
    int64_t failures[BREAK_AFTER]; /* when, newest last */
    bool open;                     /* calls are not made */
    int64_t probe_at;
    int64_t pinged_at;
    bool ping_ok;
    char ping_key[16]; /* one that this server holds */
};

struct cache {
    memcached_st *mc;
    int timeout_ms;
    size_t n;
    struct breaker servers[SERVERS];
};

static bool add_server(memcached_st *mc, const char *s)
{
    if (*s == '/')
        return memcached_server_add_unix_socket(mc, s) == MEMCACHED_SUCCESS;
    const char *colon = strrchr(s, ':');
    int64_t port = MEMCACHED_DEFAULT_PORT;
    char host[256];
    size_t n = colon ? (size_t)(colon - s) : strlen(s);
    if (n == 0 || n >= sizeof host)
        return false;
    if (colon && (!str_to_i64(colon + 1, &port) || port < 1 || port > 65535))
        return false;
    snprintf(host, sizeof host, "%.*s", (int)n, s);
    return memcached_server_add(mc, host, (in_port_t)port) == MEMCACHED_SUCCESS;
}

static bool set_behaviours(memcached_st *mc)
{
    static const struct {
        memcached_behavior_t flag;
        uint64_t value;
    } rows[] = {
        {MEMCACHED_BEHAVIOR_TCP_NODELAY, 1},
        {MEMCACHED_BEHAVIOR_CONNECT_TIMEOUT, TIMEOUT_MS},
        {MEMCACHED_BEHAVIOR_POLL_TIMEOUT, TIMEOUT_MS},
        {MEMCACHED_BEHAVIOR_SND_TIMEOUT, TIMEOUT_MS * 1000},
        {MEMCACHED_BEHAVIOR_RCV_TIMEOUT, TIMEOUT_MS * 1000},
        {MEMCACHED_BEHAVIOR_RETRY_TIMEOUT, 1},
        {MEMCACHED_BEHAVIOR_VERIFY_KEY, 1},
        {MEMCACHED_BEHAVIOR_NO_BLOCK, 0},
        {MEMCACHED_BEHAVIOR_SUPPORT_CAS, 1},
        /* moving keys to another server would reset their limits */
        {MEMCACHED_BEHAVIOR_REMOVE_FAILED_SERVERS, 0},
        {MEMCACHED_BEHAVIOR_DISTRIBUTION,
         MEMCACHED_DISTRIBUTION_CONSISTENT_KETAMA},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (memcached_behavior_set(mc, rows[i].flag, rows[i].value) !=
            MEMCACHED_SUCCESS)
            return false;
    return true;
}

/* What places a key: the part before its last ':', so that all counters of
 * one caller are on one server, and away together. */
static size_t group_len(const char *key)
{
    const char *colon = strrchr(key, ':');
    return colon && colon > key ? (size_t)(colon - key) : strlen(key);
}

static struct breaker *server_of(struct cache *c, const char *key)
{
    uint32_t i = memcached_generate_hash(c->mc, key, group_len(key));
    return &c->servers[i < c->n ? i : 0];
}

/* Tries keys until each server has one of its own. */
static void choose_ping_keys(struct cache *c)
{
    char key[sizeof c->servers[0].ping_key];
    size_t found = 0;
    for (int i = 0; found < c->n && i < 100000; i++) {
        snprintf(key, sizeof key, "ping%d", i);
        struct breaker *s = server_of(c, key);
        if (*s->ping_key)
            continue;
        memcpy(s->ping_key, key, sizeof key);
        found++;
    }
}

struct cache *cache_open(const char *const *servers, size_t n)
{
    if (!n)
        return NULL;
    struct cache *c = calloc(1, sizeof *c);
    memcached_st *mc = memcached_create(NULL);
    bool ok = c && mc && n <= SERVERS && set_behaviours(mc);
    for (size_t i = 0; ok && i < n; i++)
        ok = add_server(mc, servers[i]);
    if (!ok) {
        log_event(LOG_ERROR, "cache_servers_invalid", NULL);
        if (mc)
            memcached_free(mc);
        free(c);
        return NULL;
    }
    c->mc = mc;
    c->n = n;
    c->timeout_ms = TIMEOUT_MS;
    choose_ping_keys(c);
    return c;
}

void cache_close(struct cache *c)
{
    if (!c)
        return;
    memcached_free(c->mc);
    free(c);
}

void cache_connect(struct cache *c)
{
    if (c) /* asks every server, whatever the keys; failures do not matter */
        (void)memcached_version(c->mc);
}

static void wait_at_most(struct cache *c, int ms)
{
    if (c->timeout_ms == ms)
        return;
    memcached_behavior_set(c->mc, MEMCACHED_BEHAVIOR_POLL_TIMEOUT,
                           (uint64_t)ms);
    c->timeout_ms = ms;
}

static bool may_call(struct cache *c, struct breaker *s)
{
    int64_t now = clock_mono_us();
    if (s->open && now < s->probe_at)
        return false;
    if (s->open)
        s->probe_at = now + BREAK_US; /* one probe a second */
    wait_at_most(c, s->failures[BREAK_AFTER - 1] ? IMPATIENT_MS : TIMEOUT_MS);
    return true;
}

static void note_failure(struct cache *c, struct breaker *s,
                         memcached_return_t rc)
{
    int64_t now = clock_mono_us();
    memmove(s->failures, s->failures + 1,
            sizeof s->failures - sizeof s->failures[0]);
    s->failures[BREAK_AFTER - 1] = now;
    s->probe_at = now + BREAK_US;
    if (s->open || !s->failures[0] || now - s->failures[0] > BREAK_US)
        return;
    s->open = true;
    log_event(LOG_WARNING, "cache_breaker_open", "{s:s,s:i}", "reason",
              memcached_strerror(c->mc, rc), "server",
              (int)(s - c->servers) + 1);
}

static void note_success(struct cache *c, struct breaker *s)
{
    if (s->open)
        log_event(LOG_INFO, "cache_breaker_closed", "{s:i}", "server",
                  (int)(s - c->servers) + 1);
    s->open = false;
    memset(s->failures, 0, sizeof s->failures);
}

/* Answers of the protocol are answers; everything else is a failure.
 * libmemcached itself drops a connection that may hold half an answer. */
static enum err judge(struct cache *c, struct breaker *s, memcached_return_t rc)
{
    if (rc == MEMCACHED_SUCCESS || rc == MEMCACHED_NOTFOUND ||
        rc == MEMCACHED_NOTSTORED || rc == MEMCACHED_DATA_EXISTS) {
        note_success(c, s);
        return OK;
    }
    note_failure(c, s, rc);
    return ERR_UNAVAILABLE;
}

static bool key_ok(const char *key)
{
    size_t n = strlen(key);
    for (const char *p = key; *p; p++)
        if (*p <= 0x20 || *p >= 0x7f)
            return false;
    return n > 0 && n <= KEY_BYTES;
}

/* The server of a key when it may be asked, else NULL. */
static struct breaker *callable(struct cache *c, const char *key)
{
    struct breaker *s = c && key_ok(key) ? server_of(c, key) : NULL;
    return s && may_call(c, s) ? s : NULL;
}

static memcached_return_t incr(struct cache *c, const char *key,
                               uint64_t *value)
{
    return memcached_increment_by_key(c->mc, key, group_len(key), key,
                                      strlen(key), 1, value);
}

static memcached_return_t add(struct cache *c, const char *key, uint32_t ttl_s,
                              uint64_t value)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    return memcached_add_by_key(c->mc, key, group_len(key), key, strlen(key),
                                text, (size_t)n, (time_t)ttl_s, 0);
}

static bool was_there(memcached_return_t rc)
{
    return rc == MEMCACHED_NOTSTORED || rc == MEMCACHED_DATA_EXISTS;
}

enum err cache_incr(struct cache *c, const char *key, uint32_t ttl_s,
                    uint64_t *value)
{
    struct breaker *s = callable(c, key);
    if (!s)
        return ERR_UNAVAILABLE;
    memcached_return_t rc = incr(c, key, value);
    if (rc == MEMCACHED_NOTFOUND) {
        rc = add(c, key, ttl_s, 1);
        *value = 1;
        if (was_there(rc)) /* somebody else added it in between */
            rc = incr(c, key, value);
    }
    if (rc == MEMCACHED_NOTFOUND)
        rc = MEMCACHED_FAILURE; /* evicted while we looked */
    return judge(c, s, rc);
}

enum err cache_decr(struct cache *c, const char *key)
{
    uint64_t value;
    struct breaker *s = callable(c, key);
    if (!s)
        return ERR_UNAVAILABLE;
    return judge(c, s,
                 memcached_decrement_by_key(c->mc, key, group_len(key), key,
                                            strlen(key), 1, &value));
}

/* A counter's text; decr leaves trailing blanks. */
static uint64_t number_in(const memcached_result_st *found)
{
    int64_t v = 0;
    char text[24] = "";
    if (memcached_result_length(found) < sizeof text)
        memcpy(text, memcached_result_value(found),
               memcached_result_length(found));
    text[strcspn(text, " ")] = '\0';
    return str_to_i64(text, &v) && v > 0 ? (uint64_t)v : 0;
}

/* The number stored and what tells this version of it from later ones. */
static memcached_return_t fetch(struct cache *c, const char *key,
                                uint64_t *value, uint64_t *version)
{
    size_t n = strlen(key);
    memcached_return_t rc, end;
    *value = *version = 0;
    rc = memcached_mget_by_key(c->mc, key, group_len(key), &key, &n, 1);
    if (rc != MEMCACHED_SUCCESS)
        return rc;
    memcached_result_st *found = memcached_fetch_result(c->mc, NULL, &rc);
    if (!found)
        return rc == MEMCACHED_END ? MEMCACHED_NOTFOUND : rc;
    *value = number_in(found);
    *version = memcached_result_cas(found);
    memcached_result_free(found);
    while ((found = memcached_fetch_result(c->mc, NULL, &end)) != NULL)
        memcached_result_free(found);
    return rc;
}

enum err cache_count(struct cache *c, const char *key, uint64_t *value)
{
    uint64_t version;
    struct breaker *s = callable(c, key);
    *value = 0;
    return s ? judge(c, s, fetch(c, key, value, &version)) : ERR_UNAVAILABLE;
}

/* ---- many keys ----------------------------------------------------------- */

static void take(const memcached_result_st *found, const char *const *keys,
                 size_t n, uint64_t *values)
{
    const size_t len = memcached_result_key_length(found);
    for (size_t i = 0; i < n; i++)
        if (strlen(keys[i]) == len &&
            memcmp(keys[i], memcached_result_key_value(found), len) == 0)
            values[i] = number_in(found);
}

/* Keys of one server. */
static memcached_return_t fetch_many(struct cache *c, const char *const *keys,
                                     size_t n, uint64_t *values)
{
    size_t lengths[CACHE_MANY];
    memcached_result_st *found;
    memcached_return_t rc;
    for (size_t i = 0; i < n; i++)
        lengths[i] = strlen(keys[i]);
    rc = memcached_mget_by_key(c->mc, keys[0], group_len(keys[0]), keys,
                               lengths, n);
    if (rc != MEMCACHED_SUCCESS)
        return rc;
    while ((found = memcached_fetch_result(c->mc, NULL, &rc)) != NULL) {
        take(found, keys, n, values);
        memcached_result_free(found);
    }
    return rc == MEMCACHED_END ? MEMCACHED_NOTFOUND : rc;
}

static void count_of_server(struct cache *c, const struct breaker *s,
                            const char *const *keys, size_t n, uint64_t *values,
                            bool *is_known)
{
    const char *own[CACHE_MANY];
    uint64_t got[CACHE_MANY] = {0};
    size_t at[CACHE_MANY], n_own = 0;
    for (size_t i = 0; i < n; i++)
        if (key_ok(keys[i]) && server_of(c, keys[i]) == s) {
            at[n_own] = i;
            own[n_own++] = keys[i];
        }
    struct breaker *open = n_own ? callable(c, own[0]) : NULL;
    if (!open || judge(c, open, fetch_many(c, own, n_own, got)))
        return;
    for (size_t i = 0; i < n_own; i++) {
        values[at[i]] = got[i];
        is_known[at[i]] = true;
    }
}

void cache_count_many(struct cache *c, const char *const *keys, size_t n,
                      uint64_t *values, bool *is_known)
{
    assert(n <= CACHE_MANY);
    memset(values, 0, n * sizeof *values);
    memset(is_known, 0, n * sizeof *is_known);
    for (size_t i = 0; c && i < c->n; i++)
        count_of_server(c, &c->servers[i], keys, n, values, is_known);
}

/* ---- numbers that hold --------------------------------------------------- */

enum err cache_first(struct cache *c, const char *key, uint32_t ttl_s,
                     uint64_t *value)
{
    uint64_t there, version;
    struct breaker *s = callable(c, key);
    if (!s)
        return ERR_UNAVAILABLE;
    memcached_return_t rc = fetch(c, key, &there, &version);
    if (rc == MEMCACHED_NOTFOUND) {
        rc = add(c, key, ttl_s, *value);
        there = *value;
        if (was_there(rc))
            rc = fetch(c, key, &there, &version);
    }
    if (rc == MEMCACHED_SUCCESS)
        *value = there;
    return judge(c, s, rc == MEMCACHED_NOTFOUND ? MEMCACHED_FAILURE : rc);
}

enum err cache_swap(struct cache *c, const char *key, uint32_t ttl_s,
                    uint64_t from, uint64_t to)
{
    uint64_t there, version;
    char text[24];
    int n = snprintf(text, sizeof text, "%llu", (unsigned long long)to);
    struct breaker *s = callable(c, key);
    if (!s)
        return ERR_UNAVAILABLE;
    memcached_return_t rc = fetch(c, key, &there, &version);
    if (rc == MEMCACHED_SUCCESS && there == from)
        rc = memcached_cas_by_key(c->mc, key, group_len(key), key, strlen(key),
                                  text, (size_t)n, (time_t)ttl_s, 0, version);
    else if (rc == MEMCACHED_SUCCESS)
        rc = MEMCACHED_DATA_EXISTS;
    if (judge(c, s, rc))
        return ERR_UNAVAILABLE;
    return rc == MEMCACHED_SUCCESS ? OK : ERR_CONFLICT;
}

bool cache_ping_server(struct cache *c, size_t i)
{
    uint64_t value;
    int64_t now = clock_mono_us();
    if (!c || i >= c->n)
        return false;
    struct breaker *s = &c->servers[i];
    if (!s->pinged_at || now - s->pinged_at > BREAK_US) {
        s->pinged_at = now;
        s->ping_ok = cache_count(c, s->ping_key, &value) == OK;
    }
    return s->ping_ok;
}

bool cache_ping(struct cache *c)
{
    bool all = c != NULL;
    for (size_t i = 0; c && i < c->n; i++)
        all &= cache_ping_server(c, i);
    return all;
}

size_t cache_servers(const struct cache *c)
{
    return c ? c->n : 0;
}
