/* Exact string equality only: every cleverer rule has let someone in. */
#include "web/cors.h"
#include "base/conf.h"
#include "base/str.h"

bool cors_origin_ok(const char *origin)
{
    const char *const *list;
    size_t n = conf_list(CONF_ALLOWED_ORIGINS, &list);
    if (!origin || str_eq(origin, "*") || str_eq(origin, "null"))
        return false;
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i], origin))
            return true;
    return false;
}

void cors_headers(struct req *r)
{
    const char *origin = req_param(r, "HTTP_ORIGIN");
    req_header(r, "Vary", "Origin");
    if (!cors_origin_ok(origin))
        return;
    req_header(r, "Access-Control-Allow-Origin", origin);
    req_header(r, "Access-Control-Allow-Credentials", "true");
    req_header(r, "Access-Control-Expose-Headers",
               "X-Request-Id, RateLimit, RateLimit-Policy, Retry-After, "
               "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, "
               "Link, ETag, Location, Content-Disposition, Idempotent-Replayed");
}

void cors_preflight(struct req *r, const char *allow)
{
    req_header(r, "Allow", allow);
    if (req_param(r, "HTTP_ACCESS_CONTROL_REQUEST_METHOD") &&
        cors_origin_ok(req_param(r, "HTTP_ORIGIN"))) {
        req_header(r, "Access-Control-Allow-Methods", allow);
        req_header(r, "Access-Control-Allow-Headers",
                   "Content-Type, Authorization, X-API-Key, "
                   "X-License-Key, Accept, Accept-Language, If-Match, "
                   "X-Request-Id, Idempotency-Key, traceparent");
        req_header(r, "Access-Control-Max-Age", "600");
    }
    req_body(r, 204, NULL, NULL, 0);
}
