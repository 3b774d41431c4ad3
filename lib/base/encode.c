/* OpenSSL does the hashing; the rest is small tables. */
#include "base/encode.h"
#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

char *encode_hex(struct arena *a, const void *p, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *s = p;
    char *out = arena_alloc(a, n * 2 + 1);
    for (size_t i = 0; i < n; i++) {
        out[i * 2] = digits[s[i] >> 4];
        out[i * 2 + 1] = digits[s[i] & 15];
    }
    return out;
}

char *encode_base64(struct arena *a, const void *p, size_t n)
{
    char *out = arena_alloc(a, (n + 2) / 3 * 4 + 1);
    EVP_EncodeBlock((unsigned char *)out, p, (int)n);
    return out;
}

static const char url_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789-_";

char *encode_base64url(struct arena *a, const void *p, size_t n)
{
    const unsigned char *s = p;
    char *out = arena_alloc(a, n / 3 * 4 + 5), *to = out;
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < n; i++) {
        bits = bits << 8 | s[i];
        for (held += 8; held >= 6; held -= 6)
            *to++ = url_digits[bits >> (held - 6) & 63];
    }
    if (held > 0)
        *to++ = url_digits[bits << (6 - held) & 63];
    return out;
}

/* 6-bit values by character; 255 for all others. */
static const unsigned char *url_values(void)
{
    static unsigned char values[256];
    if (!values[0]) {
        memset(values, 255, sizeof values);
        for (unsigned char i = 0; i < 64; i++)
            values[(unsigned char)url_digits[i]] = i;
    }
    return values;
}

bool encode_from_base64url(const char *s, size_t n, uint8_t *out, size_t *out_n)
{
    const unsigned char *values = url_values();
    uint32_t bits = 0;
    int held = 0;
    *out_n = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char v = values[(unsigned char)s[i]];
        if (v == 255)
            return false;
        bits = bits << 6 | v;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[(*out_n)++] = (uint8_t)(bits >> held);
        }
    }
    return n % 4 != 1 && (bits & ((1u << held) - 1)) == 0;
}

/* Fetched once: OpenSSL's one-call functions look the algorithm up at every
 * call, which costs more than hashing a short text. */
static bool sha256(const void *p, size_t n,
                   unsigned char out[SHA256_DIGEST_LENGTH])
{
    static EVP_MD *algorithm;
    static EVP_MD_CTX *context;
    if (!algorithm)
        algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (!context)
        context = EVP_MD_CTX_new();
    return EVP_DigestInit_ex(context, algorithm, NULL) &&
           EVP_DigestUpdate(context, p, n) &&
           EVP_DigestFinal_ex(context, out, NULL);
}

char *encode_sha256(struct arena *a, const void *p, size_t n)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    const bool hashed = sha256(p, n, digest);
    assert(hashed); /* no memory, or an OpenSSL without SHA-256 */
    return encode_hex(a, digest, sizeof digest);
}

void encode_random(void *p, size_t n)
{
    unsigned char *s = p;
    while (n > 0) {
        ssize_t got = getrandom(s, n, 0);
        if (got < 0)
            _exit(70);
        s += got;
        n -= (size_t)got;
    }
}

int encode_secret_eq(const char *a, const char *b)
{
    unsigned char x[SHA256_DIGEST_LENGTH], y[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)a, strlen(a), x);
    SHA256((const unsigned char *)b, strlen(b), y);
    return CRYPTO_memcmp(x, y, sizeof x) == 0;
}
