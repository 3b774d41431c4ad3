/* The text of an API key: cpt_live_, 43 base62 characters (256 random bits)
 * and 6 base62 characters of checksum, so that a mistyped or cut key is
 * refused without a question to the database, and secret scanners know one:
 * cpt_live_[0-9A-Za-z]{49} (GitHub's token format of 2021). */
#pragma once
#include <stdbool.h>
#include "base/arena.h"

enum {
    API_KEY_LEN = 58,    /* characters of a whole key */
    API_KEY_PREFIX = 12, /* first characters, shown in lists */
    API_KEY_LAST = 4     /* last characters, shown in lists */
};

/* A new random key, owned by a; shown once to its owner and never stored. */
RETURNS_NONNULL char *api_key_new(struct arena *a);
/* True when the text has a key's form and its checksum fits; whether such a
 * key was ever given out, only the database knows. NULL is no key. */
bool api_key_ok(const char *text);
/* What is stored and looked up: 64 hex digits, owned by a. HMAC-SHA256 under
 * API_KEY_PEPPER, or SHA-256 where none is set (with 256 random bits no slow
 * hash is needed: OWASP ASVS 5.0, 6.5.2). */
RETURNS_NONNULL char *api_key_hash(struct arena *a, const char *text);
/* The first 12 characters (all of a shorter text), owned by a. */
RETURNS_NONNULL char *api_key_prefix(struct arena *a, const char *text);
/* The last 4 characters (all of a shorter text), owned by a. */
RETURNS_NONNULL char *api_key_last(struct arena *a, const char *text);
