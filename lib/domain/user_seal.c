/* No SIRET, VAT number or telephone begins like a sealed text. */
#include "domain/user_seal.h"
#include <string.h>
#include "base/str.h"
#include "wire/seal.h"

enum err user_seal_value(struct arena *a, const char *column, int64_t user_id,
                         const char *clear, const char **stored)
{
    *stored = clear;
    if (!clear || !seal_ready())
        return OK;
    return seal_text(
        a, arena_printf(a, "users.%s:%lld", column, (long long)user_id),
        (struct bytes){(const uint8_t *)clear, strlen(clear)}, stored);
}

const char *user_seal_clear(struct arena *a, const char *column,
                            const char *user_id, const char *stored)
{
    struct bytes clear;
    if (!str_starts(stored, "s1."))
        return stored;
    const char *place = arena_printf(a, "users.%s:%s", column, user_id);
    return seal_open(a, place, stored, &clear) ? "" : (const char *)clear.p;
}
