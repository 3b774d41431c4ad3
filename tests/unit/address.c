/* PUBLIC_URL, or what is known without it. */
#include "web/address.h"
#include <stdlib.h>
#include "base/conf.h"
#include "tap.h"

static const char *with(const char *url, const char *hosts, const char *port)
{
    static struct arena *a;
    a = a ? a : arena_new(1024);
    setenv("PUBLIC_URL", url, 1);
    setenv("ALLOWED_HOSTS", hosts, 1);
    setenv("HTTPS_PORT", port, 1);
    return conf_init() ? "bad conf" : address_public(a);
}

int main(void)
{
    clearenv();
    tap_is_str(with("https://api.example.org/", "x", "8443"),
               "https://api.example.org", "as set, without its slash");
    tap_is_str(with("", "api.example.org,localhost", "443"),
               "https://api.example.org", "the first host");
    tap_is_str(with("", "api.example.org", "8443"),
               "https://api.example.org:8443", "and the port");
    return tap_done();
}
