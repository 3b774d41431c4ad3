/* lib/wire/outbound_url.c: what is read, and what is refused unseen. */
#include "wire/outbound_url.h"
#include <string.h>
#include "tap.h"

static const struct {
    const char *url, *origin;
} good[] = {
    {"https://example.org", "https://example.org:443"},
    {"http://example.org/", "http://example.org:80"},
    {"HTTPS://Example.ORG:8443/a/b?c=d&e=%C3%A9", "https://example.org:8443"},
    {"https://xn--caf-dma.example.fr/hook",
     "https://xn--caf-dma.example.fr:443"},
    {"https://a-b.c2.fr?x=1", "https://a-b.c2.fr:443"},
    {"https://93.184.215.14:443/x", "https://93.184.215.14:443"},
    {"https://[2606:2800:21f:CB07::1]/x",
     "https://[2606:2800:21f:cb07::1]:443"},
    {"http://127.0.0.1:8088/hook", "http://127.0.0.1:8088"},
    {"https://example.org/@me", "https://example.org:443"},
    {"https://1a.example.0b/", "https://1a.example.0b:443"},
};

static const char *const bad[] = {"",
                                  "example.org",
                                  "//example.org/",
                                  "https:/example.org",
                                  "https://",
                                  "ftp://example.org/",
                                  "file:///etc/passwd",
                                  "gopher://example.org/",
                                  "javascript:alert(1)",
                                  "https://user@example.org/",
                                  "https://user:pw@example.org/",
                                  "https://example.org@127.0.0.1/",
                                  "https://127.0.0.1#@example.org/",
                                  "https://example.org/#x",
                                  "https://example.org\\@127.0.0.1/",
                                  "https://exa mple.org/",
                                  "https://example.org/a b",
                                  "https://example.org/\n",
                                  "https://example.org/\x7f",
                                  "https://caf\xc3\xa9.fr/",
                                  "https://example..org/",
                                  "https://.example.org/",
                                  "https://example.org./",
                                  "https://-a.org/",
                                  "https://a-.org/",
                                  "https://a_b.org/",
                                  "https://%65xample.org/",
                                  "https://example.org:/",
                                  "https://example.org:0/",
                                  "https://example.org:65536/",
                                  "https://example.org:99999999999999999999/",
                                  "https://example.org:80a/",
                                  "https://example.org:+80/",
                                  "https://example.org:80:80/",
                                  "https://2130706433/",
                                  "https://0x7f.1/",
                                  "https://127.1/",
                                  "https://0177.0.0.1/",
                                  "https://0/",
                                  "https://0x7f000001/",
                                  "https://127.0.0.1.1/",
                                  "https://256.1.1.1/",
                                  "https://1.2.3.0x4/",
                                  "https://a.b.1/",
                                  "https://01.02.03.04/",
                                  "https://[::1/",
                                  "https://::1/",
                                  "https://[]/",
                                  "https://[fe80::1%25lo]/",
                                  "https://[::1]x/",
                                  "https://[127.0.0.1]/",
                                  "https://[1]/",
                                  "https://{a}.org/",
                                  "https://example.org/<x>",
                                  "https://example.org|x/",
                                  "https://a^b.org/"};

static void long_ones(struct arena *a)
{
    struct outbound_url u;
    char label[80];
    memset(label, 'a', sizeof label);
    const char *url = arena_printf(a, "https://%.63s.fr/", label);
    tap_ok(!outbound_url_read(a, url, &u), "a label of 63 bytes");
    url = arena_printf(a, "https://%.64s.fr/", label);
    tap_ok(outbound_url_read(a, url, &u), "but not of 64");
    char *path = arena_alloc(a, OUTBOUND_URL_BYTES + 2);
    memset(path, 'x', OUTBOUND_URL_BYTES + 1);
    memcpy(path, "https://a.fr/", 13);
    tap_ok(outbound_url_read(a, path, &u), "not 2001 bytes");
    path[OUTBOUND_URL_BYTES] = '\0';
    tap_ok(!outbound_url_read(a, path, &u), "but 2000");
}

static void inner(struct arena *a)
{
    static const char *const names[] = {
        "https://localhost/",     "https://a.localhost/",
        "https://metadata/",      "https://metadata.google.internal/",
        "https://printer.local/", "https://x.home.arpa/",
        "https://intranet/"};
    struct outbound_url u;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        tap_ok(!outbound_url_read(a, names[i], &u) && outbound_url_inner(&u),
               "%s is of the inside", names[i]);
    tap_ok(!outbound_url_read(a, "https://local.example/", &u) &&
               !outbound_url_inner(&u),
           "local.example is not");
}

int main(void)
{
    struct arena *a = arena_new(65536);
    struct outbound_url u;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        const char *why = outbound_url_read(a, good[i].url, &u);
        tap_is_str(why ? why : outbound_url_origin(a, &u), good[i].origin, "%s",
                   good[i].url);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        const char *why = outbound_url_read(a, bad[i], &u);
        tap_ok(why && strncmp(why, "must ", 5) == 0, "refused: bad %zu", i);
        if (!why)
            printf("# %s\n", bad[i]);
    }
    long_ones(a);
    inner(a);
    arena_free(a);
    return tap_done();
}
