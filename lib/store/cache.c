/* libmemcached in text mode. A frozen server would cost its timeout on every
 * call (it is never ejected), so a breaker stands in front. */
#include "store/cache.h"
#include <libmemcached/memcached.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

enum {
    TIMEOUT_MS = 50,
    BREAK_AFTER = 3, /* failures within BREAK_US */
    BREAK_US = 1000000,
    KEY_BYTES = 200
};

struct cache {
    memcached_st *mc;
    int64_t failures[BREAK_AFTER]; /* when, newest last */
    bool open;                     /* the breaker: calls are not made */
    int64_t probe_at;
    int64_t pinged_at;
    bool ping_ok;
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

struct cache *cache_open(const char *const *servers, size_t n)
{
    if (!n)
        return NULL;
    struct cache *c = calloc(1, sizeof *c);
    memcached_st *mc = memcached_create(NULL);
    bool ok = c && mc && set_behaviours(mc);
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

static bool may_call(struct cache *c)
{
    int64_t now = clock_mono_us();
    if (!c->open)
        return true;
    if (now < c->probe_at)
        return false;
    c->probe_at = now + BREAK_US; /* one probe a second */
    return true;
}

static void note_failure(struct cache *c, memcached_return_t rc)
{
    int64_t now = clock_mono_us();
    memmove(c->failures, c->failures + 1,
            sizeof c->failures - sizeof c->failures[0]);
    c->failures[BREAK_AFTER - 1] = now;
    c->probe_at = now + BREAK_US;
    if (c->open || !c->failures[0] || now - c->failures[0] > BREAK_US)
        return;
    c->open = true;
    log_event(LOG_WARNING, "cache_breaker_open", "{s:s}", "reason",
              memcached_strerror(c->mc, rc));
}

static void note_success(struct cache *c)
{
    if (c->open)
        log_event(LOG_INFO, "cache_breaker_closed", NULL);
    c->open = false;
    memset(c->failures, 0, sizeof c->failures);
}

/* Answers of the protocol are answers; everything else is a failure.
 * libmemcached itself drops a connection that may hold half an answer. */
static enum err judge(struct cache *c, memcached_return_t rc)
{
    if (rc == MEMCACHED_SUCCESS || rc == MEMCACHED_NOTFOUND ||
        rc == MEMCACHED_NOTSTORED || rc == MEMCACHED_DATA_EXISTS) {
        note_success(c);
        return OK;
    }
    note_failure(c, rc);
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

enum err cache_incr(struct cache *c, const char *key, uint32_t ttl_s,
                    uint64_t *value)
{
    size_t n = strlen(key);
    if (!c || !key_ok(key) || !may_call(c))
        return ERR_UNAVAILABLE;
    memcached_return_t rc = memcached_increment(c->mc, key, n, 1, value);
    if (rc == MEMCACHED_NOTFOUND) {
        rc = memcached_add(c->mc, key, n, "1", 1, (time_t)ttl_s, 0);
        *value = 1;
        /* somebody else added it in between */
        if (rc == MEMCACHED_NOTSTORED || rc == MEMCACHED_DATA_EXISTS)
            rc = memcached_increment(c->mc, key, n, 1, value);
    }
    if (rc == MEMCACHED_NOTFOUND)
        rc = MEMCACHED_FAILURE; /* evicted while we looked */
    return judge(c, rc);
}

enum err cache_decr(struct cache *c, const char *key)
{
    uint64_t value;
    if (!c || !key_ok(key) || !may_call(c))
        return ERR_UNAVAILABLE;
    return judge(c, memcached_decrement(c->mc, key, strlen(key), 1, &value));
}

enum err cache_count(struct cache *c, const char *key, uint64_t *value)
{
    memcached_return_t rc;
    size_t n;
    uint32_t flags;
    int64_t v = 0;
    *value = 0;
    if (!c || !key_ok(key) || !may_call(c))
        return ERR_UNAVAILABLE;
    char *text = memcached_get(c->mc, key, strlen(key), &n, &flags, &rc);
    enum err e = judge(c, rc);
    /* decr leaves trailing blanks in the stored number */
    if (text && n < 24) {
        text[strcspn(text, " ")] = '\0';
        if (str_to_i64(text, &v) && v > 0)
            *value = (uint64_t)v;
    }
    free(text);
    return e;
}

bool cache_ping(struct cache *c)
{
    uint64_t value;
    int64_t now = clock_mono_us();
    if (!c)
        return false;
    if (!c->pinged_at || now - c->pinged_at > BREAK_US) {
        c->pinged_at = now;
        c->ping_ok = cache_count(c, "ping", &value) == OK;
    }
    return c->ping_ok;
}
