/* Data at rest under DATA_KEYS: AES-256-GCM, so that a dump of the database
 * alone shows nothing and a changed text is noticed. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"

enum {
    SEAL_BYTES_MAX = 16 * 1024 * 1024, /* longest clear text */
    SEAL_CLOSE_MAX = 256 * 1024 * 1024, /* the same under a key of one's own */
    SEAL_BYTES_MORE = 28 /* bytes by which sealed ones are longer */
};

/* Takes DATA_KEYS from conf. NULL when well (also without any key), else one
 * clear sentence owned by the process. */
MUST_CHECK const char *seal_init(void);
/* Whether there is a key to seal with. */
bool seal_ready(void);
/* Seals clear as "s1.<kid>.<base64url>" in a. place says where it is kept,
 * "users.phone:17" (table, column, row): it opens nowhere else.
 * ERR_ENCRYPTION_UNCONFIGURED without a key, ERR_TOO_LARGE. */
MUST_CHECK enum err seal_text(struct arena *a, const char *place,
                              struct bytes clear, const char **sealed);
/* Opens what seal_text made for the same place; clear is in a, with a NUL
 * behind it. ERR_ENCRYPTION_UNCONFIGURED when its key is not (or no longer)
 * here, ERR_INTERNAL, logged, when it was changed or moved. */
MUST_CHECK enum err seal_open(struct arena *a, const char *place,
                              const char *sealed, struct bytes *clear);
/* The same for bytes that are kept as bytes, with the name of their key beside
 * them: seal_kid(), NULL without a key. */
const char *seal_kid(void);
MUST_CHECK enum err seal_bytes(struct arena *a, const char *place,
                               struct bytes clear, struct bytes *sealed);
MUST_CHECK enum err seal_bytes_open(struct arena *a, const char *kid,
                                    const char *place, struct bytes sealed,
                                    struct bytes *clear);
/* False when sealed is under another key than the first: seal it again. */
bool seal_is_current(const char *sealed);
/* The same under a key of 32 bytes of the caller's own, for what only the
 * holder of a token may read: "s1.-.<base64url>". clear is any bytes; given
 * back they are in a, with a NUL behind them. seal_close fails with
 * ERR_TOO_LARGE or ERR_INTERNAL, seal_disclose with ERR_INTERNAL, also for
 * what was changed or is of another key; neither is logged. */
MUST_CHECK enum err seal_close(struct arena *a, const uint8_t key[32],
                               const char *place, struct bytes clear,
                               const char **sealed);
MUST_CHECK enum err seal_disclose(struct arena *a, const uint8_t key[32],
                                  const char *place, const char *sealed,
                                  struct bytes *clear);
