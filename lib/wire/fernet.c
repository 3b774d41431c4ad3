/* 0x80, 8 bytes of time, 16 of iv, whole cipher blocks, 32 of MAC over all
 * of that; then base64url with its padding. */
#include "wire/fernet.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include "base/encode.h"

enum {
    VERSION = 0x80,
    HEAD = 1 + 8 + FERNET_IV,
    BLOCK = 16,
    MAC = 32,
    BYTES_MOST = FERNET_MOST / 4 * 3
};

static void mac(const uint8_t key[FERNET_KEY], const uint8_t *p, size_t n,
                uint8_t out[MAC])
{
    unsigned len = MAC;
    HMAC(EVP_sha256(), key, FERNET_KEY / 2, p, n, out, &len);
}

/* AES-128-CBC with PKCS#7 padding one way or the other; how many bytes came
 * out, or -1. */
static int crypt_cbc(const uint8_t key[FERNET_KEY], const uint8_t iv[FERNET_IV],
                     int encrypt, struct bytes in, uint8_t *out)
{
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    int n = 0, rest = 0;
    bool good = c &&
                EVP_CipherInit_ex(c, EVP_aes_128_cbc(), NULL,
                                  key + FERNET_KEY / 2, iv, encrypt) == 1 &&
                EVP_CipherUpdate(c, out, &n, in.p, (int)in.n) == 1 &&
                EVP_CipherFinal_ex(c, out + n, &rest) == 1;
    EVP_CIPHER_CTX_free(c);
    return good ? n + rest : -1;
}

/* encode_base64url leaves the padding out, which Fernet keeps. */
static char *padded(struct arena *a, const uint8_t *p, size_t n)
{
    static const char *const pad[] = {"", "==", "="};
    return arena_printf(a, "%s%s", encode_base64url(a, p, n), pad[n % 3]);
}

char *fernet_seal(struct arena *a, const uint8_t key[FERNET_KEY],
                  const uint8_t iv[FERNET_IV], int64_t now_s, struct bytes data)
{
    if (data.n > BYTES_MOST - HEAD - MAC - BLOCK)
        return NULL;
    uint8_t *p = arena_alloc(a, HEAD + data.n + BLOCK + MAC);
    p[0] = VERSION;
    for (int i = 0; i < 8; i++)
        p[1 + i] = (uint8_t)((uint64_t)now_s >> (56 - 8 * i));
    memcpy(p + 9, iv, FERNET_IV);
    int n = crypt_cbc(key, iv, 1, data, p + HEAD);
    if (n < 0)
        return NULL;
    mac(key, p, HEAD + (size_t)n, p + HEAD + n);
    return padded(a, p, HEAD + (size_t)n + MAC);
}

static bool decode(struct arena *a, const char *token, size_t n, uint8_t **p,
                   size_t *bytes)
{
    if (n > FERNET_MOST || n % 4 || n < 4)
        return false;
    size_t pad = token[n - 1] != '=' ? 0 : token[n - 2] != '=' ? 1 : 2;
    *p = arena_alloc(a, n);
    return encode_from_base64url(token, n - pad, *p, bytes);
}

bool fernet_open(struct arena *a, const uint8_t key[FERNET_KEY],
                 const char *token, size_t n, struct bytes *out)
{
    uint8_t sum[MAC], *p, *clear;
    size_t bytes;
    if (!decode(a, token, n, &p, &bytes) || bytes < HEAD + BLOCK + MAC ||
        (bytes - HEAD - MAC) % BLOCK || p[0] != VERSION)
        return false;
    mac(key, p, bytes - MAC, sum);
    if (CRYPTO_memcmp(sum, p + bytes - MAC, MAC) != 0)
        return false;
    struct bytes sealed = {p + HEAD, bytes - HEAD - MAC};
    clear = arena_alloc(a, sealed.n + BLOCK);
    int len = crypt_cbc(key, p + 9, 0, sealed, clear);
    *out = (struct bytes){clear, len < 0 ? 0 : (size_t)len};
    return len >= 0;
}
