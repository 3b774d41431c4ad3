/* Any text as a cursor; then the same bytes as a sort key that goes there and
 * back. */
#include <string.h>
#include "base/conf.h"
#include "base/str.h"
#include "fuzz.h"
#include "web/cursor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool started;
    if (!started) {
        setenv("JWT_SECRET_KEY", "k1:a9d04b7c61f25e38a9d04b7c61f25e38", 1);
        FUZZ_CHECK(!conf_init());
        started = true;
    }
    struct arena *a = arena_new(4096);
    const char *text = arena_strndup(a, (const char *)data, size);
    const char *key = cursor_open(a, "fuzz", text);
    FUZZ_CHECK(!key || str_eq(cursor_make(a, "fuzz", key), text));
    const char *made = cursor_make(a, "fuzz", text);
    FUZZ_CHECK(!made == (strlen(text) > CURSOR_KEY_BYTES));
    FUZZ_CHECK(!made || str_eq(cursor_open(a, "fuzz", made), text));
    arena_free(a);
    return 0;
}
