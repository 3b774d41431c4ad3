/* Webhooks: how they went, once more, and receivers that are off. */
#include <stdio.h>
#include "base/str.h"
#include "operator.h"
#include "sql/webhook.h"

static int usage(const char *sentence)
{
    ctl_fail("%s", sentence);
    return CTL_USAGE;
}

static int table(struct ctl *c, const struct db_query *q, size_t n,
                 const char *const *params)
{
    PGresult *res;
    if (db_many(c->db, c->a, q, n, params, &res))
        return ctl_fail("The database refused; the log line says why.");
    ctl_table(res);
    return CTL_OK;
}

int webhook_log(struct ctl *c)
{
    static const char *const states[] = {"pending", "delivered", "failed"};
    bool known = c->argc == 0;
    for (size_t i = 0; i < ARRAY_LEN(states) && c->argc == 1; i++)
        known = known || str_eq(c->argv[0], states[i]);
    if (!known)
        return usage("log takes pending, delivered or failed at most.");
    const char *const params[] = {c->argc ? c->argv[0] : NULL};
    return table(c, &SQL_WEBHOOK_BRIEF, 1, params);
}

int webhook_failing(struct ctl *c)
{
    if (c->argc)
        return usage("failing takes nothing.");
    return table(c, &SQL_WEBHOOK_FAILING, 0, NULL);
}

int webhook_again(struct ctl *c)
{
    if (c->argc != 1)
        return usage("redeliver takes the id of a delivery (evt_…).");
    const char *const params[] = {c->argv[0], NULL, operator_actor(c)};
    if (!operator_run(c, &SQL_WEBHOOK_REDELIVER, 3, params,
                      arena_printf(c->a, "webhook %s", c->argv[0])))
        return CTL_FAILED;
    puts("It goes out again.");
    return CTL_OK;
}

int webhook_on(struct ctl *c)
{
    if (c->argc != 1 || !operator_is_id(c->argv[0]))
        return usage("enable takes the number of a receiver.");
    const char *const params[] = {c->argv[0], NULL, operator_actor(c)};
    const PGresult *res =
        operator_run(c, &SQL_WEBHOOK_ENABLE, 3, params,
                     arena_printf(c->a, "receiver %s", c->argv[0]));
    if (!res)
        return CTL_FAILED;
    puts(*PQgetvalue(res, 0, 0) == 't' ? "Enabled; its failures are forgotten."
                                       : "It was so already.");
    return CTL_OK;
}
