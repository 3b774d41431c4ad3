/* What a licence holder's program reads: the first byte says whether the rest
 * is signed as a key (k), a lease (l) or a list (r), or taken as it is. */
#include "../../docs/examples/license/comptoir_license.c"
#include "fuzz.h"
#include "license_rings.h"

static const struct license_ring *ring;
static unsigned char public_keys[1][32];

static void init(void)
{
    static struct arena *kept;
    if (kept)
        return;
    kept = arena_new(4096);
    FUZZ_CHECK(!rings_load(kept, "2026:" RING_SEED, "", &ring));
    FUZZ_CHECK(!comptoir_license_public_key(RING_PUBLIC, public_keys[0]));
}

static const char *signed_as(struct arena *a, const char *kind,
                             const char *payload)
{
    const struct bytes p = {(const uint8_t *)payload, strlen(payload)};
    return license_ring_sign(a, ring, kind, p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char good[] =
        "{\"id\":45,\"client\":\"c\",\"plan\":\"p\",\"quota\":1,\"iat\":1,"
        "\"exp\":99,\"grace\":5,\"kid\":\"2026\"}";
    if (size < 1 || size > 4096)
        return 0;
    init();
    struct arena *a = arena_new(16384);
    const char *rest = arena_strndup(a, (const char *)data + 1, size - 1);
    struct comptoir_license_input in = {
        .key = data[0] == 'k'   ? signed_as(a, "lic1", rest)
               : data[0] == '=' ? rest
                                : signed_as(a, "lic1", good),
        .lease = data[0] == 'l' ? signed_as(a, "lea1", rest) : NULL,
        .list = data[0] == 'r' ? signed_as(a, "rev1", rest) : NULL,
        .public_keys = (const unsigned char(*)[32])public_keys,
        .n_public_keys = 1,
        .now_s = 50};
    struct comptoir_license_state state = {0}, before;
    struct comptoir_license_answer out;
    enum comptoir_license_code code = comptoir_license_check(&in, &state, &out);
    FUZZ_CHECK(code < COMPTOIR_LICENSE_CODES && out.code == code);
    FUZZ_CHECK(memchr(out.client, 0, sizeof out.client) != NULL);
    FUZZ_CHECK(state.lease_seq >= 0 && state.list_number >= 0);
    if (code <= COMPTOIR_LICENSE_GRACE)
        FUZZ_CHECK(out.usable_s > state.last_seen_s &&
                   out.ends_s >= out.usable_s);
    before = state; /* asked again, the same answer */
    FUZZ_CHECK(comptoir_license_check(&in, &state, &out) == code);
    FUZZ_CHECK(memcmp(&before, &state, sizeof state) == 0);
    arena_free(a);
    return 0;
}
