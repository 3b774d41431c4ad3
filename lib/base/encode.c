/* OpenSSL does the hashing; the rest is small tables. */
#include "base/encode.h"
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

char *encode_sha256(struct arena *a, const void *p, size_t n)
{
    unsigned char md[SHA256_DIGEST_LENGTH];
    SHA256(p, n, md);
    return encode_hex(a, md, sizeof md);
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
