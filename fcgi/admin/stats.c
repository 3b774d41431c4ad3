/* GET /admin/stats: the desk in figures. */
#include "domain/stats.h"
#include <string.h>
#include "routes.h"

static enum err stats_show(struct req *r)
{
    const char *json;
    const enum err e = stats_read(r->db, r->arena, &json);
    return e ? e : req_body(r, 200, "application/json", json, strlen(json));
}

/* clang-format off */
static const struct field users_out[] = {
    {.name = "total", .kind = OUT_INT, .required = true, .doc = "All users."},
    {.name = "active", .kind = OUT_INT, .required = true, .doc = "May sign in."},
    {.name = "verified", .kind = OUT_INT, .required = true,
     .doc = "Confirmed their e-mail address."},
    {.name = "operators", .kind = OUT_INT, .required = true,
     .doc = "Active operators."},
    {.name = "signed_in_30d", .kind = OUT_INT, .required = true,
     .doc = "Signed in within the last 30 days."},
    {0}};
static const struct field tenants_out[] = {
    {.name = "total", .kind = OUT_INT, .required = true, .doc = "All tenants."},
    {.name = "active", .kind = OUT_INT, .required = true, .doc = "Not disabled."},
    {.name = "with_schema", .kind = OUT_INT, .required = true,
     .doc = "Have a schema for listings."},
    {0}};
static const struct field keys_out[] = {
    {.name = "total", .kind = OUT_INT, .required = true, .doc = "Ever made."},
    {.name = "active", .kind = OUT_INT, .required = true, .doc = "Usable now."},
    {0}};
static const struct field sessions_out[] = {
    {.name = "live", .kind = OUT_INT, .required = true,
     .doc = "Neither ended nor expired."},
    {0}};
static const struct field logins_out[] = {
    {.name = "ok", .kind = OUT_INT, .required = true, .doc = "Signed in."},
    {.name = "failed", .kind = OUT_INT, .required = true, .doc = "Refused."},
    {0}};
static const struct field licenses_out[] = {
    {.name = "total", .kind = OUT_INT, .required = true, .doc = "Ever made."},
    {.name = "active", .kind = OUT_INT, .required = true, .doc = "Usable now."},
    {.name = "suspended", .kind = OUT_INT, .required = true, .doc = "Stopped for a while."},
    {.name = "revoked", .kind = OUT_INT, .required = true, .doc = "Stopped for ever."},
    {.name = "expired", .kind = OUT_INT, .required = true, .doc = "Past their end."},
    {0}};
static const struct field charged_out[] = {
    {.name = "month", .kind = OUT_TEXT, .required = true, .doc = "The calendar month in Paris, YYYY-MM."},
    {.name = "invoices", .kind = OUT_INT, .required = true, .doc = "Invoices charged to tenants."},
    {.name = "license_uses", .kind = OUT_INT, .required = true, .doc = "Units charged to licences."},
    {0}};
static const struct field stats_out[] = {
    {.name = "generated_at", .kind = OUT_TEXT, .required = true,
     .doc = "The moment of all these figures, RFC 3339 UTC."},
    {.name = "users", .kind = OUT_OBJECT, .required = true, .sub = users_out, .doc = "Users."},
    {.name = "tenants", .kind = OUT_OBJECT, .required = true, .sub = tenants_out, .doc = "Tenants."},
    {.name = "api_keys", .kind = OUT_OBJECT, .required = true, .sub = keys_out,
     .doc = "Users' own API keys."},
    {.name = "sessions", .kind = OUT_OBJECT, .required = true, .sub = sessions_out, .doc = "Sessions."},
    {.name = "logins_24h", .kind = OUT_OBJECT, .required = true, .sub = logins_out,
     .doc = "Sign-ins of the last 24 hours."},
    {.name = "licenses", .kind = OUT_OBJECT, .required = true, .sub = licenses_out, .doc = "Licences."},
    {.name = "charged", .kind = OUT_OBJECT, .required = true, .sub = charged_out, .doc = "What was charged this month."},
    {0}};

ROUTES(stats_routes,
    {.method = "GET", .path = "/admin/stats", .handler = stats_show,
     .access = OPERATOR, .limit = "admin",
     .summary = "Show the desk in figures", .out = stats_out});
