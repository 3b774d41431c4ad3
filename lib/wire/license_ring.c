/* Several keys of each kind at once, so that they can be changed: the first
 * makes, all check. */
#include "wire/license_ring.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <string.h>
#include "base/conf.h"
#include "base/encode.h"
#include "base/str.h"
#include "wire/fernet.h"

enum { SEED = 32, SIGNATURE = 64, SECRET_LEAST = 32 };

struct license_ring {
    EVP_PKEY *signer;
    EVP_PKEY *verifiers[LICENSE_RING_KEYS];
    struct license_ring_key keys[LICENSE_RING_KEYS];
    size_t n_keys;
    const char *secrets[LICENSE_RING_KEYS];
    size_t n_secrets;
    uint8_t sealing[LICENSE_RING_KEYS][FERNET_KEY];
    size_t n_sealing;
};

static void free_key(void *p)
{
    EVP_PKEY_free(p);
}

/* 32 bytes in base64 or base64url, with or without padding. */
static bool bytes_32(struct arena *a, const char *s, uint8_t out[32])
{
    uint8_t raw[48];
    size_t n = strlen(s), got;
    char *url = arena_strdup(a, s);
    while (n && url[n - 1] == '=')
        n--;
    for (size_t i = 0; i < n; i++)
        url[i] = (char)(url[i] == '+' ? '-' : url[i] == '/' ? '_' : url[i]);
    if (n != 43 || !encode_from_base64url(url, n, raw, &got) || got != 32)
        return false;
    memcpy(out, raw, 32);
    OPENSSL_cleanse(raw, sizeof raw);
    OPENSSL_cleanse(url, n);
    return true;
}

static bool kid_ok(const char *kid)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    size_t n = strlen(kid);
    return n >= 1 && n <= LICENSE_RING_KID && strspn(kid, allowed) == n;
}

/* Takes the key into the ring; without a kid of its own it is named by the
 * first eight hex digits of its SHA-256. */
static const char *add_key(struct arena *a, struct license_ring *r,
                           EVP_PKEY *key, const char *kid, bool can_sign)
{
    if (key)
        arena_defer(a, free_key, key);
    if (!key || EVP_PKEY_id(key) != EVP_PKEY_ED25519)
        return "is no Ed25519 key";
    if (r->n_keys == LICENSE_RING_KEYS)
        return "and LICENSE_PUBLIC_KEYS hold more than eight keys";
    struct license_ring_key *k = &r->keys[r->n_keys];
    size_t n = sizeof k->public_key;
    if (EVP_PKEY_get_raw_public_key(key, k->public_key, &n) != 1)
        return "is no Ed25519 key";
    k->kid =
        kid ? kid : arena_strndup(a, encode_sha256(a, k->public_key, n), 8);
    if (!kid_ok(k->kid))
        return "has a kid that is not 1 to 32 letters, digits, _ or -";
    for (size_t i = 0; i < r->n_keys; i++)
        if (str_eq(r->keys[i].kid, k->kid))
            return "names the same kid twice";
    if (can_sign && !r->signer) {
        r->signer = key;
        k->signs = true;
    }
    r->verifiers[r->n_keys++] = key;
    return NULL;
}

/* "kid:base64" or "base64". */
static const char *add_text(struct arena *a, struct license_ring *r,
                            const char *item, bool can_sign)
{
    uint8_t raw[SEED];
    const char *colon = strchr(item, ':');
    const char *kid =
        colon ? arena_strndup(a, item, (size_t)(colon - item)) : NULL;
    if (!bytes_32(a, colon ? colon + 1 : item, raw))
        return "is not 32 bytes in base64 (or PEM)";
    EVP_PKEY *key =
        can_sign
            ? EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, raw, SEED)
            : EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, raw, SEED);
    OPENSSL_cleanse(raw, sizeof raw);
    return add_key(a, r, key, kid, can_sign);
}

static const char *add_pem(struct arena *a, struct license_ring *r,
                           const char *text)
{
    BIO *bio = BIO_new_mem_buf(text, -1);
    const char *bad = bio ? NULL : "cannot be read";
    size_t n = 0;
    /* No callback of a pass phrase: such a key would wait for a terminal. */
    for (EVP_PKEY *key;
         !bad && (key = PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)""));
         n++)
        bad = add_key(a, r, key, NULL, true);
    BIO_free(bio);
    return bad || n ? bad : "holds no private key that can be read";
}

static const char *load_signing(struct arena *a, struct license_ring *r)
{
    const char *const *items, *bad = NULL;
    const char *text = conf_str(CONF_LICENSE_SIGNING_KEY);
    if (strstr(text, "-----BEGIN"))
        return add_pem(a, r, text);
    size_t n = conf_list(CONF_LICENSE_SIGNING_KEY, &items);
    for (size_t i = 0; i < n && !bad; i++)
        bad = add_text(a, r, items[i], true);
    return bad;
}

static const char *load_public(struct arena *a, struct license_ring *r)
{
    const char *const *items, *bad = NULL;
    size_t n = conf_list(CONF_LICENSE_PUBLIC_KEYS, &items);
    for (size_t i = 0; i < n && !bad; i++)
        bad = add_text(a, r, items[i], false);
    return bad;
}

static const char *load_secrets(struct arena *a, struct license_ring *r)
{
    const char *const *items;
    size_t n = conf_list(CONF_LICENSE_SECRET, &items);
    (void)a;
    if (n > LICENSE_RING_KEYS)
        return "holds more than eight secrets";
    for (size_t i = 0; i < n; i++) {
        if (strlen(items[i]) < SECRET_LEAST)
            return "must be at least 32 characters long";
        r->secrets[r->n_secrets++] = items[i];
    }
    return NULL;
}

