/* lib/wire/webhook_sign.c: published vectors, and the same by openssl dgst. */
#include "wire/webhook_sign.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/auto.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/str.h"
#include "tap.h"

static struct arena *a;
static const char *headers[WEBHOOK_SIGN_HEADERS];
static size_t n;

static const char *settings(const char *secret, const char *token)
{
    setenv("WEBHOOK_SECRET", secret, 1);
    setenv("WEBHOOK_TOKEN", token, 1);
    const char *bad = conf_init();
    return bad ? bad : webhook_sign_init();
}

static struct bytes text(const char *s)
{
    return (struct bytes){(const uint8_t *)s, strlen(s)};
}

static const char *header(const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (str_starts(headers[i], name))
            return headers[i] + strlen(name) + 2;
    return "none";
}

/* Hex HMAC-SHA256 by the openssl program; the key goes as hex. */
static const char *by_openssl(struct bytes key, const char *head,
                              struct bytes body)
{
    char path[] = "/tmp/webhook_sign-XXXXXX";
    char line[512] = "";
    AUTO_FD fd = mkstemp(path);
    if (write(fd, head, strlen(head)) < 0 || write(fd, body.p, body.n) < 0)
        return "";
    const char *command =
        arena_printf(a, "openssl dgst -sha256 -mac HMAC -macopt hexkey:%s %s",
                     encode_hex(a, key.p, key.n), path);
    FILE *out = popen(command, "r");
    const bool got = out && fgets(line, sizeof line, out);
    if (out)
        pclose(out);
    unlink(path);
    line[strcspn(line, "\n")] = '\0';
    const char *hex = got ? strstr(line, "= ") : NULL;
    return hex ? arena_strdup(a, hex + 2) : "";
}

static void published(void)
{
    tap_ok(!settings("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", ""), "a secret");
    n = webhook_sign_headers(a, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                             text("{\"test\": 2432232314}"), headers);
    tap_is_str(header("webhook-signature"),
               "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
               "the vector of Standard Webhooks");
    tap_is_str(header("webhook-id"), "msg_p5jXN8AQM9LWM0D4loKWxJek", "its id");
    tap_is_str(header("webhook-timestamp"), "1614265330", "its time");
    tap_is_str(header("Authorization"), "none", "no token, no header");
    tap_ok(!settings("It's a Secret to Everybody", "tok-1"), "another");
    n = webhook_sign_headers(a, "x", 1, text("Hello, World!"), headers);
    tap_is_str(header("X-Webhook-Signature"),
               "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c"
               "8b043e17",
               "the vector that GitHub publishes for this form");
    tap_is_str(header("Authorization"), "Bearer tok-1", "the token");
}

static struct bytes from_hex(const char *hex)
{
    const size_t bytes = strlen(hex) / 2;
    uint8_t *out = arena_alloc(a, bytes + 1);
    for (size_t i = 0; i < bytes; i++) {
        const char pair[] = {hex[i * 2], hex[i * 2 + 1], '\0'};
        out[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return (struct bytes){out, bytes};
}

static void compare(const char *setting, struct bytes key, struct bytes body,
                    int i)
{
    const char *id = arena_printf(a, "evt_%d_success", i);
    const int64_t at = 1790000000 + i;
    tap_ok(!settings(setting, ""), "secret %d", i);
    n = webhook_sign_headers(a, id, at, body, headers);
    const char *hex =
        by_openssl(key, arena_printf(a, "%s.%lld.", id, (long long)at), body);
    const struct bytes mac = from_hex(hex);
    tap_is_str(header("webhook-signature"),
               arena_printf(a, "v1,%s", encode_base64(a, mac.p, mac.n)),
               "openssl dgst says the same, %d", i);
    tap_is_str(
        header("X-Webhook-Signature"),
        arena_printf(a, "sha256=%s", by_openssl(text(setting), "", body)),
        "and of the body alone, %d", i);
}

static void by_hand(void)
{
    static const struct {
        size_t key, body;
        bool raw;
    } sizes[] = {{24, 0, false},      {32, 1, false},    {64, 4096, false},
                 {33, 100000, false}, {40, 65537, true}, {8, 777, true},
                 {25, 63, false},     {100, 64, true}};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        uint8_t *key = arena_alloc(a, sizes[i].key);
        uint8_t *body = arena_alloc(a, sizes[i].body + 1);
        for (size_t j = 0; j < sizes[i].key; j++)
            key[j] =
                (uint8_t)(sizes[i].raw ? 'a' + (i + j * 7) % 26 : i + j * 7);
        for (size_t j = 0; j < sizes[i].body; j++)
            body[j] = (uint8_t)(i + j * 31);
        const char *setting =
            sizes[i].raw ? arena_strndup(a, (char *)key, sizes[i].key)
                         : arena_printf(a, "whsec_%s",
                                        encode_base64(a, key, sizes[i].key));
        compare(setting, (struct bytes){key, sizes[i].key},
                (struct bytes){body, sizes[i].body}, (int)i);
    }
}

static void rotation(void)
{
    const char *older = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const struct bytes body = text("{}");
    tap_ok(!settings("newest-secret-of-the-desk", ""), "the new one");
    n = webhook_sign_headers(a, "i", 7, body, headers);
    const char *first = header("webhook-signature");
    const char *hex = header("X-Webhook-Signature");
    tap_ok(!settings(older, ""), "the old one");
    n = webhook_sign_headers(a, "i", 7, body, headers);
    const char *second = header("webhook-signature");
    tap_ok(
        !settings(arena_printf(a, "newest-secret-of-the-desk, %s", older), ""),
        "both");
    n = webhook_sign_headers(a, "i", 7, body, headers);
    tap_is_str(header("webhook-signature"),
               arena_printf(a, "%s %s", first, second),
               "both signatures, the newest first");
    tap_is_str(header("X-Webhook-Signature"), hex, "the newest alone");
}

static void refused(void)
{
    static const char *const bad[] = {
        "whsec_",
        "whsec_AAAA",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
        "whsec_????????????????????????????????",
        "a,b,c,d,e",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La====",
        "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        tap_ok(settings(bad[i], "") != NULL, "no secret: %s", bad[i]);
    tap_ok(settings("", "a b") != NULL, "no token with a space");
    tap_ok(settings("", "a\r\nX: y") != NULL, "nor with a line");
    tap_ok(!settings("", ""), "neither is needed");
    n = webhook_sign_headers(a, "i", 7, text("{}"), headers);
    tap_is_int((int64_t)n, 2, "then id and time alone");
    setenv("ENV", "prod", 1);
    tap_ok(settings("too-short-for-that", "") != NULL, "short ones in prod");
    tap_ok(settings("change-me-change-me-change-me-x", "") != NULL, "samples");
    tap_ok(!settings("9f1c2b7d4e8a6053c1d2e3f405162738", ""), "a good one");
}

int main(void)
{
    a = arena_new(65536);
    published();
    by_hand();
    rotation();
    refused();
    arena_free(a);
    return tap_done();
}
