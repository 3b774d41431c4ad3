/* Memory that lives as long as a request: allocate freely, give it all back
 * at once. Out of memory ends the process (the supervisor replaces it). */
#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"

struct arena;

/* Bytes with a length; p may hold NULs and is owned by whoever made it. */
struct bytes {
    const uint8_t *p;
    size_t n;
};

/* A new arena whose first block holds block_bytes; freed by arena_free. */
RETURNS_NONNULL struct arena *arena_new(size_t block_bytes);
/* Runs deferred functions, then returns the memory to the system. */
void arena_free(struct arena *a);
/* Runs deferred functions (last first) and keeps the first block for reuse.
 * Under ASan freed memory is poisoned. */
void arena_reset(struct arena *a);
/* n zeroed bytes, aligned for any type; never NULL. */
RETURNS_NONNULL void *arena_alloc(struct arena *a, size_t n);
/* count zeroed elements of size bytes; overflow ends the process. */
RETURNS_NONNULL void *arena_array(struct arena *a, size_t count, size_t size);
/* Copies; NULL stays NULL for arena_strdup, arena_strndup takes n bytes that
 * are there. */
char *arena_strdup(struct arena *a, const char *s);
RETURNS_NONNULL char *arena_strndup(struct arena *a, const char *s, size_t n);
RETURNS_NONNULL char *arena_printf(struct arena *a, const char *fmt, ...)
    PRINTF(2, 3);
RETURNS_NONNULL char *arena_vprintf(struct arena *a, const char *fmt,
                                    va_list ap) PRINTF(2, 0);
/* Calls fn(p) when the arena is reset or freed: for PGresult, json_t, fds. */
void arena_defer(struct arena *a, void (*fn)(void *), void *p);
/* Closes fd when the arena is reset or freed. */
void arena_defer_close(struct arena *a, int fd);
/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);

/* A typed helper: struct line *l = ARENA_NEW(a, struct line); */
#define ARENA_NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))
