/* Who is calling, by whatever door, and what may that one do? For programs
 * that start up, and for people who wonder which key they hold. */
#include "base/str.h"
#include "domain/account.h"
#include "domain/license.h"
#include "domain/row.h"
#include "routes.h"
#include "web/limit.h"
#include "web/req.h"

static const char *kind_name(enum principal_kind kind)
{
    static const char *const names[] = {[PRINCIPAL_ANON] = "address",
                                        [PRINCIPAL_STATIC_KEY] = "static_key",
                                        [PRINCIPAL_USER] = "user",
                                        [PRINCIPAL_KEY] = "key",
                                        [PRINCIPAL_LICENSE] = "license"};
    return names[kind];
}

/* Of a key: its own; else null, for all that the role may do. */
static json_t *scopes(const struct req *r)
{
    const char *words[REQ_TEXTS];
    if (r->who.kind != PRINCIPAL_KEY)
        return json_null();
    const size_t n = str_split(r->arena, r->who.scopes, ' ', words, REQ_TEXTS);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        if (*words[i])
            json_array_append_new(list, json_string(words[i]));
    return list;
}

static json_t *number_or_null(bool is_known, int64_t n)
{
    return is_known ? json_integer(n) : json_null();
}

/* As the table has them, or as this caller was granted them. */
static json_t *limits(struct req *r)
{
    struct limit_left left[LIMIT_ROWS];
    const size_t n = limit_look(r, left);
    json_t *list = json_array();
    for (const struct limit_left *l = left; l < left + n; l++)
        json_array_append_new(
            list,
            json_pack("{s:s,s:s,s:I,s:I,s:o,s:o}", "name", l->row->name,
                      "limit", limit_short(r->arena, l->row), "count",
                      (json_int_t)l->row->count, "window_s",
                      (json_int_t)l->row->window_s, "remaining",
                      number_or_null(l->is_known, l->remaining), "reset_s",
                      number_or_null(l->is_known, l->reset_s)));
    return list;
}

/* Tenant, plan and quotas of a user. */
static enum err add_tenant(struct req *r, json_t *o)
{
    PGresult *row;
    const enum err e = account_show(r->db, r->arena, &r->who, &row);
    if (e)
        return e;
    json_t *t = row_to_json(row, 0);
    json_object_set_new(o, "tenant",
                        json_pack("{s:O,s:O}", "id", json_object_get(t, "id"),
                                  "name", json_object_get(t, "name")));
    json_object_set(o, "plan", json_object_get(t, "subscription_tier"));
    json_object_set(o, "quotas", json_object_get(t, "quotas"));
    json_decref(t);
    return OK;
}

/* The same of a licence, which may be of no tenant. */
static void add_license(struct req *r, json_t *o)
{
    struct license l;
    license_from_row(r->who.row, &l);
    json_object_set_new(o, "client", json_string(l.client));
    json_object_set_new(o, "expiry", json_string(l.expiry));
    json_object_set_new(o, "plan", json_string(l.plan));
    json_object_set_new(o, "quotas", json_object());
}

static enum err whoami(struct req *r)
{
    json_t *o =
        json_pack("{s:s,s:s,s:o,s:o}", "kind", kind_name(r->who.kind), "id",
                  r->who.id, "scopes", scopes(r), "limits", limits(r));
    if (r->who.user_id)
        json_object_set_new(o, "user_id", json_integer(r->who.user_id));
    if (r->who.role)
        json_object_set_new(o, "role", json_string(r->who.role));
    enum err e = r->who.user_id ? add_tenant(r, o) : OK;
    if (!e && r->who.kind == PRINCIPAL_LICENSE)
        add_license(r, o);
    json_t *quotas = json_object_get(o, "quotas");
    if (!e && quotas)
        e = account_add_usage(r->db, r->arena, &r->who, quotas);
    if (!e)
        return req_json(r, 200, o);
    json_decref(o);
    return e;
}

/* clang-format off */
static const struct field tenant_out[] = {
    {.name = "id", .kind = OUT_INT, .required = true,
     .doc = "Number of the tenant."},
    {.name = "name", .kind = OUT_TEXT, .required = true, .doc = "Its name."},
    {0}};

static const struct field limit_out[] = {
    {.name = "name", .kind = OUT_TEXT, .required = true,
     .doc = "As in the headers RateLimit and RateLimit-Policy."},
    {.name = "limit", .kind = OUT_TEXT, .required = true,
     .doc = "As in X-RateLimit-Limit, e.g. 60/minute."},
    {.name = "count", .kind = OUT_INT, .required = true,
     .doc = "Requests in a window."},
    {.name = "window_s", .kind = OUT_INT, .required = true,
     .doc = "Seconds of the window."},
    {.name = "remaining", .kind = OUT_INT, .required = true, .nullable = true,
     .doc = "Requests left, as in X-RateLimit-Remaining; null: nginx counts "
            "them, or the counters are away."},
    {.name = "reset_s", .kind = OUT_INT, .required = true, .nullable = true,
     .doc = "Seconds until more are given, as in X-RateLimit-Reset; 0: none "
            "was used; null with remaining."},
    {0}};

static const struct field whoami_out[] = {
    {.name = "kind", .kind = OUT_TEXT, .required = true,
     .choices = "user|key|license|static_key", .doc = "The door that was used."},
    {.name = "id", .kind = OUT_TEXT, .required = true,
     .doc = "For whom limits and quotas are counted: a user's keys and tokens "
            "share one."},
    {.name = "user_id", .kind = OUT_INT, .doc = "Number of the user."},
    {.name = "role", .kind = OUT_TEXT, .choices = "user|admin|operator",
     .doc = "The user's."},
    {.name = "scopes", .kind = OUT_ARRAY, .required = true, .nullable = true,
     .doc = "Of a user's key; null: all that the role may do."},
    {.name = "tenant", .kind = OUT_OBJECT, .sub = tenant_out,
     .doc = "Of the user."},
    {.name = "client", .kind = OUT_TEXT, .doc = "Of a licence."},
    {.name = "expiry", .kind = OUT_TEXT, .doc = "Last day of a licence."},
    {.name = "plan", .kind = OUT_TEXT,
     .doc = "The tenant's tier, or the licence's plan."},
    {.name = "quotas", .kind = OUT_OBJECT,
     .doc = "By name: limit, used where it is counted, resets_at where it "
            "begins anew (RFC 3339)."},
    {.name = "limits", .kind = OUT_ARRAY, .required = true, .sub = limit_out,
     .doc = "Rates that hold for this caller, by name."},
    {0}};

ROUTES(whoami_routes,
    {.method = "GET", .path = "/v1/whoami", .handler = whoami, .access = ANY,
     .limit = "account", .tx = true, .out = whoami_out,
     .summary = "Tell any caller who it is, and what it may use"});
