#include "web/route.h"
#include "base/str.h"
#include "tap.h"

static enum err none(struct req *r)
{
    (void)r;
    return OK;
}

static ROUTES(first, {.method = "GET", .path = "/", .handler = none},
              {.method = "GET", .path = "/v1/jobs/{id}", .handler = none},
              {.method = "DELETE", .path = "/v1/jobs/{id}", .handler = none});
static ROUTES(second,
              {.method = "POST", .path = "/v1/jobs", .handler = none},
              {.method = "GET", .path = "/a/{x}/b/{y}", .handler = none});
static const struct route *const groups[] = {first, second, NULL};
static struct arena *a;

static struct route_match match(const char *method, const char *path)
{
    struct route_match m;
    route_match(a, groups, method, path, &m);
    return m;
}

static void finds_rows(void)
{
    struct route_match m = match("GET", "/");
    tap_ok(m.route == &first[0] && m.index == 0, "the root");
    m = match("HEAD", "/");
    tap_ok(m.route == &first[0], "HEAD finds the GET row");
    m = match("GET", "/v1/jobs/42");
    tap_ok(m.route == &first[1], "a parameter takes a segment");
    tap_is_str(m.params[0], "42", "and keeps it");
    m = match("POST", "/v1/jobs");
    tap_ok(m.route == &second[0] && m.index == 3, "index over all groups");
    m = match("GET", "/a/é t/b/z%41");
    tap_is_str(m.params[0], "é t", "UTF-8 and blanks pass");
    tap_is_str(m.params[1], "z%41", "nothing is decoded a second time");
}

static void refuses(void)
{
    static const char *const paths[] = {
        "", "/v1", "/v1/jobs/", "/v1/jobs/1/2", "/v1/jobs/..",
        "/v1/jobs/.", "/v1/jobs/a\x01", "/v1/jobs/a\\b", "/v1/jobs/\xff",
        "//", "/V1/jobs/1", "/v1/jobs/1/", "/a/x/b/", "v1/jobs/1"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct route_match m = match("GET", paths[i]);
        tap_ok(!m.route && !m.allow, "nothing at path %zu", i);
    }
    char *longer = arena_alloc(a, 4001);
    memset(longer, 'a', 4000);
    memcpy(longer, "/v1/jobs/", 9);
    tap_ok(!match("GET", longer).route, "a path of 4000 bytes");
}

static void tells_methods(void)
{
    struct route_match m = match("PUT", "/v1/jobs/1");
    tap_ok(!m.route && m.index == -1, "no row for PUT");
    tap_is_str(m.allow, "GET, HEAD, DELETE, OPTIONS", "Allow of the path");
    tap_is_str(match("GET", "/v1/jobs").allow, "POST, OPTIONS",
               "no HEAD without GET");
    tap_is_str(match("", "/").allow, "GET, HEAD, OPTIONS", "no method");
}

int main(void)
{
    a = arena_new(4096);
    finds_rows();
    refuses();
    tells_methods();
    tap_is_int(route_count(groups), 5, "five rows");
    tap_ok(route_at(groups, 4) == &second[1], "row by index");
    tap_ok(!route_at(groups, 5), "no sixth row");
    arena_free(a);
    return tap_done();
}
