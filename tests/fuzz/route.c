/* Any method and path ("GET /v1/jobs/7") against a table with parameters. */
#include "web/route.h"
#include <string.h>
#include "base/str.h"
#include "fuzz.h"

static const struct route jobs[] = {
    {.method = "GET", .path = "/"},
    {.method = "GET", .path = "/v1/jobs"},
    {.method = "POST", .path = "/v1/jobs"},
    {.method = "GET", .path = "/v1/jobs/{id}"},
    {.method = "DELETE", .path = "/v1/jobs/{id}"},
    {.method = "GET", .path = "/v1/jobs/{id}/files/{name}"},
    {0}};
static const struct route other[] = {
    {.method = "POST", .path = "/v1/invoices/pdf"},
    {.method = "GET", .path = "/v1/{kind}/{id}/{part}/{more}"},
    {0}};
static const struct route *const groups[] = {jobs, other, NULL};

static void check(const struct route_match *m)
{
    if (!m->route) {
        FUZZ_CHECK(m->index == -1);
        return;
    }
    FUZZ_CHECK(!m->allow && route_at(groups, m->index) == m->route);
    size_t wanted = 0;
    for (const char *p = m->route->path; (p = strchr(p, '{')); p++)
        wanted++;
    for (size_t i = 0; i < wanted; i++)
        FUZZ_CHECK(m->params[i] && *m->params[i] &&
                   !strchr(m->params[i], '/') &&
                   str_utf8_ok(m->params[i], strlen(m->params[i])));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *space = size ? memchr(data, ' ', size) : NULL;
    if (!space || memchr(data, 0, size))
        return 0;
    struct arena *a = arena_new(4096);
    size_t n = (size_t)(space - data);
    struct route_match m;
    route_match(a, groups, arena_strndup(a, (const char *)data, n),
                arena_strndup(a, (const char *)space + 1, size - n - 1), &m);
    check(&m);
    arena_free(a);
    return 0;
}
