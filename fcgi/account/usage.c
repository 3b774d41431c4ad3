/* What the caller's tenant may use in a month, and has used. */
#include "usage.h"
#include "domain/charge.h"
#include "domain/statement.h"
#include "web/req.h"

enum { QUOTAS = 8 };

static json_t *quota_json(const struct charge_usage *u)
{
    const int64_t left = u->limit - u->used - u->reserved;
    return json_pack("{s:s,s:I,s:I,s:I,s:I,s:s}", "quota", u->quota, "limit",
                     (json_int_t)u->limit, "used", (json_int_t)u->used,
                     "reserved", (json_int_t)u->reserved, "remaining",
                     (json_int_t)(left > 0 ? left : 0), "period_end",
                     u->period_end);
}

static enum err usage_show(struct req *r)
{
    const struct charge_request of = {.kind = "tenant",
                                      .id = r->who.tenant_id,
                                      .meter = "invoices,ai_credits"};
    const char *month = req_text(r, "month");
    struct charge_usage rows[QUOTAS];
    size_t n = QUOTAS;
    if (month && !statement_month_ok(month))
        return req_fail_with(r, ERR_INVALID_FIELD, NULL,
                             json_pack("{s:[{s:[s,s],s:s,s:s}]}", "errors",
                                       "loc", "query", "month", "msg",
                                       "must be a month, YYYY-MM", "type",
                                       "invalid"));
    const enum err e = charge_usage(r->db, r->arena, &of, month, rows, &n);
    if (e)
        return e;
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, quota_json(&rows[i]));
    return req_json(r, 200,
                    json_pack("{s:s,s:o}", "month", n ? rows[0].month : "",
                              "quotas", list));
}

/* clang-format off */
static const struct field usage_in[] = {
    {.name = "month", .kind = IN_TEXT, .min = 7, .max = 7, .in_query = true,
     .doc = "Month of Paris, YYYY-MM; without it the present one."},
    {0}};

static const struct field quota_out[] = {
    {.name = "quota", .kind = OUT_TEXT, .required = true,
     .doc = "What is counted: invoices, ai_credits."},
    {.name = "limit", .kind = OUT_INT, .required = true,
     .doc = "How many a month the subscription holds now."},
    {.name = "used", .kind = OUT_INT, .required = true, .doc = "Used and answered."},
    {.name = "reserved", .kind = OUT_INT, .required = true,
     .doc = "Set aside for work in hand."},
    {.name = "remaining", .kind = OUT_INT, .required = true, .doc = "What is left."},
    {.name = "period_end", .kind = OUT_TEXT, .required = true,
     .doc = "When the next month begins (RFC 3339)."},
    {0}};

static const struct field usage_out[] = {
    {.name = "month", .kind = OUT_TEXT, .required = true, .doc = "YYYY-MM."},
    {.name = "quotas", .kind = OUT_ARRAY, .required = true, .sub = quota_out,
     .doc = "One object a quota."},
    {0}};

ROUTES(usage_routes,
    {.method = "GET", .path = "/api/tenant/usage", .handler = usage_show,
     .access = USER, .scope = "account:read", .limit = "account", .tx = true,
     .summary = "Show the tenant's quotas and what was used of them in a month",
     .in = usage_in, .out = usage_out});
