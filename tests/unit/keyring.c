/* lib/wire/keyring.c: one bare key, pairs, and what is refused. */
#include "wire/keyring.h"
#include "base/str.h"
#include "tap.h"

int main(void)
{
    static const struct {
        const char *text, *says;
    } bad[] = {{"a:1,b", "each needs its name"},
               {"a:1,a:2", "used twice"},
               {"a:", "is empty"},
               {"a:1,,b:2", "is empty"},
               {"1,2,3,4,5,6,7,8,9", "at most 8"}};
    struct arena *a = arena_new(1024);
    struct keyring ring;
    tap_ok(!keyring_parse(a, "K", "", &ring) && ring.n == 0, "none");
    tap_ok(!keyring_parse(a, "K", "bare key", &ring) && ring.n == 1, "bare");
    tap_ok(!ring.keys[0].kid && str_eq(ring.keys[0].secret, "bare key"),
           "has no name");
    tap_ok(!keyring_parse(a, "K", "new_1:abc:d, old-1:xyz", &ring), "pairs");
    tap_is_int(ring.n, 2, "two");
    tap_is_str(ring.keys[0].kid, "new_1", "first name");
    tap_is_str(ring.keys[0].secret, "abc:d", "first key, its colon kept");
    tap_is_str(ring.keys[1].secret, "xyz", "second key, trimmed");
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        const char *said = keyring_parse(a, "K", bad[i].text, &ring);
        tap_ok(said && strstr(said, bad[i].says), "refused: %s", bad[i].text);
    }
    tap_ok(keyring_is_sample("please-Change-me-0123456789abcdef"), "sample");
    tap_ok(keyring_is_sample("aaaaaaaabbbbbbbbaaaaaaaabbbbbbbb"), "monotonous");
    tap_ok(!keyring_is_sample("4f0c9d1e7ab35826"), "a random one");
    arena_free(a);
    return tap_done();
}
