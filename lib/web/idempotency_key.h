/* What an Idempotency-Key header may hold. */
#pragma once
#include "base/arena.h"

enum { IDEMPOTENCY_KEY_MAX = 255 };

/* The key in a: 1 to 255 characters from U+0020 to U+007E, as a structured
 * field's string in quotes (RFC 8941 section 3.3.3) or bare; both forms of one
 * key are the same. NULL for anything else. */
const char *idempotency_key_parse(struct arena *a, const char *header);
