#include "web/billing.h"
#include "base/conf.h"
#include "base/str.h"
#include "fake_req.h"
#include "tap.h"

int main(void)
{
    const struct charge c = {.quota = "uses",
                             .limit = 5,
                             .used = 5,
                             .period_left_s = 3600,
                             .period_end = "2026-11-30T23:00:00Z"};
    struct arena *a = arena_new(4096);
    struct fake f;
    tap_ok(!conf_init(), "settings");
    fake_init(&f, a);
    tap_is_int(billing_refuse(&f.r, ERR_MONTHLY_QUOTA, &c), OK, "a quota");
    tap_is_int(f.r.status, 429, "of a licence: 429");
    tap_is_str(fake_header(&f, "Retry-After"), "3600", "until the month's end");
    json_t *o = fake_json(&f);
    tap_is_int(json_integer_value(json_object_get(o, "used")), 5, "and why");
    json_decref(o);
    fake_init(&f, a);
    tap_is_int(billing_refuse(&f.r, ERR_QUOTA_EXCEEDED, &c), OK, "a tenant's");
    tap_ok(f.r.status == 403 && !fake_header(&f, "Retry-After"), "403");
    fake_init(&f, a);
    tap_is_int(billing_refuse(&f.r, ERR_CREDIT, &c), OK, "no credit");
    tap_is_int(f.r.status, 402, "402");
    fake_init(&f, a);
    tap_is_int(billing_refuse(&f.r, ERR_UNAVAILABLE, &c), OK, "another error");
    tap_is_int(f.r.status, 503, "as it is");
    arena_free(a);
    return tap_done();
}
