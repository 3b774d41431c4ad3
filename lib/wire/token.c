/* Signature first, then one parse of each part. The HMAC contexts are keyed
 * once; a header that we wrote ourselves is known by its bytes. libjwt writes
 * tokens and never reads one: it would parse the claims before it looks at
 * the signature, and checks no time, issuer or algorithm. */
#include "wire/token.h"
#include <jansson.h>
#include <jwt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>
#include "base/auto.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/str.h"
#include "wire/keyring.h"
#include "base/banned.h"

enum {
    MAC_BYTES = 32,
    MAC_CHARS = 43,      /* of it in base64url */
    HEADER_CHARS = 256,  /* longest header that is looked at */
    SECRET_BYTES = 32,   /* RFC 7518 section 3.2: as long as the hash */
    ISSUED_AHEAD_S = 60, /* an iat further ahead is no clock's fault */
    SESSION_CHARS = 64
};

struct key {
    const char *kid, *secret;
    EVP_MAC_CTX *mac;
    const char *header; /* as we write it, in base64url */
    size_t header_n;
};

static struct {
    struct arena *memory;
    struct key keys[KEYRING_MAX];
    size_t n;
    const char *issuer, *audience;
    int64_t lifetime_s;
} desk;

struct part {
    const char *p;
    size_t n;
};

static bool sign(const struct key *k, struct part text, uint8_t mac[MAC_BYTES])
{
    size_t n = 0;
    return EVP_MAC_init(k->mac, NULL, 0, NULL) &&
           EVP_MAC_update(k->mac, (const uint8_t *)text.p, text.n) &&
           EVP_MAC_final(k->mac, mac, &n, MAC_BYTES) && n == MAC_BYTES;
}

/* ---- start -------------------------------------------------------------- */

static EVP_MAC_CTX *mac_new(const char *secret)
{
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string("digest", digest, 0),
        OSSL_PARAM_construct_end()};
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *ctx = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
    EVP_MAC_free(hmac); /* the context keeps its own reference */
    if (ctx &&
        EVP_MAC_init(ctx, (const uint8_t *)secret, strlen(secret), params))
        return ctx;
    EVP_MAC_CTX_free(ctx);
    return NULL;
}

/* A name that tells the key apart and says nothing of it. */
static const char *derived_kid(const struct key *k)
{
    uint8_t mac[MAC_BYTES];
    const struct part label = {"comptoir kid", 12};
    return sign(k, label, mac) ? encode_hex(desk.memory, mac, 8) : NULL;
}

static bool add_grants(jwt_t *t, const struct token_claims *c, int64_t now_s)
{
    char sub[24];
    snprintf(sub, sizeof sub, "%lld", (long long)c->user_id);
    return jwt_add_grant(t, "iss", desk.issuer) == 0 &&
           jwt_add_grant(t, "aud", desk.audience) == 0 &&
           jwt_add_grant(t, "sub", sub) == 0 &&
           jwt_add_grant(t, "role", c->role) == 0 &&
           jwt_add_grant(t, "sid", c->session) == 0 &&
           jwt_add_grant(t, "token_use", "access") == 0 &&
           jwt_add_grant_int(t, "tenant_id", c->tenant_id) == 0 &&
           jwt_add_grant_int(t, "ver", c->version) == 0 &&
           jwt_add_grant_int(t, "iat", now_s) == 0 &&
           jwt_add_grant_int(t, "exp", now_s + desk.lifetime_s) == 0;
}

static const char *write_token(struct arena *a, const struct key *k,
                               const struct token_claims *c)
{
    jwt_t *t = NULL;
    char *text = NULL;
    if (jwt_new(&t) == 0 && jwt_add_header(t, "kid", k->kid) == 0 &&
        jwt_set_alg(t, JWT_ALG_HS256, (const uint8_t *)k->secret,
                    (int)strlen(k->secret)) == 0 &&
        add_grants(t, c, clock_now_ms() / 1000))
        text = jwt_encode_str(t);
    const char *out = arena_strdup(a, text);
    free(text);
    jwt_free(t);
    return out;
}

/* What our own tokens of this key begin with. */
static bool learn_header(struct key *k)
{
    const struct token_claims c = {
        .user_id = 1, .tenant_id = 1, .role = "user", .session = "0"};
    const char *jwt = write_token(desk.memory, k, &c);
    const char *dot = jwt ? strchr(jwt, '.') : NULL;
    if (!dot)
        return false;
    k->header = jwt;
    k->header_n = (size_t)(dot - jwt);
    return true;
}

