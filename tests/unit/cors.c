#include "web/cors.h"
#include <stdlib.h>
#include "base/conf.h"
#include "base/str.h"
#include "fake_req.h"
#include "tap.h"

static struct arena *a;

static void hostile_origins(void)
{
    char *longer = arena_alloc(a, 9000);
    memset(longer, 'a', 8999);
    memcpy(longer, "https://app.example", 19);
    const char *const rows[] = {
        "https://app.example.evil.example", "https://evilapp.example",
        "https://app.example:444", "http://app.example",
        "https://APP.example", "null", "https://app.ex\xc3\xa1mple",
        "https://app.example.", "https://me@app.example",
        "https://app.example, https://b.example", "", longer, "*",
        "https://app.example/", " https://app.example"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fake f;
        fake_init(&f, a);
        fake_param(&f, "HTTP_ORIGIN", rows[i]);
        cors_headers(&f.r);
        tap_ok(!cors_origin_ok(rows[i]) &&
                   !fake_header(&f, "Access-Control-Allow-Origin") &&
                   !fake_header(&f, "Access-Control-Allow-Credentials"),
               "origin %zu gets nothing", i);
        tap_is_str(fake_header(&f, "Vary"), "Origin", "but Vary");
    }
    tap_ok(!cors_origin_ok(NULL), "no origin");
}

static void listed_origin(void)
{
    struct fake f;
    fake_init(&f, a);
    fake_param(&f, "HTTP_ORIGIN", "https://app.example");
    cors_headers(&f.r);
    tap_is_str(fake_header(&f, "Access-Control-Allow-Origin"),
               "https://app.example", "is echoed");
    tap_is_str(fake_header(&f, "Access-Control-Allow-Credentials"), "true",
               "with credentials");
    fake_param(&f, "HTTP_ACCESS_CONTROL_REQUEST_METHOD", "POST");
    cors_preflight(&f.r, "POST, OPTIONS");
    tap_is_int(f.r.status, 204, "a preflight is 204");
    tap_is_str(fake_header(&f, "Access-Control-Allow-Methods"),
               "POST, OPTIONS", "with the methods");
    tap_ok(strstr(fake_header(&f, "Access-Control-Allow-Headers"),
                  "X-API-Key"), "and the key header");
    tap_is_str(fake_header(&f, "Access-Control-Max-Age"), "600", "for 600 s");
}

static void plain_options(void)
{
    struct fake f;
    fake_init(&f, a);
    cors_headers(&f.r);
    cors_preflight(&f.r, "GET, HEAD, OPTIONS");
    tap_is_str(fake_header(&f, "Allow"), "GET, HEAD, OPTIONS", "Allow");
    tap_ok(!fake_header(&f, "Access-Control-Allow-Methods"),
           "nothing for pages");
}

int main(void)
{
    setenv("ALLOWED_ORIGINS", "https://app.example,https://b.example,*,null",
           1);
    const char *bad = conf_init();
    tap_ok(!bad, "conf");
    a = arena_new(16384);
    hostile_origins();
    listed_origin();
    plain_options();
    arena_free(a);
    return tap_done();
}
