/* The doors: each turns one kind of credential into r->who. */
#pragma once
#include "web/req.h"

/* Reads the static keys from conf; call once at start. */
void gate_door_init(void);
/* X-API-Key: a static key, else a user's own. ERR_INVALID_API_KEY. */
MUST_CHECK enum err gate_door_key(struct req *r, const char *key);
/* Authorization: Bearer. ERR_UNAUTHORIZED for another scheme,
 * ERR_TOKEN_INVALID, ERR_TOKEN_EXPIRED; r->who is then what the token claims,
 * still to be confirmed. */
MUST_CHECK enum err gate_door_token(struct req *r, const char *authorization);
/* X-License-Key. ERR_LICENSE_INVALID, ERR_LICENSE_EXPIRED. */
MUST_CHECK enum err gate_door_license(struct req *r, const char *key);
