/* The checksum is CRC-32 (zlib's) over all that stands before it, the
 * announcing cpt_live_ too, as six base62 digits, the highest first. */
#include "wire/api_key.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <zlib.h>
#include "base/conf.h"
#include "base/encode.h"
#include "base/str.h"

enum { START = 9, BODY = 43, SUM = 6, SUMMED = START + BODY };

static const char start[] = "cpt_live_";
static const char digits[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static void checksum(const char *text, char out[SUM])
{
    uint32_t crc = (uint32_t)crc32(0, (const Bytef *)text, SUMMED);
    for (int i = SUM - 1; i >= 0; i--, crc /= 62)
        out[i] = digits[crc % 62];
}

/* Uniform: a byte of 248 and more would favour the first digits. */
static char random_digit(void)
{
    unsigned char c;
    do
        encode_random(&c, 1);
    while (c >= 248);
    return digits[c % 62];
}

char *api_key_new(struct arena *a)
{
    char *text = arena_alloc(a, API_KEY_LEN + 1);
    memcpy(text, start, START);
    for (int i = START; i < SUMMED; i++)
        text[i] = random_digit();
    checksum(text, text + SUMMED);
    return text;
}

bool api_key_ok(const char *text)
{
    char sum[SUM];
    if (!text || strnlen(text, API_KEY_LEN + 1) != API_KEY_LEN ||
        !str_starts(text, start) || text[START + strspn(text + START, digits)])
        return false;
    checksum(text, sum);
    return memcmp(sum, text + SUMMED, SUM) == 0;
}

char *api_key_hash(struct arena *a, const char *text)
{
    const char *pepper = conf_str(CONF_API_KEY_PEPPER);
    unsigned char md[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (!*pepper)
        return encode_sha256(a, text, strlen(text));
    HMAC(EVP_sha256(), pepper, (int)strlen(pepper), (const unsigned char *)text,
         strlen(text), md, &n);
    return encode_hex(a, md, n);
}

char *api_key_prefix(struct arena *a, const char *text)
{
    return arena_strndup(a, text, strnlen(text, API_KEY_PREFIX));
}

char *api_key_last(struct arena *a, const char *text)
{
    size_t n = strlen(text);
    return arena_strndup(a, n > API_KEY_LAST ? text + n - API_KEY_LAST : text,
                         n < API_KEY_LAST ? n : API_KEY_LAST);
}
