/* lib/base/arena.c: lifetime, order of deferred calls, growth. */
#include "base/arena.h"
#include "base/buf.h"
#include "tap.h"
#include <fcntl.h>
#include <unistd.h>

static char order[8];

static void note(void *p)
{
    size_t n = strlen(order);
    order[n] = *(char *)p;
    order[n + 1] = '\0';
}

int main(void)
{
    struct arena *a = arena_new(256);
    arena_defer(a, note, "1");
    arena_defer(a, note, "2");
    char *big = arena_alloc(a, 100000);
    tap_ok(big[0] == 0 && big[99999] == 0, "memory is zeroed");
    for (size_t i = 1; i < 500; i++)
        if ((uintptr_t)arena_alloc(a, i) % 16)
            tap_ok(false, "aligned for %zu", i);
    tap_ok(arena_used(a) > 100000, "use is counted");
    tap_is_str(arena_printf(a, "%d-%s", 7, "x"), "7-x", "printf");
    tap_ok(arena_strdup(a, NULL) == NULL, "strdup of NULL");
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    arena_defer_close(a, fd);
    arena_reset(a);
    tap_is_str(order, "21", "deferred calls run last first");
    tap_ok(fcntl(fd, F_GETFD) < 0, "the descriptor was closed");
    tap_is_int(arena_used(a), 0, "reset gives everything back");

    struct buf b;
    buf_init(&b, a, 10);
    tap_is_str(buf_cstr(&b), "", "an empty buffer is an empty text");
    buf_str(&b, "12345");
    buf_printf(&b, "%d", 67890);
    tap_ok(buf_ok(&b), "exactly the maximum fits");
    buf_char(&b, '!');
    buf_str(&b, "");
    tap_ok(!buf_ok(&b), "failure is sticky");
    tap_is_str(buf_cstr(&b), "1234567890", "what fitted is kept");
    buf_init(&b, a, 1000);
    buf_json(&b, "a\"\\\n\x7f\xc3\xa9");
    tap_is_str(buf_cstr(&b), "a\\\"\\\\\\u000a\\u007f\xc3\xa9",
               "JSON escapes");
    buf_init(&b, a, 100000);
    buf_printf(&b, "%05000d", 1);
    tap_is_int(b.n, 5000, "long formats grow the buffer");
    arena_free(a);
    return tap_done();
}
