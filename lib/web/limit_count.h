/* Counts a caller's requests: in memcached, shared by every process of every
 * instance, or in this process alone while memcached is away. */
#pragma once
#include "web/limit.h"
#include "web/limit_window.h"

struct cache;

enum limit_verdict {
    LIMIT_ACCEPTED,  /* counted; the window tells what is left */
    LIMIT_REFUSED,   /* not counted; wait_ms */
    LIMIT_UNCOUNTED, /* memcached is away and the row lets through */
};

struct limit_counted {
    enum limit_verdict verdict;
    int64_t remaining; /* requests that would still fit now */
    int64_t wait_ms;   /* until one more can fit, or the present window ends */
};

/* Counts one request of client (a principal's id) under the limit at now_ms
 * (UTC). Counters are keyed by the limit's name and the client alone, so that
 * routes, families and instances share them. */
struct limit_counted limit_count(struct arena *a, struct cache *cache,
                                 const struct limit *l, const char *client,
                                 int64_t now_ms);
/* What client has left of n limits, without counting anything: two questions
 * to each server of memcached, however many limits. out[i] is LIMIT_ACCEPTED
 * (wait_ms 0 where nothing was counted), or LIMIT_UNCOUNTED where the server
 * is away and nobody knows. */
void limit_count_look(struct arena *a, struct cache *cache,
                      const struct limit *const *rows, size_t n,
                      const char *client, int64_t now_ms,
                      struct limit_counted *out);
