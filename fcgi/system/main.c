/* The family that tells how the desk itself is doing. */
#include "health.h"
#include "routes.h"
#include "web/serve.h"

int main(int argc, char **argv)
{
    static const struct route *const groups[] = {
        root_routes, health_routes, prometheus_routes, page_routes, NULL};
    static const struct family family = {.name = "system",
                                         .role = "readonly",
                                         .groups = groups,
                                         .init = health_init};
    return serve_main(argc, argv, &family);
}
