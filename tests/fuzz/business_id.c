/* Any text as each number of a business: what is accepted is clean, and clean
 * again when it is read again. */
#include <string.h>
#include "base/str.h"
#include "domain/business_id.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *(*const checks[])(struct arena *, const char *,
                                         const char **) = {
        business_id_siret, business_id_vat, business_id_phone,
        business_id_country};
    if (!size)
        return 0;
    struct arena *a = arena_new(1024);
    const char *text = arena_strndup(a, (const char *)data + 1, size - 1);
    const char *clean = NULL, *again = NULL;
    const size_t which = data[0] % ARRAY_LEN(checks);
    const char *problem = checks[which](a, text, &clean);
    FUZZ_CHECK(!problem == (clean != NULL));
    if (clean) {
        FUZZ_CHECK(strlen(clean) >= 2 && strlen(clean) <= 16);
        FUZZ_CHECK(!checks[which](a, clean, &again));
        FUZZ_CHECK(str_eq(clean, again));
    } else
        FUZZ_CHECK(str_starts(problem, "must "));
    arena_free(a);
    return 0;
}
