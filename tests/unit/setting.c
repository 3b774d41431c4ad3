#include "domain/setting.h"
#include <stdlib.h>
#include "base/str.h"
#include "tap.h"

static struct arena *a;

/* "ok", "-" for the whole, else the member that is wrong. */
static const char *told(const char *text)
{
    const char *key;
    json_t *o = json_loads(text, JSON_DECODE_ANY, NULL);
    const char *problem = setting_problem(a, o, &key);
    const char *s = !problem ? "ok" : key ? arena_strdup(a, key) : "-";
    if (problem)
        tap_ok(str_starts(problem, "must "), "%s", problem);
    json_decref(o);
    return s;
}

static const char *many(int n, size_t bytes)
{
    char *s = arena_alloc(a, (size_t)n * (bytes + 20) + 3);
    size_t at = 0;
    s[at++] = '{';
    for (int i = 0; i < n; i++) {
        at += (size_t)snprintf(s + at, 20, "%s\"k%d\":\"", i ? "," : "", i);
        memset(s + at, 'x', bytes);
        at += bytes;
        s[at++] = '"';
    }
    s[at] = '}';
    return s;
}

int main(void)
{
    a = arena_new(65536);
    tap_is_str(told("{}"), "ok", "none");
    tap_is_str(told("{\"a\":1,\"b.c_9\":{\"x\":[null]},\"d\":null}"), "ok",
               "some");
    static const char *const wrong[] = {"A",  "9a", "_a", "a b",
                                        "\xc3\xa9", "a-b", ".a", "a/b"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        tap_is_str(told(arena_printf(a, "{\"ok\":1,\"%s\":1}", wrong[i])),
                   wrong[i], "not %s", wrong[i]);
    tap_is_str(told("{\"\":1}"), "", "nor the empty name");
    tap_is_str(told(many(1, 0)), "ok", "an empty text");
    tap_is_str(told(many(1, SETTING_VALUE_BYTES - 2)), "ok", "5,000 bytes");
    tap_is_str(told(many(1, SETTING_VALUE_BYTES - 1)), "k0", "5,001 bytes");
    tap_is_str(told(many(SETTING_MOST, 1)), "ok", "200 settings");
    tap_is_str(told(many(SETTING_MOST + 1, 1)), "-", "201 settings");
    tap_is_str(told("[]"), "-", "a list");
    tap_is_str(told("\"x\""), "-", "a text");
    tap_is_str(told("null"), "-", "nothing");
    arena_free(a);
    return tap_done();
}
