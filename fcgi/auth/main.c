/* What costs a bcrypt: sign-up, sign-in, passwords. A pool of its own, so that
 * a flood of logins starves nothing else. */
#include "base/log.h"
#include "routes.h"
#include "web/serve.h"
#include "wire/mail.h"
#include "wire/password.h"

static bool start(struct db *db)
{
    (void)db;
    const char *bad = password_init();
    if (!bad)
        bad = mail_init();
    if (bad)
        log_error("start_refused", "{s:s}", "reason", bad);
    return !bad;
}

int main(int argc, char **argv)
{
    static const struct route *const groups[] = {register_routes, login_routes,
                                                 password_routes, email_routes,
                                                 NULL};
    static const struct family family = {
        .name = "auth", .role = "auth", .groups = groups, .init = start};
    return serve_main(argc, argv, &family);
}