static const char *add_key(const struct keyring_key *from)
{
    struct key *k = &desk.keys[desk.n];
    if (strlen(from->secret) < SECRET_BYTES)
        return "JWT_SECRET_KEY: a key is shorter than 32 bytes.";
    if (str_eq(conf_str(CONF_ENV), "prod") && keyring_is_sample(from->secret))
        return "ENV=prod refuses a JWT_SECRET_KEY that looks like a sample.";
    *k = (struct key){.secret = from->secret, .mac = mac_new(from->secret)};
    if (!k->mac)
        return "JWT_SECRET_KEY: OpenSSL offers no HMAC with SHA-256.";
    desk.n++;
    k->kid = from->kid ? from->kid : derived_kid(k);
    return k->kid && learn_header(k) ? NULL
                                     : "JWT_SECRET_KEY: no token can be made.";
}

static void forget_keys(void)
{
    while (desk.n)
        EVP_MAC_CTX_free(desk.keys[--desk.n].mac);
}

static void forget(void)
{
    forget_keys();
    if (!desk.memory)
        desk.memory = arena_new(4096);
    arena_reset(desk.memory);
}

const char *token_init(void)
{
    struct keyring ring;
    forget();
    if (!str_eq(conf_str(CONF_JWT_ALGORITHM), "HS256"))
        return "JWT_ALGORITHM must be HS256.";
    desk.issuer = conf_str(CONF_JWT_ISSUER);
    desk.audience = conf_str(CONF_JWT_AUDIENCE);
    desk.lifetime_s = conf_int(CONF_JWT_EXPIRE_MINUTES) * 60;
    if (!*desk.issuer || !*desk.audience)
        return "JWT_ISSUER and JWT_AUDIENCE may not be empty.";
    const char *bad = keyring_parse(desk.memory, "JWT_SECRET_KEY",
                                    conf_str(CONF_JWT_SECRET_KEY), &ring);
    for (size_t i = 0; !bad && i < ring.n; i++)
        bad = add_key(&ring.keys[i]);
    if (bad)
        forget_keys(); /* what is bad lies in the memory */
    return bad;
}

bool token_ready(void)
{
    return desk.n > 0;
}

int64_t token_lifetime_s(void)
{
    return desk.lifetime_s;
}

enum err token_issue(struct arena *a, const struct token_claims *c,
                     const char **jwt)
{
    *jwt = NULL;
    if (!token_ready())
        return ERR_UNAVAILABLE;
    *jwt = write_token(a, &desk.keys[0], c);
    if (*jwt)
        return OK;
    log_error("token_not_made", NULL);
    return ERR_INTERNAL;
}

/* ---- reading ------------------------------------------------------------ */

/* Two dots, three parts, none empty; false for anything else. */
static bool split(const char *jwt, struct part out[3])
{
    size_t n = strnlen(jwt, TOKEN_BYTES + 1);
    if (n > TOKEN_BYTES)
        return false;
    for (int i = 0; i < 3; i++) {
        const char *dot = memchr(jwt, '.', n);
        if (!dot != (i == 2))
            return false;
        out[i] = (struct part){jwt, dot ? (size_t)(dot - jwt) : n};
        if (out[i].n == 0)
            return false;
        jwt += out[i].n + 1;
        n -= dot ? out[i].n + 1 : n;
    }
    return true;
}

static json_t *parse_object(struct part part)
{
    uint8_t text[TOKEN_BYTES];
    size_t n;
    if (!encode_from_base64url(part.p, part.n, text, &n))
        return NULL;
    json_t *all =
        json_loadb((const char *)text, n, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(all))
        return all;
    json_decref(all);
    return NULL;
}

static const char *text_of(const json_t *all, const char *name)
{
    return json_string_value(json_object_get(all, name)); /* NULL if none */
}

/* A header may say alg, typ and kid and nothing else: crit, jwk, jku, x5u and
 * their like ask for what we do not do (RFC 8725 section 3). */
static const struct key *key_by_foreign_header(struct part header)
{
    if (header.n > HEADER_CHARS)
        return NULL;
    AUTO_JSON all = parse_object(header);
    const char *type = text_of(all, "typ"), *kid = text_of(all, "kid");
    if (!all || json_object_size(all) != 3 || !kid ||
        !str_eq(text_of(all, "alg"), "HS256") ||
        (!str_eq(type, "JWT") && !str_eq(type, "at+jwt")))
        return NULL;
    for (size_t i = 0; i < desk.n; i++)
        if (str_eq(kid, desk.keys[i].kid))
            return &desk.keys[i];
    return NULL;
}

