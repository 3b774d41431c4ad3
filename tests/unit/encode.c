/* lib/base/encode.c: published vectors. */
#include "base/encode.h"
#include "tap.h"

static void url(struct arena *a)
{
    static const char *const bad[] = {"A",    "Zg==", "Zh",     "Zm9=", "Zm9v+",
                                      "Zm9/", "Z g",  "Zm9x\n", "Zm9vY"};
    uint8_t out[16];
    size_t n;
    tap_is_str(encode_base64url(a, "f", 1), "Zg", "base64url f");
    tap_is_str(encode_base64url(a, "foobar", 6), "Zm9vYmFy", "foobar");
    tap_is_str(encode_base64url(a, "\xfb\xff\xfe", 3), "-__-", "- and _");
    tap_ok(encode_from_base64url("Zm9vYg", 6, out, &n) && n == 4 &&
               memcmp(out, "foob", 4) == 0,
           "back");
    tap_ok(encode_from_base64url("", 0, out, &n) && n == 0, "of nothing");
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        tap_ok(!encode_from_base64url(bad[i], strlen(bad[i]), out, &n),
               "refused: %s", bad[i]);
}

int main(void)
{
    struct arena *a = arena_new(1024);
    tap_is_str(encode_hex(a, "\x00\xff\x10", 3), "00ff10", "hex");
    /* RFC 4648 section 10 */
    tap_is_str(encode_base64(a, "", 0), "", "base64 of nothing");
    tap_is_str(encode_base64(a, "f", 1), "Zg==", "base64 f");
    tap_is_str(encode_base64(a, "foobar", 6), "Zm9vYmFy", "base64 foobar");
    url(a);
    /* FIPS 180-2 appendix B.1 */
    tap_is_str(encode_sha256(a, "abc", 3),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015"
               "ad",
               "SHA-256 of abc");
    tap_ok(encode_secret_eq("clé", "clé"), "equal secrets");
    tap_ok(!encode_secret_eq("clé", "clé "), "a longer secret differs");
    tap_ok(!encode_secret_eq("", "x"), "an empty secret differs");
    unsigned char x[16] = {0}, y[16] = {0};
    encode_random(x, sizeof x);
    encode_random(y, sizeof y);
    tap_ok(memcmp(x, y, sizeof x) != 0, "random bytes differ");
    arena_free(a);
    return tap_done();
}
