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
/* Keys: 1-200 printable characters. All return ERR_UNAVAILABLE when the
 * server does not answer in 50 ms or the breaker is open. */

/* Adds 1 to a counter that starts at 0 and is forgotten ttl_s after its
 * first use; *value is the sum. */
MUST_CHECK enum err cache_incr(struct cache *c, const char *key, uint32_t ttl_s,
                               uint64_t *value);
/* Takes 1 back; a counter that is gone stays gone. */
MUST_CHECK enum err cache_decr(struct cache *c, const char *key);
/* The counter's value, 0 when there is none. */
MUST_CHECK enum err cache_count(struct cache *c, const char *key,
                                uint64_t *value);
/* True when the server answers now (or did within this second). */
bool cache_ping(struct cache *c);
