/* Rate limits: a table of rows, counters in memcached, the headers that tell
 * the caller. */
#pragma once
#include "web/req.h"

enum { LIMIT_ROWS = 64 };

struct limit {
    const char *name;
    int64_t count, window_s;
    bool local_on_failure;
};

/* Reads LIMITS_FILE, else COMPTOIR_HOME/share/limits.tsv, and connects to
 * MEMCACHED_SERVERS. NULL when all is well, else one clear sentence. */
MUST_CHECK const char *limit_init(void);
/* The same for a given file, without memcached: for documents and tests. */
MUST_CHECK const char *limit_load(const char *path);
/* Row by name or NULL. */
const struct limit *limit_find(const char *name);
/* "5/minute", "40/2 hour". */
const char *limit_short(struct arena *a, const struct limit *l);
/* "5 per 1 minute", "40 per 2 hour". */
const char *limit_long(struct arena *a, const struct limit *l);
/* Reads again what single customers were granted, when that is due; before
 * anything else is asked of r->db. */
void limit_refresh(const struct req *r);
/* Counts this request of r->who under the route's row. Adds the headers,
 * which stay whatever becomes of the request. False when it is refused; then
 * the 429 is in r. */
MUST_CHECK bool limit_pass(struct req *r);
/* What r->who has left of a row, told as the headers tell it. */
struct limit_left {
    const struct limit *row; /* the caller's own, else the table's */
    bool is_known;           /* false: nginx keeps it, or memcached is away */
    int64_t remaining, reset_s; /* 0 where nothing was counted yet */
};
/* All rows for r->who, in the table's order, read and not counted; how many. */
size_t limit_look(struct req *r, struct limit_left out[LIMIT_ROWS]);
struct cache;
/* The connection limits use; may be NULL. */
struct cache *limit_cache(void);
