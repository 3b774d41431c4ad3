/* What the handlers of metered routes share. */
#include "web/billing.h"
#include "web/metrics.h"

enum err billing_refuse(struct req *r, enum err e, const struct charge *c)
{
    json_t *why = charge_refusal(c, e);
    if (why)
        metrics_add(METRIC_quota_refused, 1);
    if (e == ERR_MONTHLY_QUOTA)
        req_header(r, "Retry-After",
                   arena_printf(r->arena, "%lld", (long long)c->period_left_s));
    return req_fail_with(r, e, NULL, why);
}

enum err billing_charge(struct req *r, const struct charge_request *q,
                        struct charge *out)
{
    struct charge_request full = *q;
    full.request_id = r->id;
    const enum err e = charge_now(r->db, r->arena, &full, out);
    if (!e)
        metrics_add(METRIC_charges_committed, 1);
    return e;
}
