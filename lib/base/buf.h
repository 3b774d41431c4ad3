/* Growing text or bytes with a maximum. Failure is sticky: append freely and
 * ask buf_ok once at the end. */
#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include "base/arena.h"

struct buf {
    char *p;
    size_t n, cap, max;
    bool failed;
    struct arena *arena;
};

/* An empty buffer in a that refuses to grow past max bytes. */
void buf_init(struct buf *b, struct arena *a, size_t max);
void buf_add(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
/* Adds a whole number in decimal. */
void buf_i64(struct buf *b, int64_t v);
/* Adds s as the inside of a JSON string (no quotes), controls escaped. */
void buf_json(struct buf *b, const char *s);
/* True when every append fitted. */
bool buf_ok(const struct buf *b);
/* The text so far, NUL-terminated, owned by the arena. */
RETURNS_NONNULL const char *buf_cstr(struct buf *b);
struct bytes buf_bytes(const struct buf *b);
