/* lib/wire/api_key.c: keys that were made here pass, and nothing near. */
#include "wire/api_key.h"
#include <stdlib.h>
#include "base/conf.h"
#include "base/str.h"
#include "tap.h"

/* The checksum is Python's zlib.crc32 of the first 52 characters, in base62. */
static const char sample[] =
    "cpt_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg1cjivP";

static void refused(const char *text, const char *why)
{
    tap_ok(!api_key_ok(text), "%s", why);
}

static void shapes(struct arena *a)
{
    refused(NULL, "NULL");
    refused("", "nothing");
    refused("cpt_live_", "the start alone");
    refused("cpt_test_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg1cjivP",
            "another start");
    refused(arena_printf(a, "%s ", sample), "a blank behind");
    refused(arena_printf(a, " %s", sample), "a blank before");
    refused(arena_printf(a, "%s\n", sample), "a line end behind");
    refused(arena_printf(a, "%s%s", sample, sample), "twice");
    refused(arena_strndup(a, sample, API_KEY_LEN - 1), "one less");
    refused("CPT_LIVE_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg1cjivP",
            "the start in capitals");
    refused("cpt_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcde\xc3\xa9"
            "1cjivP",
            "a letter with an accent");
}

/* CRC-32 tells every change of one character and every swap of neighbours. */
static void slips(struct arena *a, const char *key)
{
    int passed = 0, swaps = 0;
    for (int i = 0; i < API_KEY_LEN; i++) {
        char *other = arena_strdup(a, key);
        other[i] = other[i] == 'x' ? 'y' : 'x';
        passed += api_key_ok(other);
        if (i + 1 == API_KEY_LEN || key[i] == key[i + 1])
            continue;
        other = arena_strdup(a, key);
        other[i] = key[i + 1];
        other[i + 1] = key[i];
        swaps += api_key_ok(other);
    }
    tap_is_int(passed, 0, "no key with one wrong character passes");
    tap_is_int(swaps, 0, "no key with two characters swapped passes");
}

static void hashes(struct arena *a)
{
    tap_ok(conf_init() == NULL, "settings");
    tap_is_str(api_key_hash(a, "abc"),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015"
               "ad",
               "SHA-256 without a pepper (FIPS 180-2, B.1)");
    setenv("API_KEY_PEPPER", "Jefe", 1);
    tap_ok(conf_init() == NULL, "a pepper");
    tap_is_str(api_key_hash(a, "what do ya want for nothing?"),
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec38"
               "43",
               "HMAC-SHA256 with one (RFC 4231, test case 2)");
    unsetenv("API_KEY_PEPPER");
}

int main(void)
{
    struct arena *a = arena_new(16384);
    tap_ok(api_key_ok(sample), "a key that was given out passes");
    shapes(a);
    slips(a, sample);
    int good = 0;
    for (int i = 0; i < 200; i++)
        good += api_key_ok(api_key_new(a));
    tap_is_int(good, 200, "new keys pass");
    const char *one = api_key_new(a), *two = api_key_new(a);
    tap_ok(!str_eq(one, two), "two new keys differ");
    slips(a, one);
    tap_is_str(api_key_prefix(a, sample), "cpt_live_012", "first characters");
    tap_is_str(api_key_last(a, sample), "jivP", "last characters");
    tap_is_str(api_key_prefix(a, "ab"), "ab", "first of a short text");
    tap_is_str(api_key_last(a, "ab"), "ab", "last of a short text");
    hashes(a);
    arena_free(a);
    return tap_done();
}
