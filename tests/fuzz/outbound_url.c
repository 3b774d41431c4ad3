/* Whatever outbound_url_read takes, libcurl's own parser reads as the same
 * scheme, host and port, without user, password or fragment: what was checked
 * is what will be called. */
#include <dlfcn.h>
#include <string.h>
#include "base/str.h"
#include "fuzz.h"
#include "wire/libcurl.h"
#include "wire/outbound_url.h"

static struct {
    CURLU *(*make)(void);
    void (*free)(CURLU *);
    CURLUcode (*get)(CURLU *, CURLUPart, char **, unsigned);
    CURLUcode (*set)(CURLU *, CURLUPart, const char *, unsigned);
    void (*give_back)(void *);
} api;

static void find(const char *name, void *at)
{
    void *p = dlsym(libcurl_load()->library, name);
    FUZZ_CHECK(p);
    *(void **)at = p;
}

static void start(void)
{
    if (api.make)
        return;
    FUZZ_CHECK(libcurl_load());
    find("curl_url", &api.make);
    find("curl_url_cleanup", &api.free);
    find("curl_url_get", &api.get);
    find("curl_url_set", &api.set);
    find("curl_free", &api.give_back);
}

static void same(CURLU *u, CURLUPart part, const char *want)
{
    char *got = NULL;
    FUZZ_CHECK(!api.get(u, part, &got, CURLU_DEFAULT_PORT));
    FUZZ_CHECK(str_eq(got, want));
    api.give_back(got);
}

static void absent(CURLU *u, CURLUPart part)
{
    char *got = NULL;
    FUZZ_CHECK(api.get(u, part, &got, 0) != CURLUE_OK && !got);
}

/* libcurl keeps the case of a host and shortens IPv6 addresses; so both are
 * compared from a text that has neither. */
static void compare(struct arena *a, const char *url,
                    const struct outbound_url *u)
{
    CURLU *c = api.make();
    char *host = NULL;
    FUZZ_CHECK(!api.set(c, CURLUPART_URL, url, 0));
    same(c, CURLUPART_SCHEME, u->scheme);
    same(c, CURLUPART_PORT, arena_printf(a, "%d", u->port));
    absent(c, CURLUPART_USER);
    absent(c, CURLUPART_PASSWORD);
    absent(c, CURLUPART_FRAGMENT);
    FUZZ_CHECK(!api.get(c, CURLUPART_HOST, &host, 0));
    if (*u->host == '[') {
        FUZZ_CHECK(*host == '[');
    } else {
        FUZZ_CHECK(strcasecmp(host, u->host) == 0);
    }
    api.give_back(host);
    api.free(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    start();
    struct outbound_url u;
    struct arena *a = arena_new(8192);
    const char *url = arena_strndup(a, (const char *)data, size);
    const char *why = outbound_url_read(a, url, &u);
    FUZZ_CHECK(!why || str_starts(why, "must "));
    if (!why) {
        FUZZ_CHECK(u.port >= 1 && u.port <= 65535 && *u.host);
        FUZZ_CHECK(!strpbrk(u.host, "@/?#\\% "));
        compare(a, url, &u);
    }
    arena_free(a);
    return 0;
}
