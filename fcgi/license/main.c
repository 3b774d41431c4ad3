/* Licences: what a licensed client asks about its own. */
#include "web/serve.h"

int main(int argc, char **argv)
{
    static const struct route *const groups[] = {NULL};
    static const struct family family = {
        .name = "license", .role = "license", .groups = groups};
    return serve_main(argc, argv, &family);
}
