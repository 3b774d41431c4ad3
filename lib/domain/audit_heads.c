/* The signature is over lines of text, not over JSON: there is one way only to
 * write them. */
#include "domain/audit_heads.h"
#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include "base/auto.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/str.h"
#include "wire/keyring.h"

enum { KEY = 32, SIGNATURE = 64, KEYS = 16, TEXT_BYTES = 128 << 20 };

static const char format[] = "comptoir-audit-heads-1";

static struct {
    struct key {
        char kid[KEYRING_KID_BYTES + 1];
        EVP_PKEY *key;
        uint8_t public_key[KEY];
    } keys[KEYS];
    size_t n;
    EVP_PKEY *signer; /* of keys[0], or NULL */
} ring;

/* 32 bytes in base64 or base64url, with or without padding. */
static bool bytes_32(struct arena *a, const char *s, uint8_t out[KEY])
{
    uint8_t raw[KEY + 4];
    size_t n = strlen(s), got;
    char *url = arena_strdup(a, s);
    while (n && url[n - 1] == '=')
        n--;
    for (size_t i = 0; i < n; i++)
        url[i] = (char)(url[i] == '+' ? '-' : url[i] == '/' ? '_' : url[i]);
    if (n != 43 || !encode_from_base64url(url, n, raw, &got) || got != KEY)
        return false;
    memcpy(out, raw, KEY);
    OPENSSL_cleanse(raw, sizeof raw);
    return true;
}

/* Without a kid of its own a key is named by the start of its SHA-256. */
static const char *add(struct arena *a, const struct keyring_key *from,
                       bool signs)
{
    uint8_t raw[KEY];
    if (ring.n == KEYS || !bytes_32(a, from->secret, raw))
        return "must hold keys of 32 bytes in base64";
    struct key *k = &ring.keys[ring.n];
    k->key =
        signs ? EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, raw, KEY)
              : EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, raw, KEY);
    OPENSSL_cleanse(raw, sizeof raw);
    size_t n = KEY;
    if (!k->key || EVP_PKEY_get_raw_public_key(k->key, k->public_key, &n) != 1)
        return "holds a key that is none";
    const char *kid =
        from->kid ? from->kid
                  : arena_strndup(a, encode_sha256(a, k->public_key, KEY), 8);
    memcpy(k->kid, kid, strlen(kid) + 1);
    if (signs && !ring.signer)
        ring.signer = k->key;
    ring.n++;
    return NULL;
}

static const char *add_all(struct arena *a, enum conf_key from, bool signs)
{
    struct keyring keys = {.n = 0};
    const char *text = conf_str(from);
    const char *bad =
        *text ? keyring_parse(a, conf_name(from), text, &keys) : NULL;
    for (size_t i = 0; !bad && i < keys.n; i++) {
        const char *why = add(a, &keys.keys[i], signs);
        if (why)
            bad = arena_printf(a, "%s %s.", conf_name(from), why);
    }
    return bad;
}

const char *audit_heads_init(void)
{
    static char said[300];
    for (size_t i = 0; i < ring.n; i++)
        EVP_PKEY_free(ring.keys[i].key);
    memset(&ring, 0, sizeof ring);
    struct arena *a = arena_new(4096);
    const char *bad = add_all(a, CONF_AUDIT_SIGNING_KEY, true);
    if (!bad)
        bad = add_all(a, CONF_AUDIT_PUBLIC_KEYS, false);
    if (bad)
        snprintf(said, sizeof said, "%s", bad);
    arena_free(a);
    return bad ? said : NULL;
}

static struct bytes signed_text(struct arena *a, const struct audit_heads *h)
{
    struct buf b;
    buf_init(&b, a, TEXT_BYTES);
    buf_printf(&b, "%s\n%s\n", format, h->made_at);
    for (size_t i = 0; i < h->n; i++)
        buf_printf(&b, "%lld %lld %s\n", (long long)h->heads[i].chain,
                   (long long)h->heads[i].seq, h->heads[i].hash);
    return buf_bytes(&b);
}

static bool sign(struct bytes text, uint8_t out[SIGNATURE])
{
    size_t n = SIGNATURE;
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    const bool good =
        c && EVP_DigestSignInit(c, NULL, NULL, NULL, ring.signer) == 1 &&
        EVP_DigestSign(c, out, &n, text.p, text.n) == 1;
    EVP_MD_CTX_free(c);
    return good;
}

