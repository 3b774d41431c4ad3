/* dlopen, then one name after the other. */
#include "wire/libcurl.h"
#include <dlfcn.h>
#include <stdbool.h>
#include "base/log.h"
#include "base/banned.h"

enum { CONNECT_MS = 10000 };

static struct libcurl curl;

static bool find(const char *name, void *at)
{
    void *p = dlsym(curl.library, name);
    *(void **)at = p; /* POSIX: an object pointer may hold a function's */
    return p != NULL;
}

const struct libcurl *libcurl_load(void)
{
    if (curl.library)
        return &curl;
    curl.library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    bool ok = curl.library && find("curl_global_init", &curl.global_init) &&
              find("curl_easy_init", &curl.init) &&
              find("curl_easy_setopt", &curl.setopt) &&
              find("curl_easy_perform", &curl.perform) &&
              find("curl_easy_getinfo", &curl.getinfo) &&
              find("curl_easy_cleanup", &curl.cleanup) &&
              find("curl_slist_append", &curl.append) &&
              find("curl_slist_free_all", &curl.free_all) &&
              find("curl_multi_init", &curl.multi_init) &&
              find("curl_multi_setopt", &curl.multi_setopt) &&
              find("curl_multi_add_handle", &curl.multi_add) &&
              find("curl_multi_remove_handle", &curl.multi_remove) &&
              find("curl_multi_perform", &curl.multi_perform) &&
              find("curl_multi_poll", &curl.multi_poll) &&
              find("curl_multi_info_read", &curl.multi_info_read) &&
              find("curl_multi_cleanup", &curl.multi_cleanup) &&
              curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    if (ok)
        return &curl;
    log_error("libcurl_missing", "{s:s}", "library", "libcurl.so.4");
    if (curl.library)
        dlclose(curl.library);
    curl.library = NULL;
    return NULL;
}

void libcurl_bind(CURL *c, const char *url, const char *protocols,
                  int64_t timeout_ms)
{
    curl.setopt(c, CURLOPT_URL, url);
    curl.setopt(c, CURLOPT_PROTOCOLS_STR, protocols);
    curl.setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl.setopt(c, CURLOPT_PROXY, "");
    curl.setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl.setopt(c, CURLOPT_NOSIGNAL, 1L);
    /* a name server that does not answer is not waited for at the end */
    curl.setopt(c, CURLOPT_QUICK_EXIT, 1L);
    curl.setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    curl.setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    curl.setopt(c, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    curl.setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
                (long)(timeout_ms < CONNECT_MS ? timeout_ms : CONNECT_MS));
}
