/* Licences: what a licensed client asks about its own. */
#include "lease.h"
#include "statement.h"
#include "status.h"
#include "web/serve.h"

int main(int argc, char **argv)
{
    static const struct route *const groups[] = {status_routes, lease_routes,
                                                 statement_routes, NULL};
    static const struct family family = {
        .name = "license", .role = "license", .groups = groups};
    return serve_main(argc, argv, &family);
}
