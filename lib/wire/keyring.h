/* Several keys in one setting, so that one can be replaced while the old one
 * still opens what it closed: kid:key pairs by commas, the first in use. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"

enum { KEYRING_MAX = 8, KEYRING_KID_BYTES = 64 };

struct keyring_key {
    const char *kid;    /* 1-64 of A-Z a-z 0-9 _ -; NULL when only a key */
    const char *secret; /* as written */
};

struct keyring {
    struct keyring_key keys[KEYRING_MAX];
    size_t n;
};

/* Reads text, the value of the setting called name, into out (texts in a).
 * NULL when well, else one clear sentence that holds no secret: too many, no
 * key, a kid twice, a key without kid beside others. */
MUST_CHECK const char *keyring_parse(struct arena *a, const char *name,
                                     const char *text, struct keyring *out);
/* Whether a secret is one of those that documents show ("change-me…"), or
 * made of fewer than eight different characters. */
bool keyring_is_sample(const char *secret);
