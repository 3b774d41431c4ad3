/* Any header: what is taken is 1 to 255 printable characters, and writing it
 * in quotes again gives the same key. */
#include <string.h>
#include "base/buf.h"
#include "base/str.h"
#include "fuzz.h"
#include "web/idempotency_key.h"

static const char *quoted(struct arena *a, const char *key)
{
    struct buf b;
    buf_init(&b, a, 1024);
    buf_char(&b, '"');
    for (; *key; key++) {
        if (*key == '"' || *key == '\\')
            buf_char(&b, '\\');
        buf_char(&b, *key);
    }
    buf_char(&b, '"');
    return buf_cstr(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(4096);
    const char *key =
        idempotency_key_parse(a, arena_strndup(a, (const char *)data, size));
    if (key) {
        FUZZ_CHECK(strlen(key) >= 1 && strlen(key) <= IDEMPOTENCY_KEY_MAX);
        for (const char *s = key; *s; s++)
            FUZZ_CHECK(*s >= 0x20 && *s <= 0x7E);
        FUZZ_CHECK(str_eq(idempotency_key_parse(a, quoted(a, key)), key));
    }
    arena_free(a);
    return 0;
}
