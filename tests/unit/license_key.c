/* lib/wire/license_key.c: keys made elsewhere (Python's cryptography, by the
 * source's own generator), keys made here, and everything beside them. */
#include "wire/license_key.h"
#include "base/encode.h"
#include "base/str.h"
#include "license_rings.h"
#include "tap.h"

static const char hex_key[] =
    "67414141414142705650624141414543417751464267634943516f4c4441304f4434497151"
    "6e68637148793971467a74465152374c496a4e563557594830385744796679743057693573"
    "4e"
    "554f717169356544525942505864353159525978377638334c365f344b464738696b485158"
    "43"
    "5341614745554763354d4e6b5478425f6b6c655f426476743842764966746b642d31305275"
    "53"
    "2d2d587663565276316a626f65414c566c776278494f56366462496d495655643641367133"
    "33"
    "366f73394d454261682d3632334853737234365a6661335641525056336b6735717a4c3366"
    "59"
    "51704e62486c68433356684577586d43565a73773d:"
    "5de05c7ba65cdab6b58bd8396e367fadce219e14d5f229b53fe63d871dc170de";
static const char signed_key[] =
    "lic1."
    "eyJpZCI6NDUsImNsaWVudCI6IlNvY2nDqXTDqSDDiSIsInBsYW4iOiJwcm8iLCJxdW90YS"
    "I6NTAwLCJpYXQiOjE3NjcxNzU4NzIsImV4cCI6MTc5ODcxMTg3MiwiZ3JhY2UiOjI1OTIwMCwi"
    "a2lkIjoiMjAyNiJ9.vL49dvpoSRXbLk4K_f-"
    "LK0iTpAzOTqCP26iK61oggeX83elPGhq532L4A-"
    "FAAAG9NSf95G2TQQn8KJ4hpe8HDg";

static const struct license_ring *ring;

static bool reads(struct arena *a, const char *text)
{
    struct license_key k;
    return license_key_read(a, ring, text, &k);
}

static void made_elsewhere(struct arena *a)
{
    struct license_key k;
    tap_ok(license_key_read(a, ring, hex_key, &k), "the source's form");
    tap_is_int(k.form, LICENSE_FORM_HEX, "is told");
    tap_is_str(k.client, "Société É", "client");
    tap_is_int(k.expires_s, 1798711872, "expiry");
    tap_is_int(k.created_s, 1767175872, "created");
    tap_ok(license_key_read(a, ring, signed_key, &k), "the signed form");
    tap_is_int(k.form, LICENSE_FORM_SIGNED, "is told");
    tap_is_int(k.id, 45, "id");
    tap_is_str(k.client, "Société É", "client");
    tap_is_str(k.plan, "pro", "plan");
    tap_is_int(k.quota, 500, "quota");
    tap_is_int(k.grace_s, 259200, "grace");
    tap_is_str(k.kid, "2026", "kid");
    tap_ok(license_key_read(a, ring, "lic_abc123", &k), "the source's id");
    tap_is_int(k.form, LICENSE_FORM_OPAQUE, "is told");
}

static void made_here(struct arena *a)
{
    struct license_key facts = {.client = "Café \"du coin\" \\ fils",
                                .created_s = 1767175872,
                                .expires_s = 1798711872,
                                .id = 7,
                                .quota = 100,
                                .grace_s = 3600,
                                .plan = "basic"};
    struct license_key k;
    for (int f = 0; f < LICENSE_FORM_MAX; f++) {
        facts.form = (enum license_form)f;
        const char *word = license_form_name(facts.form);
        const char *text = license_key_new(a, ring, &facts);
        tap_ok(text && license_key_read(a, ring, text, &k), "%s: made", word);
        tap_is_int(k.form, f, "%s: form", word);
        if (f != LICENSE_FORM_OPAQUE)
            tap_ok(str_eq(k.client, facts.client) &&
                       k.expires_s == facts.expires_s &&
                       k.created_s == facts.created_s,
                   "%s: facts return", word);
        if (f != LICENSE_FORM_SIGNED)
            tap_ok(!str_eq(text, license_key_new(a, ring, &facts)),
                   "%s: no two are alike", word);
    }
    facts.form = LICENSE_FORM_SIGNED;
    facts.expires_s = facts.created_s;
    tap_ok(!license_key_new(a, ring, &facts), "one that ends at once is not");
    facts.expires_s++;
    facts.client = "a\nb";
    tap_ok(!license_key_new(a, ring, &facts), "nor a client of two lines");
    facts.client = arena_printf(a, "%0201d", 0);
    tap_ok(!license_key_new(a, ring, &facts), "nor one of 201 bytes");
    facts.client = "bad \xff";
    tap_ok(!license_key_new(a, ring, &facts), "nor one that is no UTF-8");
}