static bool verify(EVP_PKEY *key, struct bytes text,
                   const uint8_t signature[SIGNATURE])
{
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    const bool good =
        c && EVP_DigestVerifyInit(c, NULL, NULL, NULL, key) == 1 &&
        EVP_DigestVerify(c, signature, SIGNATURE, text.p, text.n) == 1;
    EVP_MD_CTX_free(c);
    return good;
}

char *audit_heads_write(struct arena *a, const struct audit_heads *h)
{
    uint8_t signature[SIGNATURE];
    if (!ring.signer || !sign(signed_text(a, h), signature))
        return NULL;
    json_t *list = json_array();
    for (size_t i = 0; i < h->n; i++)
        json_array_append_new(list,
                              json_pack("{s:I,s:I,s:s}", "chain",
                                        (json_int_t)h->heads[i].chain, "seq",
                                        (json_int_t)h->heads[i].seq, "hash",
                                        h->heads[i].hash));
    AUTO_JSON o = json_pack(
        "{s:s,s:s,s:o,s:s,s:s,s:s}", "format", format, "made_at", h->made_at,
        "heads", list, "kid", ring.keys[0].kid, "public_key",
        encode_base64url(a, ring.keys[0].public_key, KEY), "signature",
        encode_base64url(a, signature, SIGNATURE));
    char *text = json_dumps(o, JSON_INDENT(1));
    char *kept = arena_printf(a, "%s\n", text);
    free(text);
    return kept;
}

static const char *take_heads(struct arena *a, const json_t *list,
                              struct audit_heads *out)
{
    static const char hex[] = "0123456789abcdef";
    size_t i;
    const json_t *item;
    if (!json_is_array(list) || json_array_size(list) > AUDIT_HEADS_MAX)
        return "it holds no list of heads";
    out->heads = ARENA_ARRAY(a, json_array_size(list), struct audit_head);
    json_array_foreach(list, i, item)
    {
        const json_t *chain = json_object_get(item, "chain");
        const json_t *seq = json_object_get(item, "seq");
        const char *hash = json_string_value(json_object_get(item, "hash"));
        struct audit_head *h = &out->heads[out->n++];
        if (!json_is_integer(chain) || !json_is_integer(seq) || !hash ||
            strlen(hash) != 64 || strspn(hash, hex) != 64)
            return "one of its heads is none";
        h->chain = json_integer_value(chain);
        h->seq = json_integer_value(seq);
        memcpy(h->hash, hash, sizeof h->hash);
    }
    return NULL;
}

/* Verified over the values that were read, before they are used. */
static const char *check_signature(struct arena *a, const json_t *o,
                                   const struct audit_heads *h)
{
    uint8_t signature[SIGNATURE + 4];
    size_t n;
    const char *text = json_string_value(json_object_get(o, "signature"));
    const char *kid = json_string_value(json_object_get(o, "kid"));
    if (!text || !kid || strlen(text) != 86 ||
        !encode_from_base64url(text, 86, signature, &n) || n != SIGNATURE)
        return "it is not signed";
    for (size_t i = 0; i < ring.n; i++)
        if (str_eq(ring.keys[i].kid, kid))
            return verify(ring.keys[i].key, signed_text(a, h), signature)
                       ? NULL
                       : "its signature does not fit: it was changed";
    return "its key is neither in AUDIT_SIGNING_KEY nor in AUDIT_PUBLIC_KEYS";
}

const char *audit_heads_read(struct arena *a, const char *text, size_t n,
                             struct audit_heads *out)
{
    AUTO_JSON o = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
    *out = (struct audit_heads){.n = 0};
    if (!str_eq(json_string_value(json_object_get(o, "format")), format))
        return "it is no file of heads";
    const char *made = json_string_value(json_object_get(o, "made_at"));
    if (!made || strlen(made) != 20 || strchr(made, '\n'))
        return "it does not say when it was made";
    out->made_at = arena_strdup(a, made);
    const char *bad = take_heads(a, json_object_get(o, "heads"), out);
    return bad ? bad : check_signature(a, o, out);
}
