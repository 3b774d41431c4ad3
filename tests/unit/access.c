#include "web/access.h"
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "fake_req.h"
#include "tap.h"

static struct arena *a;
static char path[] = "/tmp/access-unit-XXXXXX";

/* The lines written since the last call. */
static const char *written(void)
{
    static off_t at;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *text = arena_alloc(a, 16384);
    ssize_t n = pread(fd, text, 16383, at);
    close(fd);
    at += n > 0 ? n : 0;
    return text;
}

static void a_line(void)
{
    static const struct route row = {.method = "GET", .path = "/v1/x/{id}"};
    struct fake f;
    fake_init(&f, a);
    f.r.route = &row;
    f.r.status = 200;
    f.r.trace = "0af7651916cd43dd8448eb211c80319c";
    f.r.answer.n = 42;
    snprintf(f.r.who.id, sizeof f.r.who.id, "key:0011223344556677");
    f.r.who.tenant_id = 7;
    fake_param(&f, "HTTP_X_API_KEY", "canary-key");
    f.r.query = "token=canary-query";
    access_log(&f.r, 1234567);
    const char *text = written();
    json_t *o = json_loads(text, 0, NULL);
    const char *event, *id, *trace, *who, *ip, *method, *route;
    int status, bytes;
    double ms;
    tap_is_int(json_unpack(o, "{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:i,s:i,s:f}",
                           "event", &event, "request_id", &id, "trace_id",
                           &trace, "principal", &who, "ip", &ip, "method",
                           &method, "route", &route, "status", &status,
                           "bytes", &bytes, "ms", &ms), 0, "every member");
    tap_is_str(event, "request", "event");
    tap_is_str(route, "/v1/x/{id}", "the route's template, not the path");
    tap_is_str(who, "key:0011223344556677", "principal");
    tap_is_int(json_integer_value(json_object_get(o, "tenant")), 7, "tenant");
    tap_ok(status == 200 && bytes == 42, "status and bytes");
    tap_ok(ms > 1234.56 && ms < 1234.57, "milliseconds");
    tap_ok(!strstr(text, "canary"), "no key, no query");
    json_decref(o);
}

static void hostile_texts(void)
{
    struct fake f;
    char *longer = arena_alloc(a, 5000);
    memset(longer, '"', 4999);
    const char *const paths[] = {"/a\"b\\c", "/\n{\"event\":\"forged\"}",
                                 "/\xff\xfe\x80", "/\x7f\x01", longer};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        fake_init(&f, a);
        f.r.path = paths[i];
        f.r.method = paths[i];
        f.r.status = 404;
        access_log(&f.r, 1);
        const char *text = written();
        json_t *o = json_loads(text, 0, NULL);
        tap_ok(o && json_object_get(o, "path") &&
                   strchr(text, '\n') == text + strlen(text) - 1,
               "path %zu makes one good line", i);
        json_decref(o);
    }
}

static void silence(void)
{
    struct fake f;
    setenv("LOG_LEVEL", "WARNING", 1);
    const char *bad = conf_init();
    tap_ok(!bad, "conf");
    access_init("comptoir-unit");
    fake_init(&f, a);
    access_log(&f.r, 1);
    tap_is_str(written(), "", "LOG_LEVEL=WARNING writes none");
}

int main(void)
{
    int fd = mkstemp(path);
    close(fd);
    setenv("LOG_FILE", path, 1);
    const char *bad = conf_init();
    tap_ok(!bad, "conf");
    a = arena_new(65536);
    log_init("comptoir-unit");
    access_init("comptoir-unit");
    a_line();
    hostile_texts();
    silence();
    unlink(path);
    arena_free(a);
    return tap_done();
}
