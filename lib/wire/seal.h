/* Data at rest under DATA_KEYS: AES-256-GCM, so that a dump of the database
 * alone shows nothing and a changed text is noticed. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"

enum {
    SEAL_BYTES_MAX = 16 * 1024 * 1024,  /* longest clear text */
    SEAL_CLOSE_MAX = 256 * 1024 * 1024, /* the same under a key of one's own */
    SEAL_BYTES_MORE = 28 /* bytes by which sealed ones are longer */
};

/* Where a sealed value is kept: one of the places of sealed.tbl, and which row
 * of it (its key as text). What is sealed for one opens nowhere else. */
enum sealed {
#define SEALED(name, place) SEALED_##name,
#include "wire/sealed.tbl"
#undef SEALED
    SEALED_MAX
};
struct sealed_at {
    enum sealed what;
    const char *row;
};

/* Takes DATA_KEYS from conf. NULL when well (also without any key), else one
 * clear sentence owned by the process. */
MUST_CHECK const char *seal_init(void);
/* Whether there is a key to seal with. */
bool seal_ready(void);
/* Table and column of a place, "users.phone". */
RETURNS_NONNULL const char *seal_place(enum sealed what);
/* Seals clear as "s1.<kid>.<base64url>" in a. ERR_ENCRYPTION_UNCONFIGURED
 * without a key, ERR_TOO_LARGE. */
MUST_CHECK enum err seal_text(struct arena *a, struct sealed_at at,
                              struct bytes clear, const char **sealed);
/* Opens what seal_text made for the same place; clear is in a, with a NUL
 * behind it. ERR_ENCRYPTION_UNCONFIGURED when its key is not (or no longer)
 * here, ERR_INTERNAL, logged, when it was changed or moved. */
MUST_CHECK enum err seal_open(struct arena *a, struct sealed_at at,
                              const char *sealed, struct bytes *clear);
/* The same for bytes that are kept as bytes, with the name of their key beside
 * them: seal_kid(), NULL without a key. */
const char *seal_kid(void);
/* The name of the i-th key, 0 being the first; NULL behind the last. */
const char *seal_kid_at(size_t i);
MUST_CHECK enum err seal_bytes(struct arena *a, struct sealed_at at,
                               struct bytes clear, struct bytes *sealed);
MUST_CHECK enum err seal_bytes_open(struct arena *a, const char *kid,
                                    struct sealed_at at, struct bytes sealed,
                                    struct bytes *clear);
/* What is kept under kid (NULL: in clear), sealed under the first key for the
 * same place, and opened again to be sure. */
MUST_CHECK enum err seal_bytes_anew(struct arena *a, const char *kid,
                                    struct sealed_at at, struct bytes kept,
                                    struct bytes *sealed);
MUST_CHECK enum err seal_text_anew(struct arena *a, struct sealed_at at,
                                   const char *kept, const char **sealed);
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
