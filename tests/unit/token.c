/* lib/wire/token.c: what it writes it reads; everything else is refused.
 * Tokens to refuse are made here with OpenSSL's HMAC, not with libjwt. */
#include "wire/token.h"
#include <openssl/hmac.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/str.h"
#include "tap.h"

#define KEY_A "a9d04b7c61f25e38a9d04b7c61f25e38"
#define KEY_B "7731bc90de45fa627731bc90de45fa62"
#define HEAD  "{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"JWT\"}"

static struct arena *a;
static int64_t now_s;

static const char *sealed(const char *signing, const char *key,
                          const EVP_MD *md)
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    HMAC(md, key, (int)strlen(key), (const unsigned char *)signing,
         strlen(signing), mac, &n);
    return arena_printf(a, "%s.%s", signing, encode_base64url(a, mac, n));
}

static const char *token(const char *head, const char *claims)
{
    const char *signing =
        arena_printf(a, "%s.%s", encode_base64url(a, head, strlen(head)),
                     encode_base64url(a, claims, strlen(claims)));
    return sealed(signing, KEY_A, EVP_sha256());
}

/* The claims of a good token; name's value is replaced (NULL: left out). */
static const char *claims_with(const char *name, const char *value)
{
    const char *const parts[][2] = {
        {"sub", "\"17\""},
        {"tenant_id", "4"},
        {"role", "\"admin\""},
        {"ver", "2"},
        {"sid", "\"9\""},
        {"iss", "\"comptoir\""},
        {"aud", "\"comptoir-api\""},
        {"token_use", "\"access\""},
        {"iat", arena_printf(a, "%lld", (long long)now_s)},
        {"exp", arena_printf(a, "%lld", (long long)now_s + 600)}};
    const char *out = "{";
    bool known = false;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        bool mine = name && strcmp(parts[i][0], name) == 0;
        const char *v = mine ? value : parts[i][1];
        known = known || mine;
        if (v)
            out = arena_printf(a, "%s%s\"%s\":%s", out, out[1] ? "," : "",
                               parts[i][0], v);
    }
    if (name && !known)
        out = arena_printf(a, "%s,\"%s\":%s", out, name, value);
    return arena_printf(a, "%s}", out);
}

static enum err check(const char *jwt)
{
    struct token_claims c;
    return token_check(a, jwt, &c);
}

static void refused(const char *jwt, const char *what)
{
    tap_is_int(check(jwt), ERR_TOKEN_INVALID, "refused: %s", what);
}

/* From now in seconds, as JSON. */
static const char *at(int64_t seconds)
{
    return arena_printf(a, "%lld", (long long)(now_s + seconds));
}

/* @n: n seconds from now */
static const struct {
    const char *name, *value;
} bad_claims[] = {
    {"exp", NULL},
    {"exp", "\"9999999999\""},
    {"exp", "9999999999.5"},
    {"exp", "-1"},
    {"exp", "null"},
    {"exp", "true"},
    {"exp", "1e10"},
    {"exp", "@-60"}, /* before iat */
    {"iat", NULL},
    {"iat", "@90"},
    {"iat", "\"1\""},
    {"iat", "-5"},
    {"nbf", "@45"},
    {"nbf", "\"0\""},
    {"nbf", "-1"},
    {"nbf", "1.5"},
    {"iss", NULL},
    {"iss", "\"other\""},
    {"iss", "\"comptoir \""},
    {"iss", "[\"comptoir\"]"},
    {"aud", NULL},
    {"aud", "\"other\""},
    {"aud", "[\"comptoir-api\"]"},
    {"aud", "\"Comptoir-api\""},
    {"token_use", NULL},
    {"token_use", "\"refresh\""},
    {"token_use", "1"},
    {"sub", NULL},
    {"sub", "\"\""},
    {"sub", "\"0\""},
    {"sub", "\"-17\""},
    {"sub", "\"017\""},
    {"sub", "\"+17\""},
    {"sub", "\"17.0\""},
    {"sub", "\"17 \""},
    {"sub", "17"},
    {"sub", "\"9223372036854775808\""},
    {"sub", "\"1\\u0000\""},
    {"tenant_id", NULL},
    {"tenant_id", "\"4\""},
    {"tenant_id", "4.0"},
    {"tenant_id", "0"},
    {"tenant_id", "-4"},
    {"tenant_id", "null"},
    {"tenant_id", "9223372036854775808"},
    {"ver", NULL},
    {"ver", "\"2\""},
    {"ver", "-2"},
    {"ver", "2.0"},
    {"role", NULL},
    {"role", "\"root\""},
    {"role", "\"Admin\""},
    {"role", "[\"admin\"]"},
    {"role", "\"\""},
    {"sid", NULL},
    {"sid", "9"},
    {"sid", "\"\""},
    {"sid", "\"a b\""},
    {"sid", "\"0123456789012345678901234567890123456789"
            "0123456789012345678901234\""},
};

