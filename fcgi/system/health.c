/* Health for load balancers (no key) and for operators (with a key). */
#include <string.h>
#include "base/clock.h"
#include "routes.h"
#include "web/req.h"

/* On the way of every probe: written by hand, without the JSON library. */
static enum err health_plain(struct req *r)
{
    char ts[25];
    clock_rfc3339(clock_now_ms(), ts);
    const char *body = arena_printf(
        r->arena, "{\"status\":\"healthy\",\"timestamp\":\"%s\"}", ts);
    return req_body(r, 200, "application/json", body, strlen(body));
}

static enum err health_live(struct req *r)
{
    return health_plain(r);
}

static const struct field health_out[] = {
    {.name = "status", .kind = OUT_TEXT, .required = true,
     .doc = "healthy without a key; ok with a valid one."},
    {.name = "timestamp", .kind = OUT_TEXT, .required = true,
     .doc = "Time of the answer, RFC 3339 UTC."},
    {.name = "checks", .kind = OUT_OBJECT,
     .doc = "Only with a valid key: one member per part of the desk."},
    {0}};
static const struct field live_out[] = {
    {.name = "status", .kind = OUT_TEXT, .required = true,
     .doc = "Always healthy: the process answers."},
    {.name = "timestamp", .kind = OUT_TEXT, .required = true,
     .doc = "Time of the answer, RFC 3339 UTC."},
    {0}};

ROUTES(health_routes,
    {.method = "GET", .path = "/health", .handler = health_plain,
     .access = KEY_OPT, .summary = "Tell whether the desk works",
     .out = health_out},
    {.method = "GET", .path = "/health/live", .handler = health_live,
     .access = ANON, .summary = "Tell that the process answers",
     .out = live_out});
