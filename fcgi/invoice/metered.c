/* Between the two transactions the reservation and the key are held by a
 * lease: a process that dies in between holds them up, it loses nothing. */
#include "metered.h"
#include "base/fault.h"
#include "web/billing.h"
#include "web/idempotency.h"
#include "web/metrics.h"

struct metered {
    struct idempotency key;
    struct charge charge; /* id 0: nothing is charged */
};

/* Users by token or by a key of theirs: their tenant pays. */
static bool is_charged(const struct req *r)
{
    return r->who.kind == PRINCIPAL_USER || r->who.kind == PRINCIPAL_KEY;
}

static enum err reserve(struct req *r, struct metered *m)
{
    const struct charge_request q = {.kind = "tenant",
                                     .id = r->who.tenant_id,
                                     .meter = "invoices",
                                     .units = 1};
    return is_charged(r) ? billing_reserve(r, &q, &m->charge) : OK;
}

/* One transaction: answered before, or opened and paid for. */
static enum err open_work(struct req *r, struct metered *m)
{
    enum err e = r->db ? db_begin(r->db) : ERR_UNAVAILABLE;
    if (e)
        return e;
    e = idempotency_find(r, &m->key);
    if (!e && !r->status)
        e = idempotency_open(r, &m->key);
    if (!e && !r->status)
        e = reserve(r, m);
    if (!e && !r->status)
        return db_commit(r->db);
    db_rollback(r->db);
    return e;
}

/* One transaction: charged, and the answer kept. */
static enum err close_work(struct req *r, const struct metered *m)
{
    enum err e = db_begin(r->db);
    if (e)
        return e;
    if (m->charge.id)
        e = charge_commit(r->db, r->arena, &m->charge, -1, m->key.hash);
    fault_point("charge_written");
    if (!e)
        e = idempotency_close(r, &m->key);
    fault_point("answer_stored");
    if (!e)
        return db_commit(r->db);
    db_rollback(r->db);
    return e;
}

/* As well as it can be done: else the lease's end does it. */
static void give_back(struct req *r, const struct metered *m)
{
    if (db_begin(r->db))
        return;
    enum err e = OK;
    if (m->charge.id)
        e = charge_refund(r->db, r->arena, &m->charge);
    if (!e)
        e = idempotency_drop(r, &m->key);
    if (e)
        db_rollback(r->db);
    else if (!db_commit(r->db) && m->charge.id)
        metrics_add(METRIC_charges_refunded, 1);
}

enum err metered_run(struct req *r, handler_fn work)
{
    struct metered m = {.charge.id = 0};
    if (!idempotency_read(r, &m.key))
        return OK;
    if (!m.key.hash && !is_charged(r))
        return work(r);
    enum err e = open_work(r, &m);
    if (e)
        return billing_refuse(r, e, &m.charge);
    if (r->status)
        return OK; /* answered again */
    fault_point("charge_reserved");
    e = work(r);
    fault_point("work_done");
    const bool good = !e && r->status < 400;
    if (good)
        e = close_work(r, &m);
    if (e || !good) {
        give_back(r, &m);
        return e;
    }
    if (m.charge.id)
        metrics_add(METRIC_charges_committed, 1);
    fault_point("charge_committed");
    return OK;
}
