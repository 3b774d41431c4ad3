#include "web/limit.h"
#include <stdlib.h>
#include <unistd.h>
#include "base/conf.h"
#include "base/encode.h"
#include "base/str.h"
#include "fake_req.h"
#include "tap.h"

static struct arena *a;

static const char *table(const char *text)
{
    static char path[] = "/tmp/limit-unit-XXXXXX";
    static int fd = -1;
    if (fd < 0)
        fd = mkstemp(path);
    if (ftruncate(fd, 0) < 0 ||
        pwrite(fd, text, strlen(text), 0) != (ssize_t)strlen(text))
        return NULL;
    return path;
}

static void tables(void)
{
    tap_ok(!limit_load(table("# a comment\nname\tcount\twindow_s\ton_failure"
                             "\tdoc\ndefault\t60\t60\topen\tx\n\n"
                             "login\t5\t60\tlocal\tx\n"
                             "vinted\t40\t7200\topen\tx\n"
                             "predict\t100\t3600\topen\tx\n"
                             "odd\t7\t90\topen\tx\n")), "a good table");
    tap_is_str(limit_short(a, limit_find("login")), "5/minute", "short");
    tap_is_str(limit_long(a, limit_find("login")), "5 per 1 minute", "long");
    tap_is_str(limit_long(a, limit_find("vinted")), "40 per 2 hour", "hours");
    tap_is_str(limit_short(a, limit_find("predict")), "100/hour", "an hour");
    tap_is_str(limit_long(a, limit_find("odd")), "7 per 90 second", "seconds");
    tap_ok(limit_find("login")->local_on_failure, "local");
    tap_ok(!limit_find("nothing"), "an unknown name");
    static const char *const bad[] = {
        "", "login\t5\t60\topen\tx\n", "default\t0\t60\topen\tx\n",
        "default\t5\t0\topen\tx\n", "default\t5\t99999\topen\tx\n",
        "default\t5\t60\tclosed\tx\n", "default\t5\t60\topen\n",
        "default\tx\t60\topen\tx\n",
        "default\t5\t60\topen\tx\ndefault\t5\t60\topen\tx\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        tap_ok(limit_load(table(bad[i])) != NULL, "bad table %zu", i);
    tap_ok(limit_load("/nowhere/at/all") != NULL, "no table");
}

static void arithmetic(void)
{
    struct limit_window w = {.count = 5, .window_ms = 60000,
                             .elapsed_ms = 10000, .current = 5};
    tap_ok(limit_fits(&w), "the fifth of five fits");
    tap_is_int(limit_remaining(&w), 0, "and leaves none");
    tap_is_int(limit_wait_ms(&w), 50000 + 12000,
               "the next: this window's rest, then a fifth slides out");
    w.current = 6;
    tap_ok(!limit_fits(&w), "the sixth does not");
    w = (struct limit_window){.count = 10, .window_ms = 60000,
                              .elapsed_ms = 30000, .previous = 10,
                              .current = 5};
    tap_ok(limit_fits(&w), "half of ten still slides: five more fit");
    w.current = 6;
    tap_ok(!limit_fits(&w), "not six");
    w.current = 5;
    tap_is_int(limit_wait_ms(&w), 6000, "a tenth of the window later");
    w = (struct limit_window){.count = 1, .window_ms = 1000, .current = 1};
    tap_is_int(limit_wait_ms(&w), 2000, "one a second: two clock windows");
}

/* Against a model: a client as greedy as can be, for many windows. After the
 * wait it was told it passes, a millisecond before it does not. */
static void greedy_client(void)
{
    unsigned char seed[64];
    encode_random(seed, sizeof seed);
    int early = 0, late = 0, over = 0;
    for (int k = 0; k < 64; k++) {
        struct limit_window w = {.count = 1 + seed[k] % 50,
                                 .window_ms = 60000};
        int64_t now = seed[(k + 7) % 64] * 200, no = now / 60000;
        for (int steps = 0; steps < 400; steps++) {
            if (now / 60000 != no) {
                w.previous = now / 60000 == no + 1 ? w.current : 0;
                w.current = 0;
                no = now / 60000;
            }
            w.elapsed_ms = now % 60000;
            struct limit_window next = w;
            next.current++;
            if (limit_fits(&next)) {
                w = next;
                over += w.current > w.count;
                continue;
            }
            int64_t wait = limit_wait_ms(&w);
            early += wait <= 0;
            struct limit_window then = w;
            int64_t at = w.elapsed_ms + wait;
            if (at >= 60000) {
                then = (struct limit_window){w.count, 60000, at - 60000,
                                             w.current, 0};
                if (at >= 120000)
                    then = (struct limit_window){w.count, 60000, 0, 0, 0};
            } else {
                then.elapsed_ms = at;
            }
            then.current++;
            late += !limit_fits(&then);
            now += wait > 0 ? wait : 1;
        }
    }
    tap_is_int(over, 0, "never more than the count in a clock window");
    tap_is_int(early, 0, "a refusal always names a wait");
    tap_is_int(late, 0, "after the wait a request passes");
}

static bool pass(struct fake *f, const char *limit, const char *who)
{
    static struct route row;
    row = (struct route){.method = "GET", .path = "/x", .limit = limit};
    fake_init(f, a);
    f->r.route = &row;
    snprintf(f->r.who.id, sizeof f->r.who.id, "%s", who);
    return limit_pass(&f->r);
}

static void without_memcached(void)
{
    struct fake f;
    int passed = 0;
    tap_ok(!limit_load(table("default\t2\t86400\topen\tx\n"
                             "login\t3\t86400\tlocal\tx\n")), "table");
    for (int i = 0; i < 9; i++)
        passed += pass(&f, "default", "ip:192.0.2.1");
    tap_is_int(passed, 9, "open rows let through");
    tap_is_int(f.r.n_headers, 0, "and promise nothing");
    for (int i = passed = 0; i < 9; i++)
        passed += pass(&f, "login", "ip:192.0.2.1");
    tap_is_int(passed, 3, "local rows count here");
    tap_is_int(f.r.status, 429, "and refuse");
    tap_ok(pass(&f, "login", "ip:192.0.2.2"), "each caller alone");
    tap_ok(pass(&f, NULL, "ip:192.0.2.1"), "no row, no limit");
}

static void the_refusal(void)
{
    struct fake f;
    bool ok = false;
    tap_ok(!limit_load(table("default\t60\t60\topen\tx\n"
                             "auth_login\t5\t60\tlocal\tx\n")), "table");
    for (int i = 0; i < 20 && f.r.status != 429; i++)
        ok = pass(&f, "auth_login", "user:123");
    tap_ok(!ok && f.r.status == 429, "refused in the end");
    json_t *o = fake_json(&f);
    const char *error, *message, *detail, *retry;
    tap_is_int(json_unpack(o, "{s:s,s:s,s:s,s:s}", "error", &error, "message",
                           &message, "detail", &detail, "retry_after",
                           &retry), 0, "the four members");
    tap_is_str(error, "rate_limit_exceeded", "error");
    tap_is_str(message, "Rate limit exceeded: 5 per 1 minute", "message");
    tap_is_str(detail, "Too many requests. Please wait before trying again.",
               "detail");
    const char *after = fake_header(&f, "Retry-After");
    tap_is_str(retry, arena_printf(a, "%s seconds", after), "retry_after");
    tap_is_str(fake_header(&f, "X-RateLimit-Limit"), "5/minute",
               "X-RateLimit-Limit");
    tap_is_str(fake_header(&f, "X-RateLimit-Remaining"), "0", "none left");
    tap_is_str(fake_header(&f, "RateLimit-Policy"), "\"auth_login\";q=5;w=60",
               "RateLimit-Policy");
    tap_is_str(fake_header(&f, "RateLimit"),
               arena_printf(a, "\"auth_login\";r=0;t=%s", after),
               "RateLimit agrees with Retry-After");
    json_decref(o);
}

int main(void)
{
    const char *bad = conf_init();
    tap_ok(!bad, "conf");
    a = arena_new(16384);
    tables();
    arithmetic();
    greedy_client();
    without_memcached();
    the_refusal();
    unlink(table("x"));
    arena_free(a);
    return tap_done();
}
