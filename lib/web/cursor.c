/* base64url(MAC || key), MAC = HMAC-SHA256(list, 0, key) cut to 16 bytes. */
#include "web/cursor.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include "base/conf.h"
#include "base/encode.h"

enum { MAC = 16, DIGEST = 32 };

static void mac_key(uint8_t out[DIGEST])
{
    static const enum conf_key from[] = {CONF_JWT_SECRET_KEY, CONF_DATA_KEYS,
                                         CONF_API_KEY};
    static const char purpose[] = "comptoir cursor v1";
    const char *const *items, *secret = "";
    for (size_t i = 0; i < ARRAY_LEN(from) && !*secret; i++)
        if (conf_list(from[i], &items))
            secret = items[0];
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const uint8_t *)purpose,
         sizeof purpose - 1, out, NULL);
}

static void mac_of(struct arena *a, const char *list, const char *key,
                   uint8_t out[DIGEST])
{
    uint8_t secret[DIGEST];
    const size_t head = strlen(list) + 1, n = head + strlen(key);
    char *text = arena_alloc(a, n + 1);
    memcpy(text, list, head);
    memcpy(text + head, key, n - head);
    mac_key(secret);
    HMAC(EVP_sha256(), secret, sizeof secret, (const uint8_t *)text, n, out,
         NULL);
    OPENSSL_cleanse(secret, sizeof secret);
}

char *cursor_make(struct arena *a, const char *list, const char *key)
{
    uint8_t raw[DIGEST + CURSOR_KEY_BYTES];
    const size_t n = strlen(key);
    if (n > CURSOR_KEY_BYTES)
        return NULL;
    mac_of(a, list, key, raw);
    memcpy(raw + MAC, key, n);
    return encode_base64url(a, raw, MAC + n);
}

const char *cursor_open(struct arena *a, const char *list, const char *cursor)
{
    uint8_t raw[CURSOR_BYTES], mac[DIGEST];
    const size_t len = strnlen(cursor, CURSOR_BYTES + 1);
    size_t n;
    if (len > CURSOR_BYTES || !encode_from_base64url(cursor, len, raw, &n) ||
        n < MAC || n > MAC + CURSOR_KEY_BYTES || memchr(raw + MAC, 0, n - MAC))
        return NULL;
    const char *key = arena_strndup(a, (const char *)raw + MAC, n - MAC);
    mac_of(a, list, key, mac);
    return CRYPTO_memcmp(mac, raw, MAC) == 0 ? key : NULL;
}
