/* Static keys are compared by their SHA-256, all of them every time, so that
 * the time taken says nothing about which one is near; everything else is
 * looked up by a hash. */
#include "web/gate_door.h"
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/conf.h"
#include "base/encode.h"
#include "base/str.h"
#include "wire/api_key.h"
#include "wire/token.h"

enum { KEYS = 256, CREDENTIAL_BYTES = 4096 };

static struct {
    unsigned char digests[KEYS][SHA256_DIGEST_LENGTH];
    size_t n;
} keys;

static void sha256(const char *s, unsigned char out[SHA256_DIGEST_LENGTH])
{
    SHA256((const unsigned char *)s, strlen(s), out);
}

void gate_door_init(void)
{
    const char *const *list;
    keys.n = 0;
    size_t n = conf_list(CONF_API_KEY, &list);
    for (size_t i = 0; i < n && keys.n < KEYS; i++)
        sha256(list[i], keys.digests[keys.n++]);
}

static bool is_static(const unsigned char digest[SHA256_DIGEST_LENGTH])
{
    int found = 0;
    for (size_t i = 0; i < keys.n; i++)
        found |=
            CRYPTO_memcmp(digest, keys.digests[i], SHA256_DIGEST_LENGTH) == 0;
    return found;
}

enum err gate_door_key(struct req *r, const char *key)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    if (strlen(key) > CREDENTIAL_BYTES)
        return ERR_INVALID_API_KEY;
    sha256(key, digest);
    if (is_static(digest)) {
        r->who.kind = PRINCIPAL_STATIC_KEY;
        snprintf(r->who.id, sizeof r->who.id, "key:%.16s",
                 encode_hex(r->arena, digest, sizeof digest));
        return OK;
    }
    if (!api_key_ok(key))
        return ERR_INVALID_API_KEY;
    if (!r->db)
        return ERR_UNAVAILABLE;
    return principal_by_key(r->db, r->arena, api_key_hash(r->arena, key),
                            &r->who);
}

enum err gate_door_token(struct req *r, const char *authorization)
{
    struct token_claims claims;
    if (strncasecmp(authorization, "Bearer ", 7) != 0)
        return ERR_UNAUTHORIZED;
    const enum err e = token_check(r->arena, authorization + 7, &claims);
    if (e)
        return e;
    if (!r->db)
        return ERR_UNAVAILABLE;
    principal_claim(r->db, &claims, &r->who);
    return OK;
}
