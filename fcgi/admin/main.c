/* What operators see and do across tenants. */
#include "routes.h"
#include "web/serve.h"

int main(int argc, char **argv)
{
    static const struct route *const groups[] = {
        stats_routes,  users_routes, tenants_routes,
        logins_routes, trail_routes, licenses_routes,
        NULL};
    static const struct family family = {
        .name = "admin", .role = "admin", .groups = groups};
    return serve_main(argc, argv, &family);
}
