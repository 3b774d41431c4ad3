/* Compact JSON with the members in this order: its reader has no library. */
#include "wire/license_lease.h"
#include <assert.h>
#include "base/buf.h"

enum { ID_BYTES = 20, REST_BYTES = 512 };

char *license_lease_text(struct arena *a, const struct license_ring *r,
                         const struct license_lease *l)
{
    struct buf b;
    const char *kid = license_ring_kid(r);
    if (!kid)
        return NULL;
    buf_init(&b, a, REST_BYTES);
    buf_printf(&b,
               "{\"lic\":%lld,\"seq\":%lld,\"iat\":%lld,\"exp\":%lld,"
               "\"end\":%lld,\"slice\":%lld,\"list\":%lld,\"kid\":\"%s\"}",
               (long long)l->license_id, (long long)l->seq,
               (long long)l->issued_s, (long long)l->expires_s,
               (long long)l->license_end_s, (long long)l->slice,
               (long long)l->list, kid);
    return license_ring_sign(a, r, "lea1", buf_bytes(&b));
}

char *license_lease_list(struct arena *a, const struct license_ring *r,
                         int64_t n, int64_t now_s, const int64_t *ids,
                         size_t n_ids)
{
    struct buf b;
    const char *kid = license_ring_kid(r);
    assert(n_ids <= LICENSE_LEASE_LISTED);
    if (!kid)
        return NULL;
    buf_init(&b, a, n_ids * ID_BYTES + REST_BYTES);
    buf_printf(&b, "{\"n\":%lld,\"iat\":%lld,\"ids\":[", (long long)n,
               (long long)now_s);
    for (size_t i = 0; i < n_ids; i++)
        buf_printf(&b, "%s%lld", i ? "," : "", (long long)ids[i]);
    buf_printf(&b, "],\"kid\":\"%s\"}", kid);
    return license_ring_sign(a, r, "rev1", buf_bytes(&b));
}
