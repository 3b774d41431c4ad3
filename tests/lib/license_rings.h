/* Settings of licences for tests: published keys, so that nobody takes them
 * for secrets (Fernet's specification; RFC 8032, 7.1, test 1). */
#pragma once
#include <stdlib.h>
#include "base/conf.h"
#include "wire/license_ring.h"

#define RING_ENC    "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="
#define RING_SECRET "votre_secret_super_securise_0123456789"
#define RING_SEED   "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
#define RING_PUBLIC "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

/* The ring of those settings, or what is wrong with them. */
static inline const char *rings_load(struct arena *a, const char *signing,
                                     const char *older,
                                     const struct license_ring **out)
{
    setenv("LICENSE_SECRET", RING_SECRET, 1);
    setenv("LICENSE_ENC_KEY", RING_ENC, 1);
    setenv("LICENSE_SIGNING_KEY", signing, 1);
    setenv("LICENSE_PUBLIC_KEYS", older, 1);
    const char *bad = conf_init();
    return bad ? bad : license_ring_load(a, out);
}
