/* lib/wire/seal.c: what is sealed opens in its place only, whole, and under
 * its key; keys rotate. */
#include "wire/seal.h"
#include <stdlib.h>
#include "base/conf.h"
#include "base/str.h"
#include "seal_keys.h"
#include "tap.h"

#define PHONE        ((struct sealed_at){SEALED_USERS_PHONE, "17"})
#define OTHER_ROW    ((struct sealed_at){SEALED_USERS_PHONE, "18"})
#define OTHER_COLUMN ((struct sealed_at){SEALED_USERS_VAT_NUMBER, "17"})
#define FOLDER       ((struct sealed_at){SEALED_BACKUP_FOLDER, "p"})
#define PART         ((struct sealed_at){SEALED_BLOB_PART, "p/1"})
#define OTHER_PART   ((struct sealed_at){SEALED_BLOB_PART, "p/2"})

static struct arena *a;

static struct bytes text(const char *s)
{
    return (struct bytes){(const uint8_t *)s, strlen(s)};
}

static void tampered(const char *sealed)
{
    struct bytes out;
    int opened = 0;
    char *copy = arena_strdup(a, sealed);
    for (size_t i = 6; copy[i]; i++) {
        char was = copy[i];
        copy[i] = was == 'A' ? 'B' : 'A';
        opened += seal_open(a, PHONE, copy, &out) == OK;
        copy[i] = was;
    }
    tap_is_int(opened, 0, "no changed character passes");
    for (size_t n = 0; n < strlen(sealed); n++)
        opened += seal_open(a, PHONE, arena_strndup(a, sealed, n), &out) == OK;
    tap_is_int(opened, 0, "no shortened text passes");
    tap_is_int(seal_open(a, OTHER_ROW, sealed, &out), ERR_INTERNAL,
               "another row");
    tap_is_int(seal_open(a, OTHER_COLUMN, sealed, &out), ERR_INTERNAL,
               "another column");
    tap_ok(!out.p && !out.n, "and gives nothing");
    tap_is_int(seal_open(a, FOLDER, "", &out), ERR_ENCRYPTION_UNCONFIGURED,
               "an empty text");
    tap_is_int(seal_open(a, FOLDER, "s1.k1.", &out), ERR_INTERNAL, "no bytes");
}

static void sealing(void)
{
    const char *one, *two;
    struct bytes out;
    tap_ok(!seal_keys_take("k1:" KEY_A) && seal_ready(), "one key");
    tap_ok(!seal_text(a, PHONE, text("+33 6 00"), &one) &&
               !seal_text(a, PHONE, text("+33 6 00"), &two),
           "sealed");
    tap_ok(str_starts(one, "s1.k1.") && !strstr(one, "33 6") &&
               !str_eq(one, two),
           "%s, never twice the same", one);
    tap_is_int(seal_open(a, PHONE, one, &out), OK, "opened");
    tap_is_str((const char *)out.p, "+33 6 00", "the text");
    tap_is_int(out.n, 8, "its length");
    tampered(one);
    tap_ok(
        !seal_text(a, FOLDER, (struct bytes){(const uint8_t *)"", 0}, &two) &&
            !seal_open(a, FOLDER, two, &out) && out.n == 0,
        "nothing is sealed and opened too");
    size_t big = 1 << 20;
    uint8_t *bytes = arena_alloc(a, big);
    memset(bytes, 0x5a, big);
    bytes[7] = 0;
    tap_ok(!seal_text(a, FOLDER, (struct bytes){bytes, big}, &two) &&
               !seal_open(a, FOLDER, two, &out) && out.n == big &&
               memcmp(out.p, bytes, big) == 0,
           "a mebibyte with a NUL in it");
    tap_ok(seal_is_current(one), "under the first key");
    tap_ok(!seal_keys_take("k2:" KEY_B ",k1:" KEY_A), "a new key in front");
    tap_ok(!seal_is_current(one) && !seal_open(a, PHONE, one, &out),
           "the old one still opens");
    tap_ok(!seal_text(a, FOLDER, text("x"), &two) && seal_is_current(two),
           "the new one seals");
    tap_ok(!seal_keys_take("k2:" KEY_B), "the old key is gone");
    tap_is_int(seal_open(a, PHONE, one, &out), ERR_ENCRYPTION_UNCONFIGURED,
               "its texts stay shut");
    tap_ok(!seal_keys_take("k1:" KEY_B), "its name for another key");
    tap_is_int(seal_open(a, PHONE, one, &out), ERR_INTERNAL,
               "does not open them");
}

