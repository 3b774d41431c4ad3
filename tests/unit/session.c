/* lib/domain/session.c: what is kept of a User-Agent; the statements are
 * tests/api/92-session's. */
#include "domain/session.h"
#include "base/str.h"
#include "tap.h"

int main(void)
{
    struct arena *a = arena_new(4096);
    char *many = arena_alloc(a, 1001);
    tap_ok(!session_agent(a, NULL), "none");
    tap_ok(!session_agent(a, "curl \xff"), "no text");
    tap_is_str(session_agent(a, "curl/7.88 (été)"), "curl/7.88 (été)", "text");
    for (int i = 0; i < 1000; i += 2)
        memcpy(many + i, "é", 2);
    const char *cut = session_agent(a, many);
    tap_ok(strlen(cut) <= 300 && str_utf8_ok(cut, strlen(cut)),
           "cut between two characters: %zu bytes", strlen(cut));
    tap_is_str(session_agent(a, ""), "", "empty");
    arena_free(a);
    return tap_done();
}
