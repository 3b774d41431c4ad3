/* The keys with which licences are made and checked, from the settings:
 * LICENSE_SECRET and LICENSE_ENC_KEY for the source's hex form,
 * LICENSE_SIGNING_KEY and LICENSE_PUBLIC_KEYS for what is signed (Ed25519). */
#pragma once
#include <stdbool.h>
#include "base/arena.h"

enum {
    LICENSE_RING_KEYS = 8,   /* most keys of each kind */
    LICENSE_RING_KID = 32,   /* longest kid */
    LICENSE_RING_MAC = 32,   /* bytes of an HMAC-SHA256 */
    LICENSE_RING_TEXT = 2048 /* longest signed text that is looked at */
};

/* One public key that is accepted. */
struct license_ring_key {
    const char *kid;
    uint8_t public_key[32];
    bool signs; /* the one new texts are signed with */
};

struct license_ring;

/* Reads the settings into *out, owned by a; no setting means that such keys
 * are neither made nor accepted. NULL, or one sentence that names what is
 * wrong (never a key). */
MUST_CHECK const char *license_ring_load(struct arena *a,
                                         const struct license_ring **out);
/* The public keys, the signing one first; returns how many. */
size_t license_ring_list(const struct license_ring *r,
                         const struct license_ring_key **keys);
/* kid of the key that signs, or NULL where none is set. */
const char *license_ring_kid(const struct license_ring *r);
/* "kind.payload.signature": both in base64url, the Ed25519 signature over
 * "kind.payload". Owned by a; NULL without a signing key. */
char *license_ring_sign(struct arena *a, const struct license_ring *r,
                        const char *kind, struct bytes payload);
/* The payload of such a text of at most `most` bytes, and the kid of the key
 * that signed it. False for anything else. */
MUST_CHECK bool license_ring_open(struct arena *a, const struct license_ring *r,
                                  const char *kind, const char *text,
                                  struct bytes *payload, const char **kid);
/* Encrypts (Fernet) and the other way. seal: NULL without LICENSE_ENC_KEY. */
char *license_ring_seal(struct arena *a, const struct license_ring *r,
                        int64_t now_s, struct bytes clear);
MUST_CHECK bool license_ring_unseal(struct arena *a,
                                    const struct license_ring *r,
                                    const char *token, size_t n,
                                    struct bytes *clear);
/* HMAC-SHA256 under the first LICENSE_SECRET; false where none is set. */
MUST_CHECK bool license_ring_mac(const struct license_ring *r,
                                 struct bytes data,
                                 uint8_t out[LICENSE_RING_MAC]);
/* True when mac is one of data under any LICENSE_SECRET; constant time. */
MUST_CHECK bool license_ring_mac_ok(const struct license_ring *r,
                                    struct bytes data,
                                    const uint8_t mac[LICENSE_RING_MAC]);