static const char *load_sealing(struct arena *a, struct license_ring *r)
{
    const char *const *items;
    size_t n = conf_list(CONF_LICENSE_ENC_KEY, &items);
    if (n > LICENSE_RING_KEYS)
        return "holds more than eight keys";
    for (size_t i = 0; i < n; i++)
        if (!bytes_32(a, items[i], r->sealing[r->n_sealing++]))
            return "must be 32 bytes in base64 (a Fernet key)";
    return NULL;
}

const char *license_ring_load(struct arena *a, const struct license_ring **out)
{
    static const struct {
        enum conf_key key;
        const char *(*load)(struct arena *a, struct license_ring *r);
    } steps[] = {{CONF_LICENSE_SIGNING_KEY, load_signing},
                 {CONF_LICENSE_PUBLIC_KEYS, load_public},
                 {CONF_LICENSE_SECRET, load_secrets},
                 {CONF_LICENSE_ENC_KEY, load_sealing}};
    struct license_ring *r = ARENA_NEW(a, struct license_ring);
    *out = r;
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        const char *bad = steps[i].load(a, r);
        if (bad)
            return arena_printf(a, "%s %s.", conf_name(steps[i].key), bad);
    }
    if (!r->n_secrets != !r->n_sealing)
        return "LICENSE_SECRET and LICENSE_ENC_KEY go together: set both or "
               "none.";
    return NULL;
}

size_t license_ring_list(const struct license_ring *r,
                         const struct license_ring_key **keys)
{
    *keys = r->keys;
    return r->n_keys;
}

const char *license_ring_kid(const struct license_ring *r)
{
    return r->signer ? r->keys[0].kid : NULL;
}

char *license_ring_sign(struct arena *a, const struct license_ring *r,
                        const char *kind, struct bytes payload)
{
    uint8_t sig[SIGNATURE];
    size_t n = sizeof sig;
    if (!r->signer)
        return NULL;
    const char *head = arena_printf(a, "%s.%s", kind,
                                    encode_base64url(a, payload.p, payload.n));
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    bool good =
        c && EVP_DigestSignInit(c, NULL, NULL, NULL, r->signer) == 1 &&
        EVP_DigestSign(c, sig, &n, (const uint8_t *)head, strlen(head)) == 1;
    EVP_MD_CTX_free(c);
    return good ? arena_printf(a, "%s.%s", head, encode_base64url(a, sig, n))
                : NULL;
}

static bool verified(EVP_PKEY *key, const uint8_t sig[SIGNATURE],
                     const char *signed_text, size_t n)
{
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    bool good = c && EVP_DigestVerifyInit(c, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestVerify(c, sig, SIGNATURE,
                                 (const uint8_t *)signed_text, n) == 1;
    EVP_MD_CTX_free(c);
    return good;
}

/* Verified before it is parsed: the kid inside is compared by the caller. */
bool license_ring_open(struct arena *a, const struct license_ring *r,
                       const char *kind, const char *text,
                       struct bytes *payload, const char **kid)
{
    uint8_t sig[SIGNATURE + 4];
    size_t len = strnlen(text, LICENSE_RING_TEXT + 1), kind_n = strlen(kind);
    size_t n;
    if (len > LICENSE_RING_TEXT || !str_starts(text, kind) ||
        text[kind_n] != '.')
        return false;
    const char *from = text + kind_n + 1, *dot = strchr(from, '.');
    if (!dot || strlen(dot + 1) != 86 ||
        !encode_from_base64url(dot + 1, 86, sig, &n) || n != SIGNATURE)
        return false;
    uint8_t *p = arena_alloc(a, (size_t)(dot - from) + 1);
    if (!encode_from_base64url(from, (size_t)(dot - from), p, &n))
        return false;
    for (size_t i = 0; i < r->n_keys; i++) {
        if (!verified(r->verifiers[i], sig, text, (size_t)(dot - text)))
            continue;
        *payload = (struct bytes){p, n};
        *kid = r->keys[i].kid;
        return true;
    }
    return false;
}

char *license_ring_seal(struct arena *a, const struct license_ring *r,
                        int64_t now_s, struct bytes clear)
{
    uint8_t iv[FERNET_IV];
    encode_random(iv, sizeof iv);
    return r->n_sealing ? fernet_seal(a, r->sealing[0], iv, now_s, clear)
                        : NULL;
}

bool license_ring_unseal(struct arena *a, const struct license_ring *r,
                         const char *token, size_t n, struct bytes *clear)
{
    for (size_t i = 0; i < r->n_sealing; i++)
        if (fernet_open(a, r->sealing[i], token, n, clear))
            return true;
    return false;
}

static void mac_under(const char *secret, struct bytes data,
                      uint8_t out[LICENSE_RING_MAC])
{
    unsigned n = LICENSE_RING_MAC;
    HMAC(EVP_sha256(), secret, (int)strlen(secret), data.p, data.n, out, &n);
}

bool license_ring_mac(const struct license_ring *r, struct bytes data,
                      uint8_t out[LICENSE_RING_MAC])
{
    if (!r->n_secrets)
        return false;
    mac_under(r->secrets[0], data, out);
    return true;
}

bool license_ring_mac_ok(const struct license_ring *r, struct bytes data,
                         const uint8_t mac[LICENSE_RING_MAC])
{
    int found = 0;
    uint8_t sum[LICENSE_RING_MAC];
    for (size_t i = 0; i < r->n_secrets; i++) {
        mac_under(r->secrets[i], data, sum);
        found |= CRYPTO_memcmp(sum, mac, sizeof sum) == 0;
    }
    return found;
}
