/* Hex, Base64 and random identifiers. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"

/* Lower-case hex of n bytes, owned by a. */
RETURNS_NONNULL char *encode_hex(struct arena *a, const void *p, size_t n);
/* Standard Base64 with padding (RFC 4648 section 4), owned by a. */
RETURNS_NONNULL char *encode_base64(struct arena *a, const void *p, size_t n);
/* Base64url without padding (RFC 4648 section 5), owned by a. */
RETURNS_NONNULL char *encode_base64url(struct arena *a, const void *p,
                                       size_t n);
/* Bytes of the n characters of unpadded base64url into out (at least n * 3 / 4
 * bytes). False for another alphabet, padding, a length that none has, or last
 * bits that are not zero: each value has one text. */
MUST_CHECK bool encode_from_base64url(const char *s, size_t n, uint8_t *out,
                                      size_t *out_n);
/* SHA-256 of the bytes as 64 lower-case hex digits, owned by a. */
RETURNS_NONNULL char *encode_sha256(struct arena *a, const void *p, size_t n);
/* n random bytes from the kernel; failure ends the process. */
void encode_random(void *p, size_t n);
/* True when both texts are equal; takes the same time for all contents of
 * the same length of b (both are hashed first). */
int encode_secret_eq(const char *a, const char *b);
