/* No SIRET, VAT number or telephone begins like a sealed text. */
#include "domain/user_seal.h"
#include <assert.h>
#include <string.h>
#include "base/str.h"
#include "wire/seal.h"

static enum sealed of_column(const char *column)
{
    static const enum sealed own[] = {
        SEALED_USERS_SIRET, SEALED_USERS_VAT_NUMBER, SEALED_USERS_PHONE};
    size_t i = 0;
    while (i < ARRAY_LEN(own) &&
           !str_eq(strchr(seal_place(own[i]), '.') + 1, column))
        i++;
    assert(i < ARRAY_LEN(own));
    return own[i];
}

enum err user_seal_value(struct arena *a, const char *column, int64_t user_id,
                         const char *clear, const char **stored)
{
    *stored = clear;
    if (!clear || !seal_ready())
        return OK;
    return seal_text(
        a,
        (struct sealed_at){of_column(column),
                           arena_printf(a, "%lld", (long long)user_id)},
        (struct bytes){(const uint8_t *)clear, strlen(clear)}, stored);
}

const char *user_seal_clear(struct arena *a, const char *column,
                            const char *user_id, const char *stored)
{
    struct bytes clear;
    if (!str_starts(stored, "s1."))
        return stored;
    const struct sealed_at at = {of_column(column), user_id};
    return seal_open(a, at, stored, &clear) ? "" : (const char *)clear.p;
}
