/* lib/domain/audit_heads.c: what is signed is read back, whatever was changed
 * is refused. */
#include "domain/audit_heads.h"
#include <stdlib.h>
#include <string.h>
#include "base/conf.h"
#include "base/str.h"
#include "tap.h"

#define SEED_A "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define SEED_B "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="

static struct arena *a;

static const char *set(const char *signing, const char *public_keys)
{
    setenv("AUDIT_SIGNING_KEY", signing, 1);
    setenv("AUDIT_PUBLIC_KEYS", public_keys, 1);
    const char *bad = conf_init();
    return bad ? bad : audit_heads_init();
}

static const char *file(void)
{
    struct audit_head heads[] = {{.chain = 0, .seq = 12},
                                 {.chain = 3, .seq = 4000000000}};
    for (size_t i = 0; i < 2; i++) {
        memset(heads[i].hash, 'a' + (int)i, 64);
        heads[i].hash[64] = '\0';
    }
    const struct audit_heads h = {
        .made_at = "2026-11-28T00:00:00Z", .heads = heads, .n = 2};
    return audit_heads_write(a, &h);
}

static const char *problem(const char *text)
{
    struct audit_heads out;
    const char *bad = audit_heads_read(a, text, strlen(text), &out);
    return bad ? bad : "none";
}

static void round_trip(void)
{
    struct audit_heads out;
    tap_ok(!set("k1:" SEED_A, ""), "a key");
    const char *text = file();
    tap_ok(!audit_heads_read(a, text, strlen(text), &out), "read back");
    tap_ok(out.n == 2 && out.heads[1].chain == 3 &&
               out.heads[1].seq == 4000000000 && out.heads[1].hash[0] == 'b' &&
               str_eq(out.made_at, "2026-11-28T00:00:00Z"),
           "as it was");
    tap_ok(!strstr(text, SEED_A) && strstr(text, "\"kid\": \"k1\""),
           "names its key and does not hold it");
    tap_ok(!set("k2:" SEED_B ",k1:" SEED_A, ""), "another key signs");
    tap_is_str(problem(text), "none", "the older one still verifies");
}

/* text with the first `from` replaced. */
static const char *with(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    return at ? arena_printf(a, "%.*s%s%s", (int)(at - text), text, to,
                             at + strlen(from))
              : "";
}

static void refusals(void)
{
    tap_ok(!set("k1:" SEED_A, ""), "a key");
    const char *text = file();
    static const char *const changes[][3] = {
        {"\"seq\": 12", "\"seq\": 11",
         "its signature does not fit: it was changed"},
        {"2026-11-28", "2026-11-27",
         "its signature does not fit: it was changed"},
        {"aaaa", "aaab", "its signature does not fit: it was changed"},
        {"\"kid\": \"k1\"", "\"kid\": \"k9\"",
         "its key is neither in AUDIT_SIGNING_KEY nor in AUDIT_PUBLIC_KEYS"},
        {"\"signature\": \"", "\"signature\": \"A", "it is not signed"},
        {"\"signature\"", "\"other\"", "it is not signed"},
        {"\"format\"", "\"form\"", "it is no file of heads"},
        {"\"made_at\": \"", "\"made_at\": \"x",
         "it does not say when it was made"},
        {"\"seq\": 12", "\"seq\": \"12\"", "one of its heads is none"},
        {"aaaa", "aaAa", "one of its heads is none"},
        {"\"heads\": [", "\"headz\": [", "it holds no list of heads"},
    };
    for (size_t i = 0; i < ARRAY_LEN(changes); i++)
        tap_is_str(problem(with(text, changes[i][0], changes[i][1])),
                   changes[i][2], "%s", changes[i][1]);
    tap_is_str(problem(""), "it is no file of heads", "nothing");
    tap_is_str(problem("[1]"), "it is no file of heads", "a list");
    tap_ok(!set("k1:" SEED_B, ""), "another key of that name");
    tap_is_str(problem(text), "its signature does not fit: it was changed",
               "is not the one");
}

static void settings(void)
{
    tap_ok(!set("", ""), "no key is well");
    tap_ok(!file(), "but signs nothing");
    tap_is_str(set("k1:short", ""),
               "AUDIT_SIGNING_KEY must hold keys of 32 bytes in base64.",
               "a short key");
    tap_is_str(set("", "k1:short"),
               "AUDIT_PUBLIC_KEYS must hold keys of 32 bytes in base64.",
               "a short public one");
    tap_ok(!set(SEED_A, ""), "a key without a name");
    const char *text = file();
    const char *at = strstr(text, "\"public_key\": \"");
    const char *key = at ? arena_strndup(a, at + 15, 43) : "";
    const char *kid = arena_strndup(a, strstr(text, "\"kid\": \"") + 8, 8);
    tap_ok(!set("", key), "its public half alone");
    tap_is_str(problem(text), "none", "verifies, under the same name");
    tap_ok(!set("", arena_printf(a, "%s:%s", kid, key)), "named");
    tap_is_str(problem(text), "none", "as well");
    tap_ok(!file(), "and cannot sign");
}

int main(void)
{
    a = arena_new(4096);
    round_trip();
    refusals();
    settings();
    arena_free(a);
    return tap_done();
}
