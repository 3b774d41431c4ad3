/* What signed-in users do that costs little: profile, sessions, keys, their
 * tenant. */
#include "base/log.h"
#include "me.h"
#include "routes.h"
#include "session.h"
#include "usage.h"
#include "verify.h"
#include "web/serve.h"
#include "wire/mail.h"

static bool start(struct db *db)
{
    (void)db;
    const char *bad = mail_init();
    if (bad)
        log_error("start_refused", "{s:s}", "reason", bad);
    return !bad;
}

int main(int argc, char **argv)
{
    static const struct route *const groups[] = {
        me_routes,         session_routes,  verify_routes,  usage_routes,
        key_routes,        sessions_routes, tenant_routes,  tenant_user_routes,
        invitation_routes, whoami_routes,   setting_routes, NULL};
    static const struct family family = {
        .name = "account", .role = "account", .groups = groups, .init = start};
    return serve_main(argc, argv, &family);
}
