/* What signed-in users do that costs little: profile, sessions, keys. */
#include "me.h"
#include "session.h"
#include "usage.h"
#include "verify.h"
#include "web/serve.h"

int main(int argc, char **argv)
{
    static const struct route *const groups[] = {
        me_routes, session_routes, verify_routes, usage_routes, NULL};
    static const struct family family = {
        .name = "account", .role = "account", .groups = groups};
    return serve_main(argc, argv, &family);
}
