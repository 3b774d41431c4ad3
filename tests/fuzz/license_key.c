/* Any licence or API key. By the first byte: k the text as it is; h and s the
 * JSON inside a hex or signed key; S that JSON rightly signed. */
#include "wire/license_key.h"
#include <string.h>
#include "base/str.h"
#include "fuzz.h"
#include "license_rings.h"
#include "wire/api_key.h"

static const struct license_ring *ring(void)
{
    static const struct license_ring *r;
    static struct arena *kept;
    if (!kept) {
        kept = arena_new(4096);
        FUZZ_CHECK(!rings_load(kept, "2026:" RING_SEED, "", &r));
    }
    return r;
}

static void facts_hold(const struct license_key *k)
{
    if (k->form == LICENSE_FORM_OPAQUE)
        return;
    size_t n = strlen(k->client);
    FUZZ_CHECK(n >= 1 && n <= LICENSE_KEY_CLIENT && str_utf8_ok(k->client, n));
    FUZZ_CHECK(k->created_s >= 0 && k->expires_s > k->created_s);
    if (k->form == LICENSE_FORM_SIGNED)
        FUZZ_CHECK(k->id > 0 && k->quota >= 0 && k->grace_s >= 0 && k->kid &&
                   strlen(k->plan) <= LICENSE_KEY_PLAN);
}

static void check_text(struct arena *a, const char *text)
{
    struct license_key k;
    if (license_key_read(a, ring(), text, &k)) {
        facts_hold(&k);
        FUZZ_CHECK(strlen(text) <= LICENSE_KEY_MOST);
        FUZZ_CHECK(strlen(license_key_hash(a, text)) == 64);
    }
    if (api_key_ok(text))
        FUZZ_CHECK(strlen(text) == API_KEY_LEN);
}

/* What is read from a JSON object and made into a key again says the same. */
static void check_json(struct arena *a, enum license_form form,
                       struct bytes json)
{
    struct license_key k, back;
    if (!license_key_from_json(a, form, json, &k))
        return;
    facts_hold(&k);
    const char *text = license_key_new(a, ring(), &k);
    if (!text)
        return; /* longer than a key may be */
    FUZZ_CHECK(license_key_read(a, ring(), text, &back));
    FUZZ_CHECK(str_eq(back.client, k.client) && back.id == k.id &&
               back.created_s == k.created_s && back.expires_s == k.expires_s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 4096)
        return 0;
    struct arena *a = arena_new(16384);
    const struct bytes rest = {data + 1, size - 1};
    const char *text = arena_strndup(a, (const char *)rest.p, rest.n);
    if (data[0] == 'h')
        check_json(a, LICENSE_FORM_HEX, rest);
    else if (data[0] == 's')
        check_json(a, LICENSE_FORM_SIGNED, rest);
    else if (data[0] == 'S')
        check_text(a, license_ring_sign(a, ring(), "lic1", rest));
    else
        check_text(a, text);
    arena_free(a);
    return 0;
}
