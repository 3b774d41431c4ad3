/* OpenSSL's HMAC over the body as it is sent; keys are read once. */
#include "wire/webhook_sign.h"
#include <assert.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdbool.h>
#include <string.h>
#include "base/buf.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/str.h"
#include "wire/keyring.h"
#include "base/banned.h"

enum {
    MAC_BYTES = 32,
    KEY_LEAST = 24, /* bytes behind whsec_, and of any secret in production */
    KEY_MOST = 64,
    KEY_CHARS = (KEY_MOST + 2) / 3 * 4,
    SIGNATURES_CHARS = 512
};

static const char prefix[] = "whsec_";

static struct {
    struct arena *memory;
    struct bytes keys[WEBHOOK_SIGN_SECRETS];
    size_t n;
} desk;

/* ---- start --------------------------------------------------------------- */

static bool from_base64(const char *text, struct bytes *key)
{
    uint8_t *bytes = arena_alloc(desk.memory, KEY_CHARS);
    const size_t chars = strlen(text);
    if (chars % 4 || chars > KEY_CHARS)
        return false;
    const int n =
        EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)chars);
    const size_t padding = chars - strcspn(text, "=");
    if (n < 0 || padding > 2)
        return false;
    *key = (struct bytes){bytes, (size_t)n - padding};
    return key->n >= KEY_LEAST && key->n <= KEY_MOST &&
           str_eq(encode_base64(desk.memory, key->p, key->n), text);
}

static const char *read_secret(const char *text, struct bytes *key)
{
    *key = (struct bytes){(const uint8_t *)text, strlen(text)};
    if (str_starts(text, prefix))
        return from_base64(text + strlen(prefix), key)
                   ? NULL
                   : "WEBHOOK_SECRET: behind whsec_ come 24 to 64 bytes in "
                     "Base64.";
    if (str_eq(conf_str(CONF_ENV), "prod") &&
        (key->n < KEY_LEAST || keyring_is_sample(text)))
        return "ENV=prod refuses a WEBHOOK_SECRET that is a sample or shorter "
               "than 24 characters.";
    return NULL;
}

const char *webhook_sign_init(void)
{
    const char *const *items;
    const size_t n = conf_list(CONF_WEBHOOK_SECRET, &items);
    if (!desk.memory)
        desk.memory = arena_new(1024);
    arena_reset(desk.memory);
    desk.n = 0;
    if (n > WEBHOOK_SIGN_SECRETS)
        return "WEBHOOK_SECRET: at most 4 secrets.";
    for (size_t i = 0; i < n; i++) {
        const char *bad = read_secret(items[i], &desk.keys[i]);
        if (bad)
            return bad;
    }
    desk.n = n;
    for (const char *s = conf_str(CONF_WEBHOOK_TOKEN); *s; s++)
        if (*s <= ' ' || *s > '~')
            return "WEBHOOK_TOKEN must be printable ASCII without spaces.";
    return NULL;
}

/* ---- headers ------------------------------------------------------------- */

/* HMAC-SHA256 of head and body, one behind the other. */
static void mac_of(struct bytes key, const char *head, struct bytes body,
                   uint8_t mac[MAC_BYTES])
{
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string("digest", digest, 0),
        OSSL_PARAM_construct_end()};
    size_t n = 0;
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(hmac);
    const bool done =
        EVP_MAC_init(ctx, key.p, key.n, params) &&
        EVP_MAC_update(ctx, (const uint8_t *)head, strlen(head)) &&
        EVP_MAC_update(ctx, body.p, body.n) &&
        EVP_MAC_final(ctx, mac, &n, MAC_BYTES) && n == MAC_BYTES;
    EVP_MAC_CTX_free(ctx);
    EVP_MAC_free(hmac);
    assert(done);
}

static const char *standard(struct arena *a, const char *id, int64_t time_s,
                            struct bytes body)
{
    const char *head = arena_printf(a, "%s.%lld.", id, (long long)time_s);
    struct buf b;
    buf_init(&b, a, SIGNATURES_CHARS);
    buf_str(&b, "webhook-signature:");
    for (size_t i = 0; i < desk.n; i++) {
        uint8_t mac[MAC_BYTES];
        mac_of(desk.keys[i], head, body, mac);
        buf_printf(&b, " v1,%s", encode_base64(a, mac, sizeof mac));
    }
    return buf_cstr(&b);
}

static const char *plain(struct arena *a, struct bytes body)
{
    const char *const *items;
    uint8_t mac[MAC_BYTES];
    conf_list(CONF_WEBHOOK_SECRET, &items);
    const struct bytes key = {(const uint8_t *)items[0], strlen(items[0])};
    mac_of(key, "", body, mac);
    return arena_printf(a, "X-Webhook-Signature: sha256=%s",
                        encode_hex(a, mac, sizeof mac));
}

size_t webhook_sign_headers(struct arena *a, const char *id, int64_t time_s,
                            struct bytes body,
                            const char *out[WEBHOOK_SIGN_HEADERS])
{
    size_t n = 0;
    out[n++] = arena_printf(a, "webhook-id: %s", id);
    out[n++] = arena_printf(a, "webhook-timestamp: %lld", (long long)time_s);
    if (desk.n > 0) {
        out[n++] = standard(a, id, time_s, body);
        out[n++] = plain(a, body);
    }
    if (*conf_str(CONF_WEBHOOK_TOKEN))
        out[n++] = arena_printf(a, "Authorization: Bearer %s",
                                conf_str(CONF_WEBHOOK_TOKEN));
    return n;
}
