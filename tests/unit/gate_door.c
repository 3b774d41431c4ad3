/* The doors without a database: what is refused before one is asked. */
#include "web/gate_door.h"
#include <stdlib.h>
#include "base/conf.h"
#include "fake_req.h"
#include "tap.h"
#include "wire/api_key.h"
#include "wire/token.h"

static struct arena *a;

static enum err by_key(struct fake *f, const char *key)
{
    fake_init(f, a);
    return gate_door_key(&f->r, key);
}

static void static_keys(void)
{
    struct fake f;
    tap_is_int(by_key(&f, "first-key"), OK, "the first of API_KEY");
    tap_is_int(f.r.who.kind, PRINCIPAL_STATIC_KEY, "is a static key");
    tap_ok(strncmp(f.r.who.id, "key:", 4) == 0 && strlen(f.r.who.id) == 20,
           "known by the beginning of its hash: %s", f.r.who.id);
    tap_ok(!strstr(f.r.who.id, "first"), "not by itself");
    const char *id = arena_strdup(a, f.r.who.id);
    tap_is_int(by_key(&f, "second-key"), OK, "the second");
    tap_ok(strcmp(id, f.r.who.id) != 0, "is somebody else");
    static const char *const wrong[] = {"first-ke",    "first-keyx",
                                        "FIRST-KEY",   "first-key,second-key",
                                        " first-key",  "",
                                        "cpt_live_abc"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        tap_is_int(by_key(&f, wrong[i]), ERR_INVALID_API_KEY, "not '%s'",
                   wrong[i]);
        tap_is_int(f.r.who.kind, PRINCIPAL_ANON, "nobody");
    }
    char *lots = arena_alloc(a, 5001);
    memset(lots, 'x', 5000);
    tap_is_int(by_key(&f, lots), ERR_INVALID_API_KEY, "nor 5,000 bytes");
}

static void own_keys(void)
{
    struct fake f;
    char *key = api_key_new(a);
    tap_is_int(by_key(&f, key), ERR_UNAVAILABLE,
               "a user's key needs the database");
    key[20] = key[20] == 'a' ? 'b' : 'a';
    tap_is_int(by_key(&f, key), ERR_INVALID_API_KEY,
               "a mistyped one does not even ask it");
}

static enum err by_token(const char *authorization)
{
    struct fake f;
    fake_init(&f, a);
    return gate_door_token(&f.r, authorization);
}

static void tokens(void)
{
    tap_is_int(by_token("Basic dXNlcjpwYXNz"), ERR_UNAUTHORIZED,
               "another scheme");
    tap_is_int(by_token("Bearer"), ERR_UNAUTHORIZED, "no token");
    tap_is_int(by_token(""), ERR_UNAUTHORIZED, "nothing");
    tap_is_int(by_token("Bearer x.y.z"), ERR_TOKEN_INVALID, "no token of ours");
    tap_is_int(by_token("bearer x.y.z"), ERR_TOKEN_INVALID,
               "the scheme in any case");
}

int main(void)
{
    setenv("API_KEY", "first-key,second-key", 1);
    setenv("JWT_SECRET_KEY", "test:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c", 1);
    const char *bad = conf_init();
    if (!bad)
        bad = token_init();
    tap_ok(!bad, "conf %s", bad ? bad : "");
    a = arena_new(65536);
    gate_door_init();
    static_keys();
    own_keys();
    tokens();
    arena_free(a);
    return tap_done();
}
