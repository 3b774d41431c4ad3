#include "web/idempotency_key.h"
#include "base/str.h"
#include "tap.h"

int main(void)
{
    static const struct {
        const char *header, *key;
    } rows[] = {
        {"abc", "abc"},
        {"\"abc\"", "abc"},
        {" \"a b\" ", "a b"},
        {"a b", "a b"},
        {"\"a\\\"b\\\\c\"", "a\"b\\c"},
        {"a\\b", "a\\b"},
        {"", NULL},
        {"\"\"", NULL},
        {"\"", NULL},
        {"\"abc", NULL},
        {"abc\"", NULL},
        {"a\"b", NULL},
        {"\"a\"b", NULL},
        {"\"a\";p=1", NULL},
        {"\"a\\x\"", NULL},
        {"\"a\\", NULL},
        {"a\tb", NULL},
        {"\"a\tb\"", NULL},
        {"cl\xC3\xA9", NULL},
        {"a\x7F", NULL},
    };
    struct arena *a = arena_new(4096);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *key = idempotency_key_parse(a, rows[i].header);
        tap_ok(str_eq(key, rows[i].key), "%s", rows[i].header);
    }
    tap_is_str(idempotency_key_parse(a, arena_printf(a, "%0255d", 7)),
               arena_printf(a, "%0255d", 7), "255 characters");
    tap_ok(!idempotency_key_parse(a, arena_printf(a, "%0256d", 7)), "256");
    tap_ok(idempotency_key_parse(a, arena_printf(a, "\"%0255d\"", 7)) != NULL,
           "255 in quotes");
    arena_free(a);
    return tap_done();
}
