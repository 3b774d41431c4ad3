/* The route tables as text, for documents and checks. */
#include "web/serve_print.h"
#include <stdio.h>
#include "base/str.h"
#include "web/limit.h"
#include "web/openapi.h"

int serve_print_routes(const struct family *f)
{
    for (int i = 0; i < route_count(f->groups); i++) {
        const struct route *r = route_at(f->groups, i);
        printf("%s\t%s\t%s\t%s\t%s\t%lld\t%s\n", r->method, r->path,
               r->handler ? route_access_name(r->access) : "nginx",
               r->scope ? r->scope : "-", r->limit ? r->limit : "-",
               (long long)r->body_limit, r->summary);
    }
    return 0;
}

int serve_print_openapi(const struct family *f)
{
    const char *bad = limit_init();
    if (bad) {
        fprintf(stderr, "comptoir-%s: %s\n", f->name, bad);
        return 1;
    }
    json_t *o = openapi_family(f->name, f->groups);
    int failed = json_dumpf(o, stdout, JSON_COMPACT) < 0 || !o;
    json_decref(o);
    return failed;
}