static void shapes(struct arena *a)
{
    static const char *const rows[] = {"",
                                       " ",
                                       ":",
                                       "::",
                                       "lic",
                                       "lic_",
                                       "lic_abc12",
                                       "lic_abc 123",
                                       "LIC_abc123",
                                       "lic_abc/123",
                                       "lic_éabc123",
                                       "lic1",
                                       "lic1.",
                                       "lic1..",
                                       "lic1.e30.",
                                       "lic1.e30.AAAA",
                                       "lic2.e30.A",
                                       "ab:cd",
                                       "zz:",
                                       "00:00",
                                       "' OR 1=1 --",
                                       "cpt_live_0123456789"};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tap_ok(!reads(a, rows[i]), "refused: \"%s\"", rows[i]);
    tap_ok(!reads(a, NULL), "refused: NULL");
    const char *cut = arena_strndup(a, hex_key, sizeof hex_key - 66);
    const char *mac = strchr(hex_key, ':') + 1;
    const struct {
        const char *text, *why;
    } made[] = {
        {cut, "hex without its MAC"},
        {arena_printf(a, "%s:%s", cut, mac + 2), "a MAC cut short"},
        {arena_printf(a, "%s:%s00", cut, mac), "a MAC too long"},
        {arena_printf(a, ":%s", mac), "a MAC alone"},
        {arena_printf(a, "%s::%s", cut, mac), "two colons"},
        {arena_printf(a, "%.*s:%s", (int)strlen(cut) - 1, cut, mac), "odd hex"},
        {arena_printf(a, "%s ", hex_key), "a blank behind"},
        {"lic_abc123\n", "a line end behind"},
        {arena_printf(a, " %s", hex_key), "a blank before"},
        {arena_printf(a, "%s.", signed_key), "a dot behind"},
        {arena_printf(a, "%s=", signed_key), "padding behind"},
        {arena_printf(a, "%s%s", signed_key, signed_key), "twice"},
        {arena_printf(a, "lic_%0121d", 0), "an id that is too long"},
        {arena_printf(a, "lic1.%02040d", 0), "over 2 KiB"},
    };
    for (size_t i = 0; i < ARRAY_LEN(made); i++)
        tap_ok(!reads(a, made[i].text), "refused: %s", made[i].why);
    char *upper = arena_strdup(a, hex_key);
    for (char *s = upper; *s; s++)
        *s = (char)(*s >= 'a' && *s <= 'f' ? *s - 32 : *s);
    tap_ok(!reads(a, upper), "refused: hex in capitals (one text a key)");
}

static void changed(struct arena *a, const char *key, const char *what)
{
    int passed = 0;
    for (size_t i = 0; key[i]; i++) {
        char *other = arena_strdup(a, key);
        other[i] = other[i] == '0' ? '1' : '0';
        passed += reads(a, other);
    }
    tap_is_int(passed, 0, "%s: no character may change", what);
}

/* Rightly signed, and still not what a licence says. */
static void insides(struct arena *a)
{
    static const char head[] = "{\"id\":1,\"client\":\"c\",\"plan\":\"p\",";
    static const char *const rows[] = {
        "\"quota\":1,\"iat\":1,\"exp\":2,\"grace\":0,\"kid\":\"2025\"}",
        "\"quota\":1,\"iat\":1,\"exp\":2,\"grace\":0}",
        "\"quota\":1,\"iat\":1,\"exp\":2,\"grace\":0,\"kid\":7}",
        "\"quota\":-1,\"iat\":1,\"exp\":2,\"grace\":0,\"kid\":\"2026\"}",
        "\"quota\":1.5,\"iat\":1,\"exp\":2,\"grace\":0,\"kid\":\"2026\"}",
        "\"quota\":\"1\",\"iat\":1,\"exp\":2,\"grace\":0,\"kid\":\"2026\"}",
        "\"quota\":true,\"iat\":1,\"exp\":2,\"grace\":0,\"kid\":\"2026\"}",
        "\"quota\":1,\"iat\":2,\"exp\":2,\"grace\":0,\"kid\":\"2026\"}",
        "\"quota\":1,\"iat\":3,\"exp\":2,\"grace\":0,\"kid\":\"2026\"}",
        "\"quota\":1,\"iat\":-1,\"exp\":2,\"grace\":0,\"kid\":\"2026\"}",
        "\"quota\":1,\"iat\":1,\"exp\":1e3,\"grace\":0,\"kid\":\"2026\"}",
        "\"quota\":1,\"iat\":1,\"exp\":253402300800,\"grace\":0,\"kid\":"
        "\"2026\""
        "}",
        "\"quota\":1,\"iat\":1,\"exp\":2,\"grace\":-1,\"kid\":\"2026\"}",
        "\"quota\":1,\"iat\":1,\"exp\":2,\"grace\":31622401,\"kid\":\"2026\"}",
        "\"quota\":1,\"iat\":1,\"exp\":2,\"grace\":0,\"kid\":\"2026\",\"x\":1}",
        "\"quota\":1,\"iat\":1,\"exp\":2,\"grace\":0,\"kid\":\"2026\",\"id\":"
        "2}",
        "\"quota\":1,\"iat\":1,\"exp\":2,\"grace\":0,\"kid\":\"2026\"} x",
        "\"quota\":1,\"iat\":1,\"exp\":2,\"grace\":0,\"kid\":\"2026\"",
        "\"quota\":1,\"iat\":1,\"exp\":2,\"grace\":0,\"KID\":\"2026\"}",
    };
    const char *good =
        "\"quota\":1,\"iat\":1,\"exp\":2,\"grace\":0,\"kid\":\"2026\"}";
    for (size_t i = 0; i <= ARRAY_LEN(rows); i++) {
        const char *s =
            arena_printf(a, "%s%s", head, i < ARRAY_LEN(rows) ? rows[i] : good);
        const struct bytes json = {(const uint8_t *)s, strlen(s)};
        const char *text = license_ring_sign(a, ring, "lic1", json);
        if (i == ARRAY_LEN(rows))
            tap_ok(reads(a, text), "signed and right");
        else
            tap_ok(!reads(a, text), "signed, refused: %s", rows[i]);
    }
    static const char *const others[] = {"", "[]", "null", "{}", "\"id\""};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        const struct bytes json = {(const uint8_t *)others[i],
                                   strlen(others[i])};
        tap_ok(!reads(a, license_ring_sign(a, ring, "lic1", json)),
               "signed, refused: %s", others[i]);
    }
}