static void refused_claims(void)
{
    for (size_t i = 0; i < ARRAY_LEN(bad_claims); i++) {
        const char *name = bad_claims[i].name, *value = bad_claims[i].value;
        if (value && *value == '@')
            value = at(strtoll(value + 1, NULL, 10));
        refused(token(HEAD, claims_with(name, value)),
                arena_printf(a, "%s %s", name, value ? value : "missing"));
    }
    const char *good = claims_with(NULL, NULL);
    refused(token(HEAD, arena_printf(a, "%.*s,\"sub\":\"18\"}",
                                     (int)strlen(good) - 1, good)),
            "a member twice");
    refused(token(HEAD, arena_printf(a, "[%s]", good)), "claims in a list");
    refused(token(HEAD, arena_printf(a, "%s x", good)), "text after claims");
    refused(token(HEAD, "{}"), "no claims");
    refused(token(HEAD, "17"), "claims that are a number");
    refused(token(HEAD, "{\"sub\":\"\xff\"}"), "claims that are not UTF-8");
}

static void refused_headers(void)
{
    static const char *const heads[] = {
        "{\"alg\":\"none\",\"kid\":\"k1\",\"typ\":\"JWT\"}",
        "{\"alg\":\"None\",\"kid\":\"k1\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS512\",\"kid\":\"k1\",\"typ\":\"JWT\"}",
        "{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":\"JWT\"}",
        "{\"alg\":\"hs256\",\"kid\":\"k1\",\"typ\":\"JWT\"}",
        "{\"alg\":[\"HS256\"],\"kid\":\"k1\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"kid\":\"k9\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"kid\":1,\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"kid\":null,\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"kid\":\"../k1\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"kid\":\"k1\"}",
        "{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"JWE\"}",
        "{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":7}",
        "{\"kid\":\"k1\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"kid\":\"k1\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"b64\":false,\"kid\":\"k1\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"jwk\":{},\"kid\":\"k1\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"jku\":\"https://x\",\"kid\":\"k1\",\"typ\":"
        "\"JWT\"}",
        "{\"alg\":\"HS256\",\"x5u\":\"https://x\",\"kid\":\"k1\",\"typ\":"
        "\"JWT\"}",
        "{\"alg\":\"none\",\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"JWT\"}",
        "[]",
        "{",
        "\"HS256\"",
    };
    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        refused(token(heads[i], claims_with(NULL, NULL)), heads[i]);
    refused(
        token(arena_printf(a, "%*s" HEAD, 300, ""), claims_with(NULL, NULL)),
        "a header of 300 characters");
}

static void refused_shapes(void)
{
    const char *good = token(HEAD, claims_with(NULL, NULL));
    const char *head = arena_strndup(a, good, strcspn(good, "."));
    const char *end = strrchr(good, '.');
    const char *signing = arena_strndup(a, good, (size_t)(end - good));
    const char *middle = strchr(good, '.') + 1;
    tap_is_int(check(good), OK, "the model of what follows is well");
    refused("", "nothing");
    refused("..", "three empty parts");
    refused("abc", "no dot");
    refused(signing, "two parts");
    refused(arena_printf(a, "%s.", signing), "an empty signature");
    refused(arena_printf(a, "%s.x", good), "four parts");
    refused(arena_printf(a, ".%s", middle), "an empty header");
    refused(arena_printf(a, "%s.%s", head, end), "empty claims");
    refused(arena_printf(a, "%s=", good), "padding");
    refused(arena_printf(a, "%s ", good), "a space after it");
    refused(arena_printf(a, " %s", good), "a space before it");
    refused(arena_printf(a, "%s\n", good), "a line end");
    refused(arena_printf(a, "%.*s", (int)strlen(good) - 1, good), "cut short");
    refused(arena_printf(a, "%s.%s", signing, "AAAA"), "a short signature");
    char *changed = arena_strdup(a, good);
    changed[strlen(head) + 20] ^= 1;
    refused(changed, "a changed claim");
    changed = arena_strdup(a, good);
    changed[strlen(signing) + 5] ^= 1;
    refused(changed, "a changed signature");
    changed = arena_strdup(a, good); /* the last two bits say nothing */
    char *last = &changed[strlen(changed) - 1];
    *last = (char)(*last == 'A' ? 'B' : *last + 1);
    refused(changed, "trailing bits");
    changed = arena_strdup(a, good);
    changed[strlen(signing) + 3] = '+';
    refused(changed, "another alphabet");
    refused(sealed(signing, KEY_B, EVP_sha256()), "signed by a stranger");
    refused(sealed(signing, "", EVP_sha256()), "signed by the empty key");
    refused(sealed(signing, KEY_A, EVP_sha512()), "signed with SHA-512");
    char *big = arena_alloc(a, TOKEN_BYTES + 200);
    memset(big, 'a', TOKEN_BYTES + 100);
    refused(big, "too long");
    refused(token(HEAD, arena_printf(a, "{\"x\":\"%.*s\"}", TOKEN_BYTES, big)),
            "too long, signed");
    refused(sealed(arena_printf(a, "%s.%s", head, "e30="), KEY_A, EVP_sha256()),
            "padded claims, signed");
}

