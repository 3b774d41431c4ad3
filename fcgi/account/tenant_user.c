/* The users of the caller's tenant, for its admins. */
#include "domain/row.h"
#include "domain/team.h"
#include "routes.h"
#include "web/listing.h"

enum { BODY = 4096 };

static enum err users_list(struct req *r)
{
    struct listing l;
    PGresult *rows;
    if (!listing_begin(r, "tenant_users", &l))
        return OK;
    const char *const page[] = {l.after, l.rows};
    const enum err e = team_list(r->db, r->arena, &r->who, page, &rows);
    return e ? e : listing_answer(r, &l, rows);
}

static enum err user_show(struct req *r)
{
    const char *id;
    PGresult *user;
    enum err e = req_id(r, 0, &id);
    if (!e)
        e = team_get(r->db, r->arena, &r->who, id, &user);
    return e ? e : req_json(r, 200, row_to_json(user, 0));
}

static enum err refuse(struct req *r, enum team_refusal why)
{
    if (why == TEAM_LAST_ADMIN)
        return req_fail_why(
            r, ERR_CONFLICT, json_pack("{s:s}", "reason", "last_admin"),
            "A tenant keeps at least one active admin; name another first.",
            "Un compte garde au moins un administrateur actif ; nommez-en un "
            "autre d'abord.");
    return req_fail_why(
        r, ERR_CONFLICT, json_pack("{s:s}", "reason", "operator"),
        "This user is an operator, whom only the operator's scripts change.",
        "Cet utilisateur est un exploitant ; seuls les scripts d'exploitation "
        "le modifient.");
}

static enum err change(struct req *r, struct team_change *c)
{
    const char *id;
    enum err e = req_id(r, 0, &id);
    if (!e)
        e = team_change(r->db, r->arena, &r->who, id, c);
    return e == ERR_CONFLICT && c->why ? refuse(r, c->why) : e;
}

static enum err user_change(struct req *r)
{
    struct team_change c = {.role = req_text(r, "role")};
    if (req_has(r, "is_active"))
        c.active = req_bool(r, "is_active") ? "true" : "false";
    const enum err e = change(r, &c);
    return e || r->status ? e : user_show(r);
}

static enum err user_remove(struct req *r)
{
    struct team_change c = {.remove = true};
    const enum err e = change(r, &c);
    return e || r->status ? e : req_body(r, 204, NULL, NULL, 0);
}

/* clang-format off */
static const struct field member_out[] = {
    {.name = "id", .kind = OUT_INT, .required = true,
     .doc = "Number of the user."},
    {.name = "username", .kind = OUT_TEXT, .required = true, .doc = "Unique."},
    {.name = "email", .kind = OUT_TEXT, .required = true, .doc = "Unique."},
    {.name = "full_name", .kind = OUT_TEXT, .required = true,
     .doc = "Name as given."},
    {.name = "role", .kind = OUT_TEXT, .required = true,
     .choices = "user|admin|operator", .doc = "In this tenant."},
    {.name = "is_active", .kind = OUT_BOOL, .required = true,
     .doc = "False: may not sign in."},
    {.name = "is_verified", .kind = OUT_BOOL, .required = true,
     .doc = "The e-mail address was confirmed."},
    {.name = "last_login", .kind = OUT_TEXT, .nullable = true,
     .doc = "Time of the last sign-in, RFC 3339 UTC."},
    {.name = "created_at", .kind = OUT_TEXT, .required = true,
     .doc = "RFC 3339 UTC."},
    {0}};

static const struct field list_in[] = {LISTING_IN, {0}};
static const struct field list_out[] = {LISTING_OUT(member_out), {0}};

static const struct field change_in[] = {
    {.name = "role", .kind = IN_ENUM, .choices = "user|admin",
     .doc = "admin manages the tenant."},
    {.name = "is_active", .kind = IN_BOOL,
     .doc = "False ends the user's sessions, tokens and keys at once."},
    {0}};

static const enum err one_errors[] = {ERR_NOT_FOUND, OK};
static const enum err change_errors[] = {ERR_NOT_FOUND, ERR_CONFLICT, OK};

ROUTES(tenant_user_routes,
    {.method = "GET", .path = "/api/tenant/users", .handler = users_list,
     .access = TENANT_ADMIN, .limit = "account", .tx = true, .in = list_in,
     .out = list_out, .summary = "List the users of the caller's tenant"},
    {.method = "GET", .path = "/api/tenant/users/{id}", .handler = user_show,
     .access = TENANT_ADMIN, .limit = "account", .tx = true,
     .out = member_out, .errors = one_errors,
     .summary = "Show a user of the tenant"},
    {.method = "PATCH", .path = "/api/tenant/users/{id}",
     .handler = user_change, .access = TENANT_ADMIN, .limit = "account",
     .body_limit = BODY, .takes = TAKES_JSON | TAKES_FORM, .tx = true,
     .in = change_in, .out = member_out, .errors = change_errors,
     .summary = "Change a user's role, disable or enable the user"},
    {.method = "DELETE", .path = "/api/tenant/users/{id}",
     .handler = user_remove, .access = TENANT_ADMIN, .limit = "account",
     .tx = true, .status = 204, .errors = change_errors,
     .summary = "Remove a user from the tenant"});
