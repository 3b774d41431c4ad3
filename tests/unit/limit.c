#include "web/limit.h"
#include <stdlib.h>
#include <unistd.h>
#include "base/conf.h"
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
    tap_is_int(f.r.n_headers, 2, "and tell the limit, but not what is left");
    tap_is_str(fake_header(&f, "RateLimit-Policy"), "\"default\";q=2;w=86400",
               "the policy");
    for (int i = passed = 0; i < 9; i++)
        passed += pass(&f, "login", "ip:192.0.2.1");
    tap_is_int(passed, 3, "local rows count here");
    tap_ok(pass(&f, "login", "ip:192.0.2.9") &&
               fake_header(&f, "X-RateLimit-Remaining"),
           "and tell what is left");
    tap_ok(!pass(&f, "login", "ip:192.0.2.1"), "again");
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
    tap_is_str(arena_strndup(a, (const char *)f.r.answer.p, f.r.answer.n),
               arena_printf(a,
                            "{\"error\":\"rate_limit_exceeded\",\"message\":"
                            "\"Rate limit exceeded: 5 per 1 minute\","
                            "\"detail\":\"Too many requests. Please wait "
                            "before trying again.\",\"retry_after\":\"%s "
                            "seconds\",\"code\":\"rate_limit_exceeded\","
                            "\"status_code\":429,\"request_id\":"
                            "\"request-0001\"}", after), "to the byte");
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
    without_memcached();
    the_refusal();
    unlink(table("x"));
    arena_free(a);
    return tap_done();
}
