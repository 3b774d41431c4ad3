/* lib/wire/fernet.c: the vectors of the specification (fernet/spec,
 * generate.json, verify.json, invalid.json) and what lies beside them. */
#include "wire/fernet.h"
#include "base/encode.h"
#include "base/str.h"
#include "tap.h"

static const char spec_token[] =
    "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJo"
    "bwOz7JcbmrR64jVmpU4IwqDA==";
static uint8_t key[FERNET_KEY];

static bool opens(struct arena *a, const char *token, struct bytes *out)
{
    return fernet_open(a, key, token, strlen(token), out);
}

/* The specification's invalid tokens: each fails for the reason it names. */
static void invalid(struct arena *a)
{
    static const struct {
        const char *token, *why;
    } rows[] = {
        {"gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-"
         "szkFVzXTuGb4h"
         "R8AKtwcaX1YdykQUFBQUFBQUFBQQ==",
         "incorrect mac"},
        {"gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPA==",
         "too short"},
        {"%%%%%%%%%%%%%AECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-"
         "szkFVzXTuGb4h"
         "R8AKtwcaX1YdykRtfsH-p1YsUD2Q==",
         "invalid base64"},
        {"gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-"
         "fWPOm73QeoCk9uGib28X"
         "e5vz6oxq5nmxbx_v7mrfyudzUm",
         "payload size not multiple of block size"},
        {"gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0ODz4LEpdELGQAad7aNEHbf-"
         "JkLPIpuiYRLQ3RtX"
         "atOYREu2FWke6CnJNYIbkuKNqOhw==",
         "payload padding error"},
        {"", "nothing"},
        {"====", "padding alone"},
    };
    struct bytes out;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tap_ok(!opens(a, rows[i].token, &out), "refused: %s", rows[i].why);
}

static void changed(struct arena *a)
{
    struct bytes out;
    int passed = 0;
    for (size_t i = 0; i < sizeof spec_token - 1; i++) {
        char *other = arena_strdup(a, spec_token);
        other[i] = other[i] == 'A' ? 'B' : 'A';
        passed += opens(a, other, &out);
    }
    tap_is_int(passed, 0, "no token with one character changed opens");
    tap_ok(!fernet_open(a, key, spec_token, sizeof spec_token - 3, &out),
           "without its padding");
    uint8_t other[FERNET_KEY] = {1};
    tap_ok(!fernet_open(a, other, spec_token, sizeof spec_token - 1, &out),
           "under another key");
}

int main(void)
{
    struct arena *a = arena_new(16384);
    uint8_t iv[FERNET_IV];
    size_t n;
    for (uint8_t i = 0; i < FERNET_IV; i++)
        iv[i] = i;
    tap_ok(encode_from_base64url("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4",
                                 43, key, &n) &&
               n == FERNET_KEY,
           "the specification's key");
    const struct bytes hello = {(const uint8_t *)"hello", 5};
    struct bytes out = {0};
    tap_is_str(fernet_seal(a, key, iv, 499162800, hello), spec_token,
               "generate.json");
    tap_ok(opens(a, spec_token, &out) && out.n == 5 &&
               memcmp(out.p, "hello", 5) == 0,
           "verify.json");
    invalid(a);
    changed(a);
    uint8_t *large = arena_alloc(a, FERNET_MOST);
    tap_ok(!fernet_seal(a, key, iv, 0, (struct bytes){large, FERNET_MOST}),
           "more than fits is refused");
    const char *most = fernet_seal(a, key, iv, 0, (struct bytes){large, 1000});
    tap_ok(most && opens(a, most, &out) && out.n == 1000, "1,000 bytes return");
    const char *none = fernet_seal(a, key, iv, 0, (struct bytes){large, 0});
    tap_ok(none && opens(a, none, &out) && out.n == 0, "so does nothing");
    arena_free(a);
    return tap_done();
}
