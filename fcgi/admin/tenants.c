/* Tenants: look, disable, agree on a tier or maxima. */
#include "domain/row.h"
#include "domain/tenant_admin.h"
#include "routes.h"
#include "web/listing.h"

enum { BODY_BYTES = 4096, MOST = 100000000 };

static enum err tenants_list(struct req *r)
{
    struct listing l;
    PGresult *rows;
    if (!listing_begin(r, "admin_tenants", &l))
        return OK;
    const struct tenant_admin_filter f = {.after = l.after,
                                          .name = req_text(r, "name"),
                                          .tier = req_text(r, "tier"),
                                          .active = req_text(r, "active"),
                                          .rows = l.rows};
    const enum err e = tenant_admin_list(r->db, r->arena, &f, &rows);
    return e ? e : listing_answer(r, &l, rows);
}

static enum err answer_tenant(struct req *r, const char *id)
{
    PGresult *row;
    const enum err e = tenant_admin_show(r->db, r->arena, id, &row);
    return e ? e : req_json(r, 200, row_to_json(row, 0));
}

static enum err tenants_show(struct req *r)
{
    const char *id = routes_id(r);
    return id ? answer_tenant(r, id) : ERR_NOT_FOUND;
}

/* What was sent, and nothing else. */
static json_t *wanted(const struct req *r)
{
    static const char *const texts[] = {"subscription_tier",
                                        "subscription_status"};
    static const char *const maxima[] = {"max_products", "max_platforms",
                                         "ai_credits_monthly"};
    json_t *o = json_object();
    if (req_has(r, "is_active"))
        json_object_set_new(o, "is_active",
                            json_boolean(req_bool(r, "is_active")));
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (req_has(r, texts[i]))
            json_object_set_new(o, texts[i],
                                json_string(req_text(r, texts[i])));
    for (size_t i = 0; i < ARRAY_LEN(maxima); i++) {
        if (req_has(r, maxima[i]))
            json_object_set_new(o, maxima[i],
                                json_integer(req_int(r, maxima[i])));
        else if (req_is_null(r, maxima[i]))
            json_object_set_new(o, maxima[i], json_null());
    }
    return o;
}

static enum err tenants_change(struct req *r)
{
    const char *id = routes_id(r);
    if (!id)
        return ERR_NOT_FOUND;
    PGresult *row;
    enum err e = tenant_admin_show(r->db, r->arena, id, &row);
    if (e)
        return e;
    e = tenant_admin_change(r->db, r->arena, id, wanted(r), r->who.id);
    if (e == ERR_NOT_FOUND) /* the tenant is there: it is the tier */
        return req_fail_field(r, "subscription_tier",
                              "must be a tier of this desk", "not_a_choice");
    return e ? e : answer_tenant(r, id);
}

/* clang-format off */
static const struct field list_in[] = {
    {.name = "name", .kind = IN_TEXT, .min = 1, .max = 200, .in_query = true,
     .doc = "A part of the name, in any case."},
    {.name = "tier", .kind = IN_TEXT, .min = 1, .max = 40, .in_query = true,
     .doc = "Only this subscription tier."},
    {.name = "active", .kind = IN_BOOL, .in_query = true,
     .doc = "Only those that are active, or only those that are not."},
    LISTING_IN,
    {0}};

#define TENANT_OUT \
    {.name = "id", .kind = OUT_INT, .required = true, .doc = "Number of the tenant."}, \
    {.name = "name", .kind = OUT_TEXT, .required = true, .doc = "Name as given."}, \
    {.name = "email", .kind = OUT_TEXT, .required = true, .doc = "Address of the account."}, \
    {.name = "subscription_tier", .kind = OUT_TEXT, .required = true, .doc = "Row of subscription_quotas."}, \
    {.name = "subscription_status", .kind = OUT_TEXT, .required = true, \
     .choices = "active|trial|past_due|cancelled", .doc = "Of the subscription."}, \
    {.name = "is_active", .kind = OUT_BOOL, .required = true, .doc = "Its users may sign in."}, \
    {.name = "has_schema", .kind = OUT_BOOL, .required = true, .doc = "Has a schema for listings."}, \
    {.name = "users", .kind = OUT_INT, .required = true, .doc = "How many users it has."}, \
    {.name = "created_at", .kind = OUT_TEXT, .required = true, .doc = "RFC 3339 UTC."}

static const struct field item_out[] = {TENANT_OUT, {0}};
static const struct field list_out[] = {LISTING_OUT(item_out), {0}};
static const struct field show_out[] = {
    TENANT_OUT,
    {.name = "max_products", .kind = OUT_INT, .nullable = true, .doc = "As agreed; null: as the tier says."},
    {.name = "max_platforms", .kind = OUT_INT, .nullable = true, .doc = "As agreed; null: as the tier says."},
    {.name = "ai_credits_monthly", .kind = OUT_INT, .nullable = true, .doc = "As agreed; null: as the tier says."},
    {.name = "products_allowed", .kind = OUT_INT, .required = true, .doc = "What holds."},
    {.name = "platforms_allowed", .kind = OUT_INT, .required = true, .doc = "What holds."},
    {.name = "ai_credits_allowed", .kind = OUT_INT, .required = true, .doc = "What holds, a month."},
    {.name = "active_keys", .kind = OUT_INT, .required = true, .doc = "API keys that are not revoked."},
    {.name = "updated_at", .kind = OUT_TEXT, .required = true, .doc = "RFC 3339 UTC."},
    {0}};
static const struct field change_in[] = {
    {.name = "is_active", .kind = IN_BOOL,
     .doc = "false ends every session, token and key of its users at once."},
    {.name = "subscription_tier", .kind = IN_TEXT, .min = 1, .max = 40, .doc = "Row of subscription_quotas."},
    {.name = "subscription_status", .kind = IN_ENUM, .choices = "active|trial|past_due|cancelled",
     .doc = "Of the subscription."},
    {.name = "max_products", .kind = IN_INT, .min = 0, .max = MOST, .nullable = true,
     .doc = "Agreed maximum; null: as the tier says."},
    {.name = "max_platforms", .kind = IN_INT, .min = 0, .max = MOST, .nullable = true,
     .doc = "Agreed maximum; null: as the tier says."},
    {.name = "ai_credits_monthly", .kind = IN_INT, .min = 0, .max = MOST, .nullable = true,
     .doc = "Agreed maximum; null: as the tier says."},
    {0}};
static const enum err show_errors[] = {ERR_NOT_FOUND, OK};

ROUTES(tenants_routes,
    {.method = "GET", .path = "/admin/tenants", .handler = tenants_list,
     .access = OPERATOR, .limit = "admin", .in = list_in, .out = list_out,
     .summary = "List tenants"},
    {.method = "GET", .path = "/admin/tenants/{id}", .handler = tenants_show,
     .access = OPERATOR, .limit = "admin", .out = show_out, .errors = show_errors,
     .summary = "Show a tenant"},
    {.method = "PATCH", .path = "/admin/tenants/{id}", .handler = tenants_change,
     .access = OPERATOR, .limit = "admin", .body_limit = BODY_BYTES,
     .takes = TAKES_JSON, .tx = true, .in = change_in, .out = show_out,
     .errors = show_errors,
     .summary = "Disable or enable a tenant, or change what was agreed with it"});
