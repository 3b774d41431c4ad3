/* What is remembered of invoices: how much, purging, forgetting. */
#include <stdio.h>
#include "base/conf.h"
#include "base/str.h"
#include "ctl.h"
#include "invoice/history_store.h"
#include "sql/invoice.h"

enum { DAYS_MAX = 36500 };

static int tell_gone(struct ctl *c, const struct db_query *q, const char *param)
{
    PGresult *res;
    const char *const params[] = {param};
    if (db_one(c->db, c->a, q, 1, params, &res))
        return ctl_fail("The database refused; the log line says why.");
    printf("%s forgotten.\n", PQgetvalue(res, 0, 0));
    return CTL_OK;
}

int history_status(struct ctl *c)
{
    PGresult *res;
    if (db_many(c->db, c->a, &SQL_INVOICE_HISTORY_STATUS, 0, NULL, &res))
        return ctl_fail("The database refused; the log line says why.");
    if (PQntuples(res) == 0)
        puts("Nothing is remembered.");
    else
        ctl_table(res);
    return CTL_OK;
}

/* With INVOICE_STORE=none nothing is to be kept, whatever RETENTION says. */
int history_purge(struct ctl *c)
{
    int64_t days = str_eq(conf_str(CONF_INVOICE_STORE), "none")
                       ? 0
                       : conf_int(CONF_RETENTION);
    if (c->argc > 1 || (c->argc == 1 && (!str_to_i64(c->argv[0], &days) ||
                                         days < 0 || days > DAYS_MAX))) {
        ctl_fail("purge takes a number of days, or nothing for RETENTION.");
        return CTL_USAGE;
    }
    return tell_gone(c, &SQL_INVOICE_HISTORY_PURGE,
                     arena_printf(c->a, "%lld", (long long)days));
}

int history_forget_owner(struct ctl *c)
{
    if (c->argc != 1) {
        ctl_fail("forget-owner takes an owner as history status names it.");
        return CTL_USAGE;
    }
    return tell_gone(c, &SQL_INVOICE_HISTORY_FORGET_OWNER, c->argv[0]);
}

int history_forget_point(struct ctl *c)
{
    if (c->argc != 1 || !*history_store_hash(c->a, "point", c->argv[0])) {
        ctl_fail("forget-point takes a PDL or PCE.");
        return CTL_USAGE;
    }
    if (!*conf_str(CONF_HISTORY_KEY))
        return ctl_fail("HISTORY_KEY is not set; without the key that was "
                        "used then, a point cannot be found.");
    return tell_gone(c, &SQL_INVOICE_HISTORY_FORGET_POINT,
                     history_store_hash(c->a, "point", c->argv[0]));
}
