/* Where the desk is reached from outside. */
#pragma once
#include "base/arena.h"

/* PUBLIC_URL, else https://<first of ALLOWED_HOSTS>:<HTTPS_PORT>; without a
 * slash at the end. */
RETURNS_NONNULL const char *address_public(struct arena *a);
