/* The caller's tenant: name, plan, quotas. */
#include "domain/account.h"
#include "domain/row.h"
#include "routes.h"
#include "tenant_check.h"
#include "web/req.h"

enum { BODY = 4096 };

static enum err tenant_show(struct req *r)
{
    PGresult *row;
    enum err e = account_show(r->db, r->arena, &r->who, &row);
    if (e)
        return e;
    json_t *o = row_to_json(row, 0);
    e = account_add_usage(r->db, r->arena, &r->who,
                          json_object_get(o, "quotas"));
    if (!e)
        return req_json(r, 200, o);
    json_decref(o);
    return e;
}

static enum err tenant_change(struct req *r)
{
    const char *name = req_text(r, "name"), *email = req_text(r, "email");
    const enum err e =
        name || email ? account_change(r->db, r->arena, &r->who, name, email)
                      : OK;
    return e ? e : tenant_show(r);
}

/* clang-format off */
#define LIMITED(word, text)                                                    \
    {.name = word, .kind = OUT_OBJECT, .required = true, .sub = limit_out,     \
     .doc = text}
#define MONTHLY(word, text)                                                    \
    {.name = word, .kind = OUT_OBJECT, .required = true, .sub = monthly_out,   \
     .doc = text}
#define COUNTED(word, text)                                                    \
    {.name = word, .kind = OUT_OBJECT, .required = true, .sub = used_out,      \
     .doc = text}

static const struct field limit_out[] = {
    {.name = "limit", .kind = OUT_INT, .required = true,
     .doc = "What the plan allows."},
    {0}};
static const struct field used_out[] = {
    {.name = "limit", .kind = OUT_INT, .required = true,
     .doc = "What the plan allows."},
    {.name = "used", .kind = OUT_INT, .required = true,
     .doc = "How many there are."},
    {0}};

static const struct field monthly_out[] = {
    {.name = "limit", .kind = OUT_INT, .required = true,
     .doc = "What the plan allows in a month."},
    {.name = "used", .kind = OUT_INT, .required = true,
     .doc = "What was used of it, work in hand included."},
    {.name = "remaining", .kind = OUT_INT, .required = true,
     .doc = "What is left."},
    {.name = "resets_at", .kind = OUT_TEXT, .required = true,
     .doc = "End of the month in Paris, RFC 3339 UTC."},
    {0}};

static const struct field quotas_out[] = {
    COUNTED("max_users", "Users of the tenant."),
    COUNTED("max_api_keys", "Their API keys that live."),
    LIMITED("max_products", "Products."),
    LIMITED("max_platforms", "Marketplaces."),
    MONTHLY("ai_credits_monthly", "Credits of language models."),
    MONTHLY("invoices_monthly", "Invoices."),
    {0}};

static const struct field tenant_out[] = {
    {.name = "id", .kind = OUT_INT, .required = true,
     .doc = "Number of the tenant."},
    {.name = "name", .kind = OUT_TEXT, .required = true, .doc = "Its name."},
    {.name = "email", .kind = OUT_TEXT, .required = true,
     .doc = "Where it is reached."},
    {.name = "subscription_tier", .kind = OUT_TEXT, .required = true,
     .doc = "Its plan."},
    {.name = "subscription_status", .kind = OUT_TEXT, .required = true,
     .choices = "active|trial|past_due|cancelled", .doc = "Of the plan."},
    {.name = "has_schema", .kind = OUT_BOOL, .required = true,
     .doc = "False: no room for listings yet (503 tenant_capacity)."},
    {.name = "created_at", .kind = OUT_TEXT, .required = true,
     .doc = "RFC 3339 UTC."},
    {.name = "quotas", .kind = OUT_OBJECT, .required = true, .sub = quotas_out,
     .doc = "What may be used, and what is."},
    {0}};

static const struct field change_in[] = {
    {.name = "name", .kind = IN_TEXT, .min = 1, .max = 200, .doc = "Its name."},
    {.name = "email", .kind = IN_TEXT, .min = 3, .max = 254,
     .check = tenant_check_email, .doc = "Where it is reached."},
    {0}};

ROUTES(tenant_routes,
    {.method = "GET", .path = "/api/tenant", .handler = tenant_show,
     .access = USER, .scope = "account:read", .limit = "account", .tx = true,
     .out = tenant_out,
     .summary = "Show the caller's tenant: plan, quotas and their use"},
    {.method = "PATCH", .path = "/api/tenant", .handler = tenant_change,
     .access = TENANT_ADMIN, .limit = "account", .body_limit = BODY,
     .takes = TAKES_JSON | TAKES_FORM, .tx = true, .in = change_in,
     .out = tenant_out, .summary = "Change the tenant's name or address"});
