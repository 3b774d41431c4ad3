/* Preferences that hold for a whole tenant, kept in its own schema. Every
 * function works within the transaction that is open, which from then on sees
 * the tenant's tables; ERR_TENANT_CAPACITY where it has none. */
#pragma once
#include <jansson.h>
#include "domain/principal.h"

enum { SETTING_MOST = 200, SETTING_VALUE_BYTES = 5000 };

/* What is wrong with such an object of settings: *key names the member, the
 * result is an English sentence that begins with "must"; NULL when it is good.
 * Keys are 1 to 64 of a-z 0-9 _ . and begin with a letter. */
const char *setting_problem(struct arena *a, json_t *settings,
                            const char **key);
/* One row for row_to_json: settings, updated_at. */
MUST_CHECK enum err setting_all(struct db *db, struct arena *a,
                                const struct principal *who, PGresult **out);
/* Replaces all of them by a good object; the audit trail has their names. */
MUST_CHECK enum err setting_put(struct db *db, struct arena *a,
                                const struct principal *who, json_t *settings);
