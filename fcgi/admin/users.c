/* Users of every tenant: look, disable, change the role. */
#include "domain/row.h"
#include "domain/user_admin.h"
#include "routes.h"
#include "web/listing.h"

enum { BODY_BYTES = 4096 };

static enum err users_list(struct req *r)
{
    struct listing l;
    PGresult *rows;
    if (!listing_begin(r, "admin_users", &l))
        return OK;
    const struct user_admin_filter f = {.after = l.after,
                                        .email = req_text(r, "email"),
                                        .tenant = req_text(r, "tenant"),
                                        .role = req_text(r, "role"),
                                        .active = req_text(r, "active"),
                                        .rows = l.rows};
    const enum err e = user_admin_list(r->db, r->arena, &f, &rows);
    return e ? e : listing_answer(r, &l, rows);
}

static enum err answer_user(struct req *r, const char *id)
{
    PGresult *row;
    const enum err e = user_admin_show(r->db, r->arena, id, &row);
    return e ? e : req_json(r, 200, row_to_json(row, 0));
}

static enum err users_show(struct req *r)
{
    const char *id = routes_id(r);
    return id ? answer_user(r, id) : ERR_NOT_FOUND;
}

static enum err users_change(struct req *r)
{
    const char *id = routes_id(r);
    const bool active = req_bool(r, "is_active");
    if (!id)
        return ERR_NOT_FOUND;
    const enum err e = user_admin_change(
        r->db, r->arena, id, req_has(r, "is_active") ? &active : NULL,
        req_text(r, "role"), r->who.id);
    return e ? e : answer_user(r, id);
}

/* clang-format off */
static const struct field list_in[] = {
    {.name = "email", .kind = IN_TEXT, .min = 1, .max = 254, .in_query = true,
     .doc = "A part of the e-mail address, in any case."},
    {.name = "tenant", .kind = IN_INT, .min = 1, .max = INT64_MAX, .in_query = true,
     .doc = "Number of the tenant."},
    {.name = "role", .kind = IN_ENUM, .choices = "user|admin|operator",
     .in_query = true, .doc = "Only this role."},
    {.name = "active", .kind = IN_BOOL, .in_query = true,
     .doc = "Only those who may sign in, or only those who may not."},
    LISTING_IN,
    {0}};

#define USER_OUT \
    {.name = "id", .kind = OUT_INT, .required = true, .doc = "Number of the user."}, \
    {.name = "tenant_id", .kind = OUT_INT, .required = true, .doc = "Number of the tenant."}, \
    {.name = "tenant_name", .kind = OUT_TEXT, .required = true, .doc = "Name of the tenant."}, \
    {.name = "username", .kind = OUT_TEXT, .required = true, .doc = "Unique."}, \
    {.name = "email", .kind = OUT_TEXT, .required = true, .doc = "Unique."}, \
    {.name = "full_name", .kind = OUT_TEXT, .required = true, .doc = "Name as given."}, \
    {.name = "role", .kind = OUT_TEXT, .required = true, .choices = "user|admin|operator", \
     .doc = "admin is of the own tenant."}, \
    {.name = "language", .kind = OUT_TEXT, .required = true, .doc = "fr or en."}, \
    {.name = "is_active", .kind = OUT_BOOL, .required = true, .doc = "May sign in."}, \
    {.name = "is_verified", .kind = OUT_BOOL, .required = true, .doc = "The e-mail address was confirmed."}, \
    {.name = "prediction_count", .kind = OUT_INT, .required = true, .doc = "Pictures classified so far."}, \
    {.name = "last_login", .kind = OUT_TEXT, .nullable = true, .doc = "Last sign-in, RFC 3339 UTC."}, \
    {.name = "last_source", .kind = OUT_TEXT, .nullable = true, .doc = "From where: web, plugin or mobile."}, \
    {.name = "created_at", .kind = OUT_TEXT, .required = true, .doc = "RFC 3339 UTC."}

static const struct field item_out[] = {USER_OUT, {0}};
static const struct field list_out[] = {LISTING_OUT(item_out), {0}};
static const struct field show_out[] = {
    USER_OUT,
    {.name = "business_name", .kind = OUT_TEXT, .nullable = true, .doc = "Name of the business."},
    {.name = "account_type", .kind = OUT_TEXT, .nullable = true, .doc = "individual or professional."},
    {.name = "business_type", .kind = OUT_TEXT, .nullable = true, .doc = "Trade, as given."},
    {.name = "country", .kind = OUT_TEXT, .nullable = true, .doc = "Two letters (ISO 3166-1)."},
    {.name = "live_sessions", .kind = OUT_INT, .required = true, .doc = "Sessions that are neither ended nor expired."},
    {.name = "active_keys", .kind = OUT_INT, .required = true, .doc = "API keys that are not revoked."},
    {.name = "failed_logins_24h", .kind = OUT_INT, .required = true, .doc = "Refused sign-ins of the last 24 hours."},
    {0}};
static const struct field change_in[] = {
    {.name = "is_active", .kind = IN_BOOL,
     .doc = "false ends every session, token and key of the user at once."},
    {.name = "role", .kind = IN_ENUM, .choices = "user|admin",
     .doc = "Of the user's own tenant; operators are named by psql or comptoirctl alone."},
    {0}};
static const enum err show_errors[] = {ERR_NOT_FOUND, OK};
static const enum err change_errors[] = {ERR_NOT_FOUND, ERR_CONFLICT, OK};

ROUTES(users_routes,
    {.method = "GET", .path = "/admin/users", .handler = users_list,
     .access = OPERATOR, .limit = "admin", .in = list_in, .out = list_out,
     .summary = "List users of every tenant"},
    {.method = "GET", .path = "/admin/users/{id}", .handler = users_show,
     .access = OPERATOR, .limit = "admin", .out = show_out, .errors = show_errors,
     .summary = "Show a user"},
    {.method = "PATCH", .path = "/admin/users/{id}", .handler = users_change,
     .access = OPERATOR, .limit = "admin", .body_limit = BODY_BYTES,
     .takes = TAKES_JSON, .tx = true, .in = change_in, .out = show_out,
     .errors = change_errors,
     .summary = "Disable or enable a user, or change the role in the tenant"});
