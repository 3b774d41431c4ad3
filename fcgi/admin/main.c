/* What operators see and do across tenants. */
#include "web/serve.h"

int main(int argc, char **argv)
{
    static const struct route *const groups[] = {NULL};
    static const struct family family = {
        .name = "admin", .role = "admin", .groups = groups};
    return serve_main(argc, argv, &family);
}
