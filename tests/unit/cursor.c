/* lib/web/cursor.c: what it gives out it takes back; nothing else. */
#include "web/cursor.h"
#include <stdlib.h>
#include <string.h>
#include "base/conf.h"
#include "base/str.h"
#include "tap.h"

static struct arena *a;

static void keyed(const char *secret)
{
    setenv("JWT_SECRET_KEY", secret, 1);
    const char *bad = conf_init();
    tap_ok(!bad, "settings are taken");
}

static void round_trip(void)
{
    static const char *const keys[] = {"1", "9223372036854775807",
                                       "1700000000000000,0,5", "", "é|x"};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        const char *cursor = cursor_make(a, "users", keys[i]);
        tap_is_str(cursor_open(a, "users", cursor), keys[i], "there and back");
        tap_ok(strlen(cursor) <= CURSOR_BYTES &&
                   strspn(cursor, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
                                  "qrstuvwxyz0123456789-_") == strlen(cursor),
               "fits an address as it is");
        tap_ok(!cursor_open(a, "tenants", cursor), "and no other list");
    }
    char most[CURSOR_KEY_BYTES + 2];
    memset(most, 'k', sizeof most);
    most[CURSOR_KEY_BYTES] = '\0';
    tap_is_str(cursor_open(a, "l", cursor_make(a, "l", most)), most,
               "the longest key");
    most[CURSOR_KEY_BYTES] = 'k';
    most[CURSOR_KEY_BYTES + 1] = '\0';
    tap_ok(!cursor_make(a, "l", most), "a longer one is refused");
}

static void refused(void)
{
    static const char *const texts[] = {
        "", "A", "1", "AAAAAAAAAAAAAAAAAAAAAA", "nonsense", "=", "Li4v"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        tap_ok(!cursor_open(a, "users", texts[i]), "refused: '%s'", texts[i]);
    char *cursor = cursor_make(a, "users", "12345");
    int taken = 0;
    for (char *p = cursor; *p; p++) {
        const char was = *p;
        *p = was == 'A' ? 'B' : 'A';
        taken += cursor_open(a, "users", cursor) != NULL;
        *p = was;
    }
    tap_is_int(taken, 0, "no character of it may be another");
    tap_ok(!cursor_open(a, "users", arena_printf(a, "%sA", cursor)), "longer");
    cursor[strlen(cursor) - 1] = '\0';
    tap_ok(!cursor_open(a, "users", cursor), "shorter");
}

static void other_key(void)
{
    const char *cursor = cursor_make(a, "users", "7");
    keyed("k2:7731bc90de45fa627731bc90de45fa62");
    tap_ok(!cursor_open(a, "users", cursor), "made under another key");
}

int main(void)
{
    a = arena_new(4096);
    keyed("k1:a9d04b7c61f25e38a9d04b7c61f25e38");
    round_trip();
    refused();
    other_key();
    arena_free(a);
    return tap_done();
}
