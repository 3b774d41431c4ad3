#include "web/etag.h"
#include "fake_req.h"
#include "tap.h"

static struct arena *a;

static bool allows(const char *sent, const char *etag)
{
    struct fake f;
    fake_init(&f, a);
    if (sent)
        fake_param(&f, "HTTP_IF_MATCH", sent);
    return etag_allows(&f.r, etag);
}

int main(void)
{
    a = arena_new(4096);
    const char *one = etag_of(a, (struct bytes){(const uint8_t *)"{}", 2});
    const char *two = etag_of(a, (struct bytes){(const uint8_t *)"{ }", 3});
    tap_is_int(strlen(one), 34, "32 digits in quotes");
    tap_ok(one[0] == '"' && one[33] == '"', "in quotes");
    tap_ok(strcmp(one, two) != 0, "other bytes have another tag");
    tap_is_str(etag_of(a, (struct bytes){(const uint8_t *)"{}", 2}), one,
               "the same bytes the same");
    tap_ok(allows(NULL, one) && allows("", one), "nothing is asked");
    tap_ok(allows(one, one) && allows("*", one) && allows(" *", one),
           "the state, or any");
    tap_ok(allows(arena_printf(a, "\"x\", %s", one), one), "one of a list");
    tap_ok(allows(arena_printf(a, "W/%s", one), one), "made weak on the way");
    tap_ok(!allows(two, one) && !allows("\"\"", one) && !allows("x", one),
           "another state");
    tap_ok(!allows(arena_printf(a, "%.20s", one), one), "a part of it");
    arena_free(a);
    return tap_done();
}
