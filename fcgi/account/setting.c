/* Preferences of the caller's tenant. */
#include "domain/setting.h"
#include "base/auto.h"
#include "domain/row.h"
#include "routes.h"
#include "web/req.h"

enum { BODY = 262144 };

static enum err setting_show(struct req *r)
{
    PGresult *row;
    const enum err e = setting_all(r->db, r->arena, &r->who, &row);
    return e ? e : req_json(r, 200, row_to_json(row, 0));
}

static enum err setting_replace(struct req *r)
{
    const char *key;
    AUTO_JSON settings =
        json_loads(req_text(r, "settings"), JSON_DECODE_ANY, NULL);
    const char *problem = setting_problem(r->arena, settings, &key);
    if (problem)
        return req_fail_field(
            r, key ? arena_printf(r->arena, "settings.%s", key) : "settings",
            problem, "bad_value");
    const enum err e = setting_put(r->db, r->arena, &r->who, settings);
    return e ? e : setting_show(r);
}

/* clang-format off */
static const struct field replace_in[] = {
    {.name = "settings", .kind = IN_JSON, .max = BODY, .required = true,
     .doc = "An object: all settings by name (a-z 0-9 _ .), at most 200, each "
            "value at most 5,000 bytes of JSON. Others are taken away."},
    {0}};

static const struct field settings_out[] = {
    {.name = "settings", .kind = OUT_OBJECT, .required = true,
     .doc = "All settings by name."},
    {.name = "updated_at", .kind = OUT_TEXT, .nullable = true,
     .doc = "When one last changed, RFC 3339 UTC; null without any."},
    {0}};

static const enum err errors[] = {ERR_TENANT_CAPACITY, OK};

ROUTES(setting_routes,
    {.method = "GET", .path = "/api/tenant/settings", .handler = setting_show,
     .access = USER, .scope = "account:read", .limit = "account", .tx = true,
     .out = settings_out, .errors = errors,
     .summary = "Show the settings of the caller's tenant"},
    {.method = "PUT", .path = "/api/tenant/settings",
     .handler = setting_replace, .access = TENANT_ADMIN, .limit = "account",
     .body_limit = BODY, .takes = TAKES_JSON, .tx = true, .in = replace_in,
     .out = settings_out, .errors = errors,
     .summary = "Replace the settings of the caller's tenant"});
