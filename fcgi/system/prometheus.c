/* GET /metrics for Prometheus, and the pages nginx serves by itself. */
#include <string.h>
#include "routes.h"
#include "web/metrics.h"
#include "web/req.h"

static enum err metrics_show(struct req *r)
{
    const char *text = metrics_text(r->arena, r->db);
    return req_body(r, 200, "text/plain; version=0.0.4; charset=utf-8", text,
                    strlen(text));
}

/* clang-format off */
ROUTES(prometheus_routes,
    {.method = "GET", .path = "/metrics", .handler = metrics_show,
     .access = LOCAL, .scope = "metrics", .summary = "Count what all processes did",
     .out_type = "text/plain"});

/* Static files: rows without a handler exist for the documents only. */
ROUTES(page_routes,
    {.method = "GET", .path = "/openapi.json",
     .summary = "Describe every route (OpenAPI 3.1)",
     .out_type = "application/json"},
    {.method = "GET", .path = "/docs", .limit = "docs", .limit_outside = true,
     .summary = "Show the routes and try them", .out_type = "text/html"},
    {.method = "GET", .path = "/redoc", .limit = "docs", .limit_outside = true,
     .summary = "Show the reference to read", .out_type = "text/html"});
