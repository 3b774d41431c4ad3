#include "domain/account.h"
#include "domain/audit.h"
#include "sql/account.h"

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
