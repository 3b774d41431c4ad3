/* What the handlers of metered routes share. */
#include "web/billing.h"
#include "web/metrics.h"

static bool is_refusal(enum err e)
{
    return e == ERR_QUOTA_EXCEEDED || e == ERR_MONTHLY_QUOTA || e == ERR_CREDIT;
}

enum err billing_refuse(struct req *r, enum err e, const struct charge *c)
{
    if (e == ERR_MONTHLY_QUOTA)
        req_header(r, "Retry-After",
                   arena_printf(r->arena, "%lld", (long long)c->period_left_s));
    return req_fail_with(r, e, NULL, charge_refusal(c, e));
}

/* The request's own id and key. */
static struct charge_request filled(const struct req *r,
                                    const struct charge_request *q)
{
    struct charge_request full = *q;
    full.request_id = r->id;
    full.key_hash = r->key_hash;
    return full;
}

enum err billing_reserve(struct req *r, const struct charge_request *q,
                         struct charge *out)
{
    const struct charge_request full = filled(r, q);
    const enum err e = charge_reserve(r->db, r->arena, &full, out);
    if (is_refusal(e))
        metrics_add(METRIC_quota_refused, 1);
    return e;
}

enum err billing_charge(struct req *r, const struct charge_request *q,
                        struct charge *out)
{
    const struct charge_request full = filled(r, q);
    const enum err e = charge_now(r->db, r->arena, &full, out);
    if (!e)
        metrics_add(METRIC_charges_committed, 1);
    if (is_refusal(e))
        metrics_add(METRIC_quota_refused, 1);
    return e;
}
