#include "domain/account.h"
#include "domain/audit.h"
#include "domain/charge.h"
#include "sql/account.h"

enum { QUOTAS = 8 };

static const char *tenant(struct arena *a, const struct principal *who)
{
    return arena_printf(a, "%lld", (long long)who->tenant_id);
}

enum err account_show(struct db *db, struct arena *a,
                      const struct principal *who, PGresult **out)
{
    const char *const params[] = {tenant(a, who)};
    return db_one(db, a, &SQL_ACCOUNT_SHOW, 1, params, out);
}

enum err account_change(struct db *db, struct arena *a,
                        const struct principal *who, const char *name,
                        const char *email)
{
    const char *const params[] = {tenant(a, who), name, email};
    const enum err e = db_exec(db, a, &SQL_ACCOUNT_CHANGE, 3, params);
    if (e)
        return e;
    const struct audit_event event = {
        .tenant_id = who->tenant_id,
        .actor = who->id,
        .event = "tenant_change",
        .subject = arena_printf(a, "tenant:%s", tenant(a, who)),
        .facts = json_pack("{s:s*,s:s*}", "name", name, "email", email)};
    return audit_note(db, a, &event);
}

static void add_usage(struct arena *a, const struct charge_usage *u,
                      json_t *quotas)
{
    const char *name = arena_printf(a, "%s_monthly", u->quota);
    const int64_t used = u->used + u->reserved, left = u->limit - used;
    json_t *o = json_object_get(quotas, name);
    if (!o) {
        o = json_object();
        json_object_set_new(quotas, name, o);
    }
    json_object_set_new(o, "limit",
                        u->limit < 0 ? json_null() : json_integer(u->limit));
    json_object_set_new(o, "used", json_integer(used));
    json_object_set_new(o, "remaining",
                        u->limit < 0 ? json_null()
                                     : json_integer(left > 0 ? left : 0));
    json_object_set_new(o, "resets_at", json_string(u->period_end));
}

enum err account_add_usage(struct db *db, struct arena *a,
                           const struct principal *who, json_t *quotas)
{
    const bool licence = who->kind == PRINCIPAL_LICENSE;
    const struct charge_request of = {
        .kind = licence ? "license" : "tenant",
        .id = licence ? who->license_id : who->tenant_id,
        .meter = licence ? "verify" : "invoices,ai_credits"};
    struct charge_usage rows[QUOTAS];
    size_t n = QUOTAS;
    const enum err e = charge_usage(db, a, &of, NULL, rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        add_usage(a, &rows[i], quotas);
    return e;
}
