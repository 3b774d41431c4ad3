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
/* After the answer: one line in the log and one in license_access for each
 * request that came with a known licence (who, what, from where, when). */
void gate_license_used(struct req *r);
