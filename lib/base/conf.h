/* Configuration from the environment, checked once at start. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"

enum conf_key {
#define CONF(name, type, def, lo, hi, doc) CONF_##name,
#include "base/conf.tbl"
#undef CONF
    CONF_MAX
};

/* Reads every key from the environment (KEY, its alias, or KEY_FILE).
 * NULL when all is well, else one clear sentence owned by the process. */
MUST_CHECK const char *conf_init(void);
/* Value as text; never NULL ("" when unset). Lives as long as the process. */
RETURNS_NONNULL const char *conf_str(enum conf_key k);
int64_t conf_int(enum conf_key k);
bool conf_bool(enum conf_key k);
/* Elements of a comma list (also SECRET); returns how many. */
size_t conf_list(enum conf_key k, const char *const **items);
/* Environment name of a key, e.g. "API_KEY". */
RETURNS_NONNULL const char *conf_name(enum conf_key k);
/* Whether its value must stay where it is needed. */
bool conf_is_secret(enum conf_key k);
