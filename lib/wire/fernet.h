/* Fernet tokens (github.com/fernet/spec, version 0x80): AES-128-CBC and
 * HMAC-SHA256 in base64url. Only because licences of the source's form hold
 * one: those that its generator made stay readable under the same key. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"

enum {
    FERNET_KEY = 32,   /* bytes of a key: 16 sign, 16 encrypt */
    FERNET_IV = 16,    /* random bytes of a token */
    FERNET_MOST = 1536 /* characters of a token that are looked at */
};

/* The token of data, owned by a; iv are 16 fresh random bytes, now_s seconds
 * since 1970. NULL when data does not fit into FERNET_MOST characters. */
char *fernet_seal(struct arena *a, const uint8_t key[FERNET_KEY],
                  const uint8_t iv[FERNET_IV], int64_t now_s,
                  struct bytes data);
/* What the n characters of a token hold, owned by a. False when it is none,
 * was changed, or is under another key; its MAC is checked, in constant time,
 * before anything is decrypted. The token's age is the caller's matter. */
MUST_CHECK bool fernet_open(struct arena *a, const uint8_t key[FERNET_KEY],
                            const char *token, size_t n, struct bytes *out);
