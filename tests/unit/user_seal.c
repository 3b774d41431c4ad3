/* lib/domain/user_seal.c: clear without keys, sealed with them, read alike. */
#include "domain/user_seal.h"
#include <stdlib.h>
#include "base/conf.h"
#include "base/str.h"
#include "seal_keys.h"
#include "tap.h"
#include "wire/seal.h"

int main(void)
{
    struct arena *a = arena_new(4096);
    const char *stored;
    clearenv();
    seal_keys_use("");
    tap_ok(!user_seal_value(a, "phone", 17, "+33123456789", &stored), "clear");
    tap_is_str(stored, "+33123456789", "without keys");
    tap_is_str(user_seal_clear(a, "phone", "17", stored), stored, "read");
    seal_keys_use("k1:" KEY_A);
    tap_is_str(user_seal_clear(a, "phone", "17", stored), stored,
               "what was clear stays readable");
    tap_ok(!user_seal_value(a, "phone", 17, NULL, &stored) && !stored,
           "NULL stays NULL");
    tap_ok(!user_seal_value(a, "phone", 17, "+33123456789", &stored) &&
               str_starts(stored, "s1.k1."),
           "sealed with keys");
    tap_is_str(user_seal_clear(a, "phone", "17", stored), "+33123456789",
               "and opened");
    tap_is_str(user_seal_clear(a, "phone", "18", stored), "",
               "not in another row");
    tap_is_str(user_seal_clear(a, "siret", "17", stored), "",
               "nor in another column");
    seal_keys_use("");
    tap_is_str(user_seal_clear(a, "phone", "17", stored), "",
               "nor without its key");
    arena_free(a);
    return tap_done();
}