static const struct key *key_by_header(struct part header)
{
    for (size_t i = 0; i < desk.n; i++)
        if (header.n == desk.keys[i].header_n &&
            memcmp(header.p, desk.keys[i].header, header.n) == 0)
            return &desk.keys[i];
    return key_by_foreign_header(header);
}

static bool signature_ok(const struct key *k, const struct part parts[3])
{
    uint8_t mac[MAC_BYTES], sent[MAC_BYTES];
    size_t n;
    struct part signed_text = {parts[0].p, parts[0].n + 1 + parts[1].n};
    return parts[2].n == MAC_CHARS &&
           encode_from_base64url(parts[2].p, parts[2].n, sent, &n) &&
           sign(k, signed_text, mac) &&
           CRYPTO_memcmp(mac, sent, MAC_BYTES) == 0;
}

/* A JSON integer from lo up; -1 for anything else. */
static int64_t number_of(const json_t *all, const char *name, int64_t lo)
{
    const json_t *v = json_object_get(all, name);
    if (!json_is_integer(v) || json_integer_value(v) < lo)
        return -1;
    return json_integer_value(v);
}

/* sub is the user's id in decimal, written in one way only. */
static int64_t user_of(const json_t *all)
{
    const char *s = text_of(all, "sub");
    int64_t id = -1;
    return s && *s >= '1' && *s <= '9' && str_to_i64(s, &id) ? id : -1;
}

static const char *role_of(const json_t *all)
{
    static const char *const roles[] = {"user", "admin", "operator"};
    const char *s = text_of(all, "role");
    for (size_t i = 0; i < ARRAY_LEN(roles); i++)
        if (str_eq(s, roles[i]))
            return roles[i];
    return NULL;
}

static const char *session_of(struct arena *a, const json_t *all)
{
    const char *s = text_of(all, "sid");
    size_t n = s ? strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "abcdefghijklmnopqrstuvwxyz0123456789_-")
                 : 0;
    return n > 0 && n <= SESSION_CHARS && !s[n] ? arena_strndup(a, s, n) : NULL;
}

static enum err check_times(const json_t *all, const struct token_claims *c)
{
    int64_t now_s = clock_now_ms() / 1000;
    if (c->issued_s < 0 || c->issued_s > now_s + ISSUED_AHEAD_S ||
        c->expires_s <= c->issued_s)
        return ERR_TOKEN_INVALID;
    if (json_object_get(all, "nbf")) {
        int64_t from_s = number_of(all, "nbf", 0);
        if (from_s < 0 || from_s > now_s + TOKEN_LEEWAY_S)
            return ERR_TOKEN_INVALID;
    }
    return c->expires_s <= now_s - TOKEN_LEEWAY_S ? ERR_TOKEN_EXPIRED : OK;
}

static enum err read_claims(struct arena *a, const json_t *all,
                            struct token_claims *c)
{
    *c = (struct token_claims){
        .user_id = user_of(all),
        .tenant_id = number_of(all, "tenant_id", 1),
        .version = number_of(all, "ver", 0),
        .role = role_of(all),
        .session = session_of(a, all),
        .issued_s = number_of(all, "iat", 0),
        .expires_s = number_of(all, "exp", 1),
    };
    if (!str_eq(text_of(all, "iss"), desk.issuer) ||
        !str_eq(text_of(all, "aud"), desk.audience) ||
        !str_eq(text_of(all, "token_use"), "access") || c->user_id < 0 ||
        c->tenant_id < 0 || c->version < 0 || !c->role || !c->session)
        return ERR_TOKEN_INVALID;
    return check_times(all, c);
}

enum err token_check(struct arena *a, const char *jwt, struct token_claims *out)
{
    struct part parts[3];
    *out = (struct token_claims){0};
    if (!split(jwt, parts))
        return ERR_TOKEN_INVALID;
    const struct key *k = key_by_header(parts[0]);
    if (!k || !signature_ok(k, parts))
        return ERR_TOKEN_INVALID;
    AUTO_JSON all = parse_object(parts[1]);
    struct token_claims claims;
    enum err e = all ? read_claims(a, all, &claims) : ERR_TOKEN_INVALID;
    if (e == OK)
        *out = claims;
    return e;
}
