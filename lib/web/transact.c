/* The one place that begins and ends a request's transaction. */
#include "web/transact.h"
#include "base/fault.h"
#include "base/str.h"
#include "sql/transact.h"
#include "web/idempotency.h"

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
    r->after = NULL;
}

/* Done before, or done now and kept with what it wrote. */
static enum err work(struct req *r, struct idempotency *k, bool *writes)
{
    enum err e = idempotency_find(r, k);
    if (e || r->status)
        return e;
    e = r->route->handler(r);
    *writes = !e && r->status < 400;
    fault_point("tx_handled");
    if (*writes)
        e = idempotency_store(r, k);
    fault_point("tx_stored");
    return e;
}

enum err transact_run(struct req *r)
{
    struct idempotency k;
    bool writes = false;
    if (!idempotency_read(r, &k))
        return OK;
    enum err e = r->db ? db_begin(r->db) : ERR_UNAVAILABLE;
    if (e)
        return e;
    e = name_tenant(r);
    if (!e)
        e = work(r, &k, &writes);
    if (e || !writes) {
        db_rollback(r->db);
        r->after = NULL;
        return e;
    }
    e = db_commit(r->db);
    if (e)
        forget_answer(r);
    fault_point("tx_committed");
    return e;
}
