/* The one place that begins and ends a request's transaction. */
#include "web/transact.h"
#include "base/str.h"
#include "sql/transact.h"

/* The second wall looks at this; without a tenant it stays unset, and every
 * look at a tenant's rows fails. */
static enum err name_tenant(const struct req *r)
{
    if (!r->who.tenant_id)
        return OK;
    const char *const params[] = {
        arena_printf(r->arena, "%lld", (long long)r->who.tenant_id)};
    return db_exec(r->db, r->arena, &SQL_TRANSACT_TENANT, 1, params);
}

/* The answer that was made is forgotten: it told of what was not kept. */
static void forget_answer(struct req *r)
{
    r->status = 0;
    r->type = NULL;
    r->answer = (struct bytes){NULL, 0};
}

enum err transact_run(struct req *r)
{
    enum err e = r->db ? db_begin(r->db) : ERR_UNAVAILABLE;
    if (e)
        return e;
    e = name_tenant(r);
    if (!e)
        e = r->route->handler(r);
    if (e || r->status >= 400) {
        db_rollback(r->db);
        return e;
    }
    e = db_commit(r->db);
    if (e)
        forget_answer(r);
    return e;
}
