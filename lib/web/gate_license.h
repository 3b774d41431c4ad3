/* The door of licensed clients, and what is noted of their requests. */
#pragma once
#include "domain/license.h"
#include "web/req.h"
#include "wire/license_ring.h"

/* Reads the keys of licences from conf; call once at start. NULL, or one
 * sentence that names what is wrong. */
MUST_CHECK const char *gate_license_init(void);
/* The keys that were read; lives as long as the process. */
RETURNS_NONNULL const struct license_ring *gate_license_ring(void);
/* When a request that came with a known licence is answered: a line in the log
 * (who, what, from where), the key masked. */
void gate_license_log(const struct req *r);
/* The same as a row of license_access; after the answer is sent, so that nobody
 * waits for it. The request's parameters may be gone by then. */
void gate_license_note(struct req *r);
