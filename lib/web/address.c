/* For links in mails and webhooks: who reads them is not in a request. */
#include "web/address.h"
#include <string.h>
#include "base/conf.h"
#include "base/str.h"

const char *address_public(struct arena *a)
{
    const char *url = conf_str(CONF_PUBLIC_URL);
    const char *const *hosts;
    if (*url)
        return str_ends(url, "/") ? arena_strndup(a, url, strlen(url) - 1)
                                  : url;
    const size_t n = conf_list(CONF_ALLOWED_HOSTS, &hosts);
    const long long port = (long long)conf_int(CONF_HTTPS_PORT);
    return port == 443
               ? arena_printf(a, "https://%s", n ? hosts[0] : "localhost")
               : arena_printf(a, "https://%s:%lld", n ? hosts[0] : "localhost",
                              port);
}