/* Under k1 and k2 in front: sealed is "%PDF-1.7" in PART under kid. */
static void anew(const char *kid, struct bytes sealed)
{
    struct bytes again, out;
    const char *text_again, *old = "+33 6 00";
    tap_ok(str_eq(seal_kid_at(0), "k2") && str_eq(seal_kid_at(1), kid) &&
               !seal_kid_at(2),
           "the names of the keys");
    tap_ok(!seal_bytes_anew(a, kid, PART, sealed, &again) &&
               !seal_bytes_open(a, "k2", PART, again, &out) &&
               memcmp(out.p, "%PDF-1.7", 8) == 0,
           "sealed anew");
    tap_is_int(seal_bytes_anew(a, kid, OTHER_PART, sealed, &again),
               ERR_INTERNAL, "not for another place");
    tap_ok(!seal_bytes_anew(a, NULL, PART, text("clear"), &again) &&
               !seal_bytes_open(a, "k2", PART, again, &out) && out.n == 5,
           "and what was in clear");
    tap_ok(!seal_text_anew(a, PHONE, old, &text_again) &&
               seal_is_current(text_again) &&
               !seal_open(a, PHONE, text_again, &out) &&
               str_eq((const char *)out.p, old),
           "texts in clear, too");
    tap_ok(!seal_text_anew(a, PHONE, text_again, &text_again) &&
               !seal_open(a, PHONE, text_again, &out) &&
               str_eq((const char *)out.p, old),
           "and sealed ones");
    tap_is_int(seal_text_anew(a, OTHER_ROW, text_again, &text_again),
               ERR_INTERNAL, "in their own row alone");
}

static void binary(void)
{
    const char *kid;
    struct bytes sealed, out;
    tap_ok(!seal_keys_take("") && !seal_kid(), "bytes: no key, no kid");
    tap_is_int(seal_bytes(a, PART, text("x"), &sealed),
               ERR_ENCRYPTION_UNCONFIGURED, "bytes: nothing is sealed");
    tap_ok(!seal_keys_take("k1:" KEY_A), "a key");
    kid = arena_strdup(a, seal_kid());
    tap_is_str(kid, "k1", "its name");
    tap_ok(!seal_bytes(a, PART, text("%PDF-1.7"), &sealed) &&
               !memmem(sealed.p, sealed.n, "PDF", 3),
           "sealed");
    tap_ok(!seal_bytes_open(a, kid, PART, sealed, &out) && out.n == 8 &&
               memcmp(out.p, "%PDF-1.7", 8) == 0,
           "opened");
    tap_is_int(seal_bytes_open(a, kid, OTHER_PART, sealed, &out), ERR_INTERNAL,
               "in another place");
    tap_ok(!out.p && !out.n, "it gives nothing");
    tap_is_int(seal_bytes_open(a, "k9", PART, sealed, &out),
               ERR_ENCRYPTION_UNCONFIGURED, "under a key that is not here");
    tap_is_int(seal_bytes_open(a, kid, PART,
                               (struct bytes){sealed.p, sealed.n - 1}, &out),
               ERR_INTERNAL, "a byte short");
    tap_is_int(
        seal_bytes_open(a, kid, PART, (struct bytes){sealed.p, 27}, &out),
        ERR_INTERNAL, "shorter than a tag");
    tap_ok(!seal_keys_take("k2:" KEY_B ",k1:" KEY_A) &&
               !seal_bytes_open(a, kid, PART, sealed, &out),
           "the old key still opens");
    anew(kid, sealed);
}

static void own_key(void)
{
    static const uint8_t key[32] = {1, 2, 3}, other[32] = {1, 2, 4};
    static const uint8_t pdf[] = {'%', 'P', 0, 255, '\n', 0};
    const char *sealed;
    struct bytes clear;
    tap_ok(!seal_close(a, key, "session:1", (struct bytes){pdf, sizeof pdf},
                       &sealed) &&
               !seal_disclose(a, key, "session:1", sealed, &clear),
           "under a key of the caller's");
    tap_ok(clear.n == sizeof pdf && memcmp(clear.p, pdf, sizeof pdf) == 0 &&
               clear.p[clear.n] == 0,
           "the bytes, a NUL among them");
    tap_ok(!seal_close(a, key, "session:1", (struct bytes){0}, &sealed) &&
               !seal_disclose(a, key, "session:1", sealed, &clear) && clear.p &&
               clear.n == 0,
           "none at all");
    tap_is_int(seal_close(a, key, "session:1",
                          (struct bytes){pdf, SEAL_CLOSE_MAX + 1UL}, &sealed),
               ERR_TOO_LARGE, "more than may be");
    tap_ok(!seal_close(a, key, "session:1", (struct bytes){pdf, sizeof pdf},
                       &sealed),
           "again");
    tap_ok(seal_disclose(a, other, "session:1", sealed, &clear) && !clear.p,
           "another key");
    tap_ok(seal_disclose(a, key, "session:2", sealed, &clear), "another row");
    tap_ok(seal_disclose(a, key, "session:1", "s1.k1.AAAA", &clear),
           "another mark");
}

int main(void)
{
    static const char *const bad[] = {
        KEY_A,
        "k1:short",
        "k1:" KEY_A ",k1:" KEY_B,
        "-:" KEY_A,
        "k1:" KEY_A "=",
        "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==",
        "k1:" KEY_A ",k2:"};
    const char *sealed;
    clearenv();
    a = arena_new(1 << 16);
    tap_ok(!seal_keys_take("") && !seal_ready(), "no key");
    tap_is_int(seal_text(a, FOLDER, text("x"), &sealed),
               ERR_ENCRYPTION_UNCONFIGURED, "nothing is sealed");
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        tap_ok(seal_keys_take(bad[i]) && !seal_ready(), "refused: %s", bad[i]);
    sealing();
    binary();
    own_key();
    arena_free(a);
    return tap_done();
}
