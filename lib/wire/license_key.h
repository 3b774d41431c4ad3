/* The text of a licence key, in its three forms:
 *   hex     hex(Fernet{client, expiry, created}) ":" hex(HMAC-SHA256 over the
 *           token's characters), as the source's generator makes them;
 *   signed  lic1.<base64url of a JSON object>.<base64url of its Ed25519
 *           signature>, which its holder can check without us;
 *   opaque  lic_…, which says nothing.
 * Here is only whether the text can be ours: whether the licence is in force,
 * the database says. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "wire/license_ring.h"

enum {
    LICENSE_KEY_MOST = 2048,  /* characters of a key that are looked at */
    LICENSE_KEY_CLIENT = 200, /* bytes of a client's name */
    LICENSE_KEY_PLAN = 40     /* bytes of a plan's name */
};

enum license_form {
    LICENSE_FORM_HEX,
    LICENSE_FORM_SIGNED,
    LICENSE_FORM_OPAQUE,
    LICENSE_FORM_MAX
};

/* What a key says. Times are seconds since 1970; what a form does not hold
 * is 0 or NULL. */
struct license_key {
    enum license_form form;
    const char *client;
    int64_t created_s, expires_s;
    /* signed only */
    int64_t id, quota, grace_s; /* quota: units a month; grace: seconds after
                                   a lease's end without the server */
    const char *plan, *kid;
};

/* The word of a form: hex, signed, opaque. */
RETURNS_NONNULL const char *license_form_name(enum license_form f);
/* True and the form for one of those words. */
MUST_CHECK bool license_form_from(const char *word, enum license_form *out);

/* A new key with those facts, owned by a; a random part or id makes it one of
 * a kind. NULL when the settings hold no secret for that form, or a fact does
 * not fit. kid is taken from the ring. */
char *license_key_new(struct arena *a, const struct license_ring *r,
                      const struct license_key *facts);
/* Reads a key. True when it has one of the three forms and its MAC or
 * signature is right; texts of *out are owned by a. No clock is asked: an
 * expired key reads well. */
MUST_CHECK bool license_key_read(struct arena *a, const struct license_ring *r,
                                 const char *text, struct license_key *out);
/* The JSON inside a hex or signed key: strict, for license_key_read and for
 * tests that have no key to sign with. */
MUST_CHECK bool license_key_from_json(struct arena *a, enum license_form form,
                                      struct bytes json,
                                      struct license_key *out);
/* What is stored and looked up: SHA-256 of the text, 64 hex digits. */
RETURNS_NONNULL char *license_key_hash(struct arena *a, const char *text);
/* What lists and logs show: the first four and the last four characters
 * ("lic1…xY3Q"); only the first four of a text under 24. Owned by a. */
RETURNS_NONNULL char *license_key_hint(struct arena *a, const char *text);
