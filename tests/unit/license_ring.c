/* lib/wire/license_ring.c: what settings are taken, keys that change. */
#include "wire/license_ring.h"
#include <openssl/evp.h>
#include <openssl/pem.h>
#include "base/encode.h"
#include "base/str.h"
#include "license_rings.h"
#include "tap.h"

static struct bytes text_bytes(const char *s)
{
    return (struct bytes){(const uint8_t *)s, strlen(s)};
}

static void settings(struct arena *a)
{
    static const struct {
        const char *key, *value, *says;
    } rows[] = {
        {"LICENSE_SECRET", "short", "LICENSE_SECRET must be at least 32"},
        {"LICENSE_SECRET", "", "go together"},
        {"LICENSE_ENC_KEY", "", "go together"},
        {"LICENSE_ENC_KEY", "c2hvcnQ=", "LICENSE_ENC_KEY must be 32 bytes"},
        {"LICENSE_SIGNING_KEY", "c2hvcnQ=", "LICENSE_SIGNING_KEY is not 32"},
        {"LICENSE_SIGNING_KEY", "a b:" RING_SEED, "has a kid"},
        {"LICENSE_SIGNING_KEY", ":" RING_SEED, "has a kid"},
        {"LICENSE_SIGNING_KEY", "k:" RING_SEED ",k:" RING_PUBLIC, "same kid"},
        {"LICENSE_SIGNING_KEY", "-----BEGIN X-----", "no private key"},
        {"LICENSE_PUBLIC_KEYS", "k:" RING_SEED "A", "LICENSE_PUBLIC_KEYS is"},
    };
    const struct license_ring *r;
    tap_ok(!rings_load(a, "2026:" RING_SEED, "", &r), "good settings");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *before = arena_strdup(a, getenv(rows[i].key));
        setenv(rows[i].key, rows[i].value, 1);
        const char *bad = conf_init();
        bad = bad ? bad : license_ring_load(a, &r);
        tap_ok(bad && strstr(bad, rows[i].says), "%s: %s", rows[i].key,
               bad ? bad : "(taken)");
        tap_ok(!bad || !*rows[i].value || !strstr(bad, rows[i].value),
               "the sentence does not hold the value");
        setenv(rows[i].key, before, 1);
    }
}

/* Two keys in turn: what the old one signed stays good as long as its public
 * part is listed. */
static void rotation(struct arena *a)
{
    static const char next[] = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const struct license_ring *old, *both, *later, *gone;
    const struct license_ring_key *keys;
    struct bytes got;
    const char *kid;
    tap_ok(!rings_load(a, "2025:" RING_SEED, "", &old), "the old key");
    const char *text = license_ring_sign(a, old, "lic1", text_bytes("x"));
    tap_ok(!rings_load(a, arena_printf(a, "2026:%s,2025:%s", next, RING_SEED),
                       "", &both),
           "a new one before it");
    tap_is_str(license_ring_kid(both), "2026", "the first signs");
    tap_is_int(license_ring_list(both, &keys), 2, "two keys are listed");
    tap_ok(keys[0].signs && !keys[1].signs, "one of them signs");
    tap_ok(license_ring_open(a, both, "lic1", text, &got, &kid) &&
               str_eq(kid, "2025") && got.n == 1,
           "the old text is good");
    tap_ok(!rings_load(a, arena_printf(a, "2026:%s", next), "2025:" RING_PUBLIC,
                       &later),
           "the old private key is gone, its public one listed");
    tap_ok(license_ring_open(a, later, "lic1", text, &got, &kid),
           "the old text is still good");
    tap_ok(!rings_load(a, arena_printf(a, "2026:%s", next), "", &gone),
           "without it");
    tap_ok(!license_ring_open(a, gone, "lic1", text, &got, &kid),
           "the old text is refused");
    tap_ok(!rings_load(a, "", RING_PUBLIC, &later) && !license_ring_kid(later),
           "a ring that only checks");
    tap_ok(!license_ring_sign(a, later, "lic1", text_bytes("x")),
           "signs nothing");
    tap_ok(license_ring_open(a, later, "lic1", text, &got, &kid) &&
               str_eq(kid, "21fe31df"),
           "and names a key without kid by its hash");
}

static void pem(struct arena *a)
{
    const struct license_ring *r;
    struct bytes got;
    const char *kid;
    char *p = NULL;
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    EVP_PKEY *other = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
    BIO *bio = BIO_new(BIO_s_mem()), *wrong = BIO_new(BIO_s_mem());
    tap_ok(
        PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) &&
            PEM_write_bio_PrivateKey(wrong, other, NULL, NULL, 0, NULL, NULL),
        "two keys in PEM");
    size_t n = (size_t)BIO_get_mem_data(bio, &p);
    tap_ok(!rings_load(a, arena_strndup(a, p, n), "", &r), "PEM is taken");
    const char *text = license_ring_sign(a, r, "lic1", text_bytes("{}"));
    tap_ok(text && license_ring_open(a, r, "lic1", text, &got, &kid), "signs");
    n = (size_t)BIO_get_mem_data(wrong, &p);
    const char *bad = rings_load(a, arena_strndup(a, p, n), "", &r);
    tap_ok(bad && strstr(bad, "no Ed25519"), "another kind of key is not");
    BIO_free(bio);
    BIO_free(wrong);
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
}

/* RFC 8032, 7.1, test 1: the public key of that secret key. */
static void published(struct arena *a)
{
    const struct license_ring *r;
    const struct license_ring_key *keys;
    tap_ok(!rings_load(a, RING_SEED, "", &r), "the RFC's key");
    tap_is_int(license_ring_list(r, &keys), 1, "one key");
    tap_is_str(encode_hex(a, keys[0].public_key, 32),
               "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f70751"
               "1a",
               "its public key");
    tap_is_str(keys[0].kid, "21fe31df", "its kid");
}

static void kinds(struct arena *a)
{
    const struct license_ring *r;
    struct bytes got;
    const char *kid;
    tap_ok(!rings_load(a, RING_SEED, "", &r), "a ring");
    const char *lease = license_ring_sign(a, r, "lea1", text_bytes("{}"));
    tap_ok(license_ring_open(a, r, "lea1", lease, &got, &kid), "a lease");
    tap_ok(!license_ring_open(a, r, "lic1", lease, &got, &kid),
           "is no licence");
    char *other = arena_strdup(a, lease);
    memcpy(other, "lic1", 4);
    tap_ok(!license_ring_open(a, r, "lic1", other, &got, &kid),
           "nor is it one by another name");
    tap_ok(!license_ring_open(a, r, "lea1", "lea1..", &got, &kid), "empty");
}

int main(void)
{
    struct arena *a = arena_new(16384);
    published(a);
    settings(a);
    rotation(a);
    pem(a);
    kinds(a);
    const struct license_ring *none;
    clearenv();
    tap_ok(!conf_init() && !license_ring_load(a, &none), "no setting at all");
    uint8_t mac[LICENSE_RING_MAC] = {0};
    tap_ok(!license_ring_mac(none, text_bytes("x"), mac) &&
               !license_ring_mac_ok(none, text_bytes("x"), mac),
           "then nothing is made or accepted");
    arena_free(a);
    return tap_done();
}