static void expired(void)
{
    const char *claims = claims_with("exp", at(-31));
    const char *iat = strstr(claims, "\"iat\":");
    claims = arena_printf(a, "%.*s\"iat\":5,\"exp\":%s}", (int)(iat - claims),
                          claims, at(-31));
    tap_is_int(check(token(HEAD, claims)), ERR_TOKEN_EXPIRED, "expired");
    struct token_claims c = {.user_id = 1};
    tap_is_int(token_check(a, token(HEAD, claims), &c), ERR_TOKEN_EXPIRED,
               "expired again");
    tap_is_int(c.user_id, 0, "and tells nothing of whom");
}

static void accepted(void)
{
    struct token_claims in = {.user_id = 9223372036854775807,
                              .tenant_id = 12,
                              .version = 3,
                              .role = "operator",
                              .session = "s-1_Z"};
    struct token_claims out;
    const char *jwt;
    tap_is_int(token_issue(a, &in, &jwt), OK, "a token is issued");
    tap_is_int(token_check(a, jwt, &out), OK, "and read");
    tap_ok(out.user_id == in.user_id && out.tenant_id == 12 && out.version == 3,
           "its numbers");
    tap_is_str(out.role, "operator", "its role");
    tap_is_str(out.session, "s-1_Z", "its session");
    tap_is_int(out.expires_s - out.issued_s, 1800, "good for 30 minutes");
    tap_ok(token_lifetime_s() == 1800, "as it says");
    tap_is_int(check(token(HEAD, claims_with("nbf", at(0)))), OK, "nbf now");
    tap_is_int(check(token(HEAD, claims_with("jti", "\"x\""))), OK,
               "a claim that we do not know");
    tap_is_int(check(token("{\"typ\":\"at+jwt\",\"alg\":\"HS256\",\"kid\":"
                           "\"k1\"}",
                           claims_with(NULL, NULL))),
               OK, "typ at+jwt, members in another order");
}

static bool refuses(const char *key, const char *value, const char *says)
{
    setenv(key, value, 1);
    const char *bad = conf_init();
    bad = bad ? bad : token_init();
    tap_ok(bad && strstr(bad, says), "%s=%s: %s", key, value,
           bad ? bad : "(accepted)");
    bool off = !token_ready();
    unsetenv(key);
    return off;
}

static void begin(const char *keys)
{
    setenv("JWT_SECRET_KEY", keys, 1);
    tap_ok(!conf_init() && !token_init() && token_ready(), "keys are taken");
}

static void rotation(void)
{
    const struct token_claims c = {
        .user_id = 5, .tenant_id = 6, .role = "user", .session = "1"};
    const char *old, *new;
    begin("k1:" KEY_A);
    tap_is_int(token_issue(a, &c, &old), OK, "signed by the old key");
    begin("k2:" KEY_B ",k1:" KEY_A);
    tap_is_int(token_issue(a, &c, &new), OK, "signed by the new key");
    tap_ok(check(old) == OK && check(new) == OK, "both are good");
    begin("k2:" KEY_B);
    tap_ok(check(old) == ERR_TOKEN_INVALID && check(new) == OK,
           "the old key is gone");
    begin("k1:" KEY_B);
    refused(old, "the same name, another key");
    begin(KEY_A);
    tap_is_int(token_issue(a, &c, &old), OK, "signed by a bare key");
    tap_ok(check(old) == OK && check(new) == ERR_TOKEN_INVALID, "and read");
    begin("k2:" KEY_B ",k1:" KEY_A);
    refused(old, "a derived name is not another's");
}

static void settings(void)
{
    struct token_claims c = {.role = "user", .session = "1"};
    const char *jwt;
    tap_ok(!conf_init() && !token_init() && !token_ready(), "no key: off");
    tap_is_int(token_issue(a, &c, &jwt), ERR_UNAVAILABLE, "issues nothing");
    refused("a.b.c", "anything");
    tap_ok(refuses("JWT_SECRET_KEY", "k1:short", "32 bytes"), "and is off");
    tap_ok(refuses("JWT_SECRET_KEY", "k1:" KEY_A ",k2:short", "32 bytes"),
           "and is off");
    refuses("JWT_SECRET_KEY", "k1:" KEY_A ",k1:" KEY_B, "twice");
    refuses("JWT_ALGORITHM", "none", "HS256");
    refuses("ALGORITHM", "RS256", "HS256");
    refuses("JWT_ISSUER", "", "empty");
    setenv("ENV", "prod", 1);
    refuses("JWT_SECRET_KEY", "change-me-0123456789-abcdefghijklmn", "sample");
    unsetenv("ENV");
    setenv("SECRET_KEY", KEY_A, 1);
    tap_ok(!conf_init() && !token_init() && token_ready(), "SECRET_KEY");
    unsetenv("SECRET_KEY");
}

int main(void)
{
    clearenv();
    a = arena_new(1 << 16);
    now_s = clock_now_ms() / 1000;
    settings();
    begin("k1:" KEY_A);
    accepted();
    refused_claims();
    refused_headers();
    refused_shapes();
    expired();
    rotation();
    arena_free(a);
    return tap_done();
}
