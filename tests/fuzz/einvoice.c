/* Any bytes as an electronic invoice, and as the record a child hands over. */
#include "einvoice/parse.h"
#include <string.h>
#include "base/buf.h"
#include "base/str.h"
#include "einvoice/rules.h"
#include "fuzz.h"

static void check(struct arena *a, const struct einvoice *e)
{
    struct buf flat;
    struct rules_result r;
    char profile[EINVOICE_PROFILE];
    buf_init(&flat, a, 1 << 24);
    FUZZ_CHECK(!e->malformed || e->n_values == 0);
    FUZZ_CHECK(strlen(einvoice_profile(e, profile)) < EINVOICE_PROFILE);
    for (size_t i = 0; rules_ids[i]; i++)
        FUZZ_CHECK(rules_judge(e, rules_ids[i], &r) <= RULES_BROKEN);
    einvoice_pack(&flat, e);
    FUZZ_CHECK(buf_ok(&flat));
    const struct einvoice *again = einvoice_unpack(a, buf_bytes(&flat));
    FUZZ_CHECK(again && again->n_values == e->n_values);
    for (uint32_t i = 0; i < e->n_values; i++)
        FUZZ_CHECK(str_eq(again->values[i].text, e->values[i].text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct parse_limits limits = {1 << 20, 24};
    struct arena *a = arena_new(1 << 16);
    const struct einvoice *e =
        parse_xml(a, (struct bytes){data, size}, &limits);
    if (e)
        check(a, e);
    e = einvoice_unpack(a, (struct bytes){data, size});
    if (e)
        check(a, e);
    arena_free(a);
    return 0;
}