static void times(struct arena *a)
{
    static const struct {
        const char *expiry;
        int64_t s; /* -1: refused */
    } rows[] = {
        {"2026-12-31T10:11:12.123456", 1798711872},
        {"2026-12-31T10:11:12", 1798711872},
        {"2026-12-31T10:11:12Z", 1798711872},
        {"2026-12-31T10:11:12.5+00:00", 1798711872},
        {"2028-02-29T00:00:00", 1835395200},
        {"2027-02-29T00:00:00", -1},
        {"2026-13-01T00:00:00", -1},
        {"2026-00-01T00:00:00", -1},
        {"2026-12-00T00:00:00", -1},
        {"2026-12-31", -1},
        {"2026-12-31 10:11:12", -1},
        {"2026-12-31T24:00:00", -1},
        {"2026-12-31T10:60:00", -1},
        {"2026-12-31T10:11:60", -1},
        {"2026-12-31T10:11:12.", -1},
        {"2026-12-31T10:11:12.1234567", -1},
        {"2026-12-31T10:11:12+01:00", -1},
        {"+026-12-31T10:11:12", -1},
        {"1969-12-31T10:11:12", -1},
        {"2026-1-31T10:11:12.12", -1},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *s =
            arena_printf(a,
                         "{\"client\":\"c\",\"expiry\":\"%s\",\"created\":"
                         "\"2020-01-01T00:00:00\"}",
                         rows[i].expiry);
        struct license_key k;
        bool good = license_key_from_json(
            a, LICENSE_FORM_HEX, (struct bytes){(const uint8_t *)s, strlen(s)},
            &k);
        tap_is_int(good ? k.expires_s : -1, rows[i].s, "time %s",
                   rows[i].expiry);
    }
}

int main(void)
{
    struct arena *a = arena_new(65536);
    enum license_form f;
    tap_ok(!rings_load(a, "2026:" RING_SEED, "", &ring), "settings");
    made_elsewhere(a);
    made_here(a);
    shapes(a);
    changed(a, hex_key, "hex");
    changed(a, signed_key, "signed");
    insides(a);
    times(a);
    tap_ok(license_form_from("hex", &f) && !license_form_from("pdf", &f),
           "words of forms");
    tap_is_str(license_key_hint(a, signed_key), "lic1…8HDg", "a hint");
    tap_is_str(license_key_hint(a, "lic_abc123"), "lic_…", "of a short key");
    tap_is_str(license_key_hash(a, "abc"), encode_sha256(a, "abc", 3), "hash");
    tap_ok(!rings_load(a, "", "", &ring) && !reads(a, signed_key) &&
               reads(a, hex_key),
           "without a public key no signed one is accepted");
    clearenv();
    tap_ok(!conf_init() && !license_ring_load(a, &ring) && !reads(a, hex_key) &&
               reads(a, "lic_abc123"),
           "without secrets no hex one is, an opaque one is");
    arena_free(a);
    return tap_done();
}
