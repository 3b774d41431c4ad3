/* Sign-ins that failed, and forgetting what is of no more use. */
#include <stdio.h>
#include "base/str.h"
#include "operator.h"
#include "sql/login_attempt.h"

enum { HOURS = 24, HOURS_MOST = 87600, DAYS_MOST = 36500 };

/* The one optional number of a command, as text; NULL for wrong use. */
static const char *number(struct ctl *c, int64_t usual, int64_t most)
{
    int64_t v = usual;
    if (c->argc > 1 || (c->argc == 0 && usual == 0) ||
        (c->argc == 1 && (!str_to_i64(c->argv[0], &v) || v < 1 || v > most)))
        return NULL;
    return arena_printf(c->a, "%lld", (long long)v);
}

int login_failed(struct ctl *c)
{
    const char *hours = number(c, HOURS, HOURS_MOST);
    const char *const params[] = {hours};
    PGresult *res;
    if (!hours) {
        ctl_fail("failed takes how many hours back, 24 by default.");
        return CTL_USAGE;
    }
    if (db_many(c->db, c->a, &SQL_LOGIN_ATTEMPT_FAILED, 1, params, &res))
        return ctl_fail("The database refused; the log line says why.");
    ctl_table(res);
    return CTL_OK;
}

int login_purge(struct ctl *c)
{
    const char *days = number(c, 0, DAYS_MOST);
    if (!days) {
        ctl_fail("purge takes how many days are kept, at least 1.");
        return CTL_USAGE;
    }
    const char *const params[] = {days, operator_actor(c)};
    PGresult *res =
        operator_run(c, &SQL_LOGIN_ATTEMPT_PURGE, 2, params, "sign-ins");
    if (!res)
        return CTL_FAILED;
    printf("%s forgotten.\n", PQgetvalue(res, 0, 0));
    return CTL_OK;
}

int login_purge_all(struct ctl *c)
{
    const char *days = number(c, 0, DAYS_MOST);
    PGresult *res;
    if (!days) {
        ctl_fail("purge takes how many days are kept, at least 1.");
        return CTL_USAGE;
    }
    const char *const params[] = {days, operator_actor(c)};
    if (db_many(c->db, c->a, &SQL_LOGIN_ATTEMPT_PURGE_ALL, 2, params, &res))
        return ctl_fail("The database refused; the log line says why.");
    ctl_table(res);
    return CTL_OK;
}
