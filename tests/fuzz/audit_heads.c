/* Any bytes as a file of heads: read, or refused with a sentence. */
#include <string.h>
#include "base/conf.h"
#include "domain/audit_heads.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool started;
    if (!started) {
        setenv("AUDIT_SIGNING_KEY",
               "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", 1);
        FUZZ_CHECK(!conf_init() && !audit_heads_init());
        started = true;
    }
    struct arena *a = arena_new(4096);
    struct audit_heads h;
    const char *bad = audit_heads_read(a, (const char *)data, size, &h);
    FUZZ_CHECK(bad ? *bad != '\0' : h.made_at != NULL);
    for (size_t i = 0; !bad && i < h.n; i++)
        FUZZ_CHECK(strlen(h.heads[i].hash) == 64);
    arena_free(a);
    return 0;
}
