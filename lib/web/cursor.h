/* Where a list goes on, as a text that callers hand back unread: no offset, so
 * that rows that come or go meanwhile neither repeat nor hide others; and
 * authenticated, so that what comes back is what was given out. */
#pragma once
#include "base/arena.h"

enum {
    CURSOR_KEY_BYTES = 200, /* longest sort key */
    CURSOR_BYTES = 300      /* longest cursor: a key and its MAC in base64url */
};

/* The cursor of a list (its name, "admin_users") behind the row with this sort
 * key; owned by a, NULL when the key is longer than CURSOR_KEY_BYTES. The MAC's
 * key is derived from JWT_SECRET_KEY, else DATA_KEYS, else API_KEY: the same on
 * every instance; when it is changed, cursors that are out are refused. */
char *cursor_make(struct arena *a, const char *list, const char *key);
/* The sort key in a cursor of that list, owned by a; NULL for any other text.
 */
const char *cursor_open(struct arena *a, const char *list, const char *cursor);
