/* Segment by segment: a route's {name} takes exactly one segment. */
#include "web/route.h"
#include <string.h>
#include "base/buf.h"
#include "base/str.h"

enum { PATH_BYTES = 2048, ALLOW_BYTES = 128 };

const char *route_access_name(enum access access)
{
    static const char *const names[ACCESS_MAX] = {[ANON] = "anon",
                                                  [KEY] = "key",
                                                  [KEY_OPT] = "key_opt",
                                                  [LOCAL] = "local",
                                                  [USER] = "user",
                                                  [TENANT_ADMIN] =
                                                      "tenant_admin",
                                                  [OPERATOR] = "operator",
                                                  [LICENSE] = "license",
                                                  [LICENSE_ANY] = "license_any",
                                                  [ANY] = "any"};
    return names[access];
}

/* A value of {…}: clean text that cannot be mistaken for a place. */
static bool segment_ok(const char *s, size_t n)
{
    if (!n || !str_utf8_ok(s, n) || (n == 1 && s[0] == '.') ||
        (n == 2 && s[0] == '.' && s[1] == '.'))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f || s[i] == '\\')
            return false;
    return true;
}

static bool match_pattern(struct arena *a, const char *pattern,
                          const char *path, const char **params)
{
    size_t n_params = 0;
    while (*pattern && *path) {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        size_t n = strcspn(path, "/");
        if (n_params >= ROUTE_PARAMS || !segment_ok(path, n))
            return false;
        params[n_params++] = arena_strndup(a, path, n);
        path += n;
        pattern += strcspn(pattern, "}") + 1;
    }
    return !*pattern && !*path;
}

static void allow_add(struct buf *allow, const char *method)
{
    buf_str(allow, allow->n ? ", " : "");
    buf_str(allow, method);
    if (str_eq(method, "GET"))
        buf_str(allow, ", HEAD");
}

void route_match(struct arena *a, route_groups groups, const char *method,
                 const char *path, struct route_match *out)
{
    *out = (struct route_match){.index = -1};
    if (str_eq(method, "HEAD"))
        method = "GET";
    struct buf allow;
    buf_init(&allow, a, ALLOW_BYTES);
    int index = 0;
    for (; strlen(path) <= PATH_BYTES && *groups; groups++)
        for (const struct route *r = *groups; r->path; r++, index++) {
            const char *params[ROUTE_PARAMS] = {0};
            if (!match_pattern(a, r->path, path, params))
                continue;
            if (!str_eq(r->method, method)) {
                allow_add(&allow, r->method);
                continue;
            }
            out->route = r;
            out->index = index;
            memcpy(out->params, params, sizeof params);
            return;
        }
    if (allow.n) {
        buf_str(&allow, ", OPTIONS");
        out->allow = buf_cstr(&allow);
    }
}

bool route_is_idempotent(const struct route *r)
{
    return (r->tx || r->idempotent) && str_eq(r->method, "POST");
}

int route_count(route_groups groups)
{
    int n = 0;
    for (; *groups; groups++)
        for (const struct route *r = *groups; r->path; r++)
            n++;
    return n;
}

const struct route *route_at(route_groups groups, int index)
{
    for (; *groups; groups++)
        for (const struct route *r = *groups; r->path; r++)
            if (index-- == 0)
                return r;
    return NULL;
}
