/* lib/wire/libcurl.c: the library comes once, and takes what we set. */
#include "wire/libcurl.h"
#include "tap.h"

int main(void)
{
    const struct libcurl *curl = libcurl_load();
    tap_ok(curl && curl->library, "the library is there");
    if (!curl)
        return tap_done();
    tap_ok(libcurl_load() == curl, "and is loaded once");
    CURL *c = curl->init();
    tap_ok(c != NULL, "a handle");
    libcurl_bind(c, "gopher://127.0.0.1/", "smtp,smtps", 500);
    tap_is_int(curl->perform(c), CURLE_UNSUPPORTED_PROTOCOL,
               "no other protocol than those named");
    curl->cleanup(c);
    return tap_done();
}
