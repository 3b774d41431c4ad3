/* lib/web/mailer.c: where links lead. */
#include "web/mailer.h"
#include <stdlib.h>
#include "base/conf.h"
#include "tap.h"

static void leads(struct arena *a, const char *want, const char *what)
{
    tap_ok(!conf_init(), "settings");
    tap_is_str(mailer_link(a, "verify", "abc"), want, "%s", what);
}

int main(void)
{
    struct arena *a = arena_new(1024);
    clearenv();
    leads(a, "https://localhost:8443/#/verify/abc", "by the defaults");
    setenv("ALLOWED_HOSTS", "desk.example.fr,other.example.fr", 1);
    setenv("HTTPS_PORT", "443", 1);
    leads(a, "https://desk.example.fr/#/verify/abc",
          "the first host, port 443");
    setenv("PUBLIC_URL", "https://app.example.fr", 1);
    leads(a, "https://app.example.fr/#/verify/abc", "PUBLIC_URL");
    setenv("PUBLIC_URL", "https://app.example.fr/", 1);
    leads(a, "https://app.example.fr/#/verify/abc", "with a slash");
    arena_free(a);
    return tap_done();
}
