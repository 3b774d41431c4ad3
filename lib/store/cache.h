/* Counters in memcached, shared by every process. A server that does not
 * answer costs at most one short wait a second. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

struct cache;

/* Servers as host:port or socket paths; lives as long as the process. NULL
 * when there is none or one cannot be understood (logged). */
struct cache *cache_open(const char *const *servers, size_t n);
void cache_close(struct cache *c);
/* Connects to every server now instead of at the first key that needs it, so
 * that a process holds its descriptors from its start. One that is away is
 * met again by the calls below. */
void cache_connect(struct cache *c);
/* Keys: 1-200 printable characters; servers share them by consistent hashing
 * (ketama) of the part before the last ':', and a key never moves because its
 * server is away. All return ERR_UNAVAILABLE when that server does not answer
 * in 50 ms (20 ms once it failed) or its breaker is open: after 3 failures
 * within a second, with one probe a second. */

/* Adds 1 to a counter that starts at 0 and is forgotten ttl_s after its
 * first use; *value is the sum. */
MUST_CHECK enum err cache_incr(struct cache *c, const char *key, uint32_t ttl_s,
                               uint64_t *value);
/* Takes 1 back; a counter that is gone stays gone. */
MUST_CHECK enum err cache_decr(struct cache *c, const char *key);
/* The counter's value, 0 when there is none. */
MUST_CHECK enum err cache_count(struct cache *c, const char *key,
                                uint64_t *value);
/* The same of many keys, in one question a server: values[i] is only to be
 * looked at where is_known[i]. At most CACHE_MANY keys. */
enum { CACHE_MANY = 256 };
void cache_count_many(struct cache *c, const char *const *keys, size_t n,
                      uint64_t *values, bool *is_known);
/* The number first stored under the key: *value when there was none (it is
 * kept ttl_s from now), else the one that is there. */
MUST_CHECK enum err cache_first(struct cache *c, const char *key,
                                uint32_t ttl_s, uint64_t *value);
/* Puts to in the place of from, for ttl_s more; ERR_CONFLICT when another
 * number is there by now, or none. */
MUST_CHECK enum err cache_swap(struct cache *c, const char *key, uint32_t ttl_s,
                               uint64_t from, uint64_t to);
/* True when every server answers now (or did within this second). */
bool cache_ping(struct cache *c);
/* How many servers there are, and the same question to one of them. */
size_t cache_servers(const struct cache *c);
bool cache_ping_server(struct cache *c, size_t i);
