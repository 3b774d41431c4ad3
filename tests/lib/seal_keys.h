/* DATA_KEYS for tests of what is sealed under them. */
#pragma once
#include <stdlib.h>
#include "base/conf.h"
#include "tap.h"
#include "wire/seal.h"

#define KEY_A "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define KEY_B "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA="

/* This process has these keys from now on: NULL, or why not. */
static inline const char *seal_keys_take(const char *keys)
{
    setenv("DATA_KEYS", keys, 1);
    const char *bad = conf_init();
    return bad ? bad : seal_init();
}

static inline void seal_keys_use(const char *keys)
{
    tap_ok(!seal_keys_take(keys), "keys \"%.2s\"", keys);
}
