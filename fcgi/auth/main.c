/* What costs a bcrypt: sign-up, sign-in, passwords. A pool of its own, so that
 * a flood of logins starves nothing else. */
#include "web/serve.h"

int main(int argc, char **argv)
{
    static const struct route *const groups[] = {NULL};
    static const struct family family = {
        .name = "auth", .role = "auth", .groups = groups};
    return serve_main(argc, argv, &family);
}
