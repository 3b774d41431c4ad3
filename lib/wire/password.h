/* Passwords: what may be one, how it is kept, whether it is the right one.
 * bcrypt over an HMAC of the password, so that none is cut at 72 bytes and
 * the table alone, without PASSWORD_PEPPER, gives no password away. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/err.h"

enum { PASSWORD_BYTES_MIN = 8, PASSWORD_BYTES_MAX = 1024 };

enum password_match {
    PASSWORD_WRONG,
    PASSWORD_RIGHT,
    PASSWORD_RIGHT_REHASH /* right; its hash is an older kind: make a new one */
};

/* Takes PASSWORD_PEPPER and BCRYPT_ROUNDS from conf. NULL when well, else one
 * clear sentence owned by the process. */
MUST_CHECK const char *password_init(void);
/* False when ENV is not dev and there is no pepper: nobody may register. */
bool password_ready(void);
/* NULL when the password may be used with these names (each may be NULL), else
 * why not, in words that follow the field's name. OWASP ASVS 5.0 6.2: length,
 * no common one, no composition rules. */
const char *password_refusal(const char *password, const char *email,
                             const char *username);
/* The text to store ("v1:$2b$…", 63 bytes), in a. Takes a quarter of a second
 * of CPU at 12 rounds. ERR_ACCOUNTS_UNCONFIGURED unless password_ready. */
MUST_CHECK enum err password_hash(struct arena *a, const char *password,
                                  const char **hash);
/* Compares with a stored text: ours, or a plain $2a$, $2b$ or $2y$ that was
 * imported. NULL (nobody of that name) and texts of another kind take the
 * same work and are WRONG. */
enum password_match password_verify(const char *password, const char *hash);
