/* Tenants: look, disable, tiers, maxima that were agreed. */
#include <stdio.h>
#include <string.h>
#include "base/str.h"
#include "operator.h"
#include "sql/tenant_admin.h"

enum { MOST = 100000000 };

static int usage(const char *sentence)
{
    ctl_fail("%s", sentence);
    return CTL_USAGE;
}

int tenant_list(struct ctl *c)
{
    PGresult *res;
    if (c->argc > 1)
        return usage("list takes a part of the name at most.");
    const char *const params[] = {c->argc ? c->argv[0] : NULL};
    if (db_many(c->db, c->a, &SQL_TENANT_ADMIN_BRIEF, 1, params, &res))
        return ctl_fail("The database refused; the log line says why.");
    ctl_table(res);
    return CTL_OK;
}

int tenant_show(struct ctl *c)
{
    if (c->argc != 1 || !operator_is_id(c->argv[0]))
        return usage("show takes the number of a tenant.");
    const char *const params[] = {c->argv[0]};
    PGresult *row = operator_run(c, &SQL_TENANT_ADMIN_SHOW, 1, params,
                                 arena_printf(c->a, "tenant %s", c->argv[0]));
    if (!row)
        return CTL_FAILED;
    operator_card(row);
    return CTL_OK;
}

static int change(struct ctl *c, const char *wanted, const char *done)
{
    const char *const params[] = {c->argv[0], wanted, operator_actor(c)};
    PGresult *res = operator_run(c, &SQL_TENANT_ADMIN_CHANGE, 3, params,
                                 arena_printf(c->a, "tenant %s", c->argv[0]));
    if (!res)
        return CTL_FAILED;
    puts(*PQgetvalue(res, 0, 0) == 't' ? done : "It was so already.");
    return CTL_OK;
}

int tenant_disable(struct ctl *c)
{
    if (c->argc != 1 || !operator_is_id(c->argv[0]))
        return usage("disable takes the number of a tenant.");
    return change(c, "{\"is_active\": false}",
                  "Disabled; sessions, tokens and keys of its users ended.");
}

int tenant_enable(struct ctl *c)
{
    if (c->argc != 1 || !operator_is_id(c->argv[0]))
        return usage("enable takes the number of a tenant.");
    return change(c, "{\"is_active\": true}", "Enabled.");
}

static bool is_word(const char *s)
{
    return *s && strlen(s) <= 40 &&
           strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(s);
}

int tenant_tier(struct ctl *c)
{
    if (c->argc != 2 || !operator_is_id(c->argv[0]) || !is_word(c->argv[1]))
        return usage("tier takes the number of a tenant and a tier of "
                     "subscription_quotas.");
    return change(
        c, arena_printf(c->a, "{\"subscription_tier\": \"%s\"}", c->argv[1]),
        "The tier is changed.");
}

/* tenant max 3 max_products 700; - : as the tier says. */
int tenant_max(struct ctl *c)
{
    static const char *const names[] = {"max_products", "max_platforms",
                                        "ai_credits_monthly"};
    int64_t v = 0;
    bool known = false;
    for (size_t i = 0; c->argc == 3 && i < ARRAY_LEN(names); i++)
        known = known || str_eq(c->argv[1], names[i]);
    const bool none = known && str_eq(c->argv[2], "-");
    if (!known || !operator_is_id(c->argv[0]) ||
        (!none && (!str_to_i64(c->argv[2], &v) || v < 0 || v > MOST)))
        return usage("max takes the number of a tenant, max_products, "
                     "max_platforms or ai_credits_monthly, and a number or - "
                     "(as the tier says).");
    return change(c,
                  arena_printf(c->a, "{\"%s\": %s}", c->argv[1],
                               none ? "null" : c->argv[2]),
                  "Agreed.");
}
