/* Any token as it stands; then the same bytes as claims (after the first line
 * as header) under a true signature, so that the claims are reached too. */
#include <openssl/hmac.h>
#include <string.h>
#include "base/conf.h"
#include "base/encode.h"
#include "base/str.h"
#include "fuzz.h"
#include "wire/token.h"

#define KEY "a9d04b7c61f25e38a9d04b7c61f25e38"

static void start(void)
{
    static bool done;
    if (done)
        return;
    setenv("JWT_SECRET_KEY", "k1:" KEY, 1);
    FUZZ_CHECK(!conf_init() && !token_init());
    done = true;
}

static void check(struct arena *a, const char *jwt)
{
    struct token_claims c;
    enum err e = token_check(a, jwt, &c);
    FUZZ_CHECK(e == OK || e == ERR_TOKEN_INVALID || e == ERR_TOKEN_EXPIRED);
    if (e != OK) {
        FUZZ_CHECK(c.user_id == 0 && !c.role);
        return;
    }
    FUZZ_CHECK(c.user_id > 0 && c.tenant_id > 0 && c.version >= 0);
    FUZZ_CHECK(c.expires_s > c.issued_s && strlen(c.session) <= 64);
    FUZZ_CHECK(str_eq(c.role, "user") || str_eq(c.role, "admin") ||
               str_eq(c.role, "operator"));
}

static const char *signed_token(struct arena *a, const uint8_t *data, size_t n)
{
    const uint8_t *line = memchr(data, '\n', n);
    size_t head = line ? (size_t)(line - data) : 0, skip = line ? head + 1 : 0;
    const char *text = arena_printf(a, "%s.%s", encode_base64url(a, data, head),
                                    encode_base64url(a, data + skip, n - skip));
    uint8_t mac[32];
    HMAC(EVP_sha256(), KEY, 32, (const uint8_t *)text, strlen(text), mac, NULL);
    return arena_printf(a, "%s.%s", text, encode_base64url(a, mac, 32));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    start();
    struct arena *a = arena_new(16384);
    check(a, arena_strndup(a, (const char *)data, size));
    if (size > 0)
        check(a, signed_token(a, data, size));
    arena_free(a);
    return 0;
}
