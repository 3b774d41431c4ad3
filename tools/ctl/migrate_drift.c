/* Are the tenants' schemas where the template is, and what it is? */
#include <stdio.h>
#include "base/str.h"
#include "migrate.h"
#include "sql/migrate.h"

static int tell_state(struct ctl *c)
{
    PGresult *res;
    if (db_one(c->db, c->a, &SQL_MIGRATE_TENANT_STATE, 0, NULL, &res))
        return migrate_no_database();
    printf("tenants: %s schemas, %s at version %s, %s failed, %s waiting for "
           "one\n",
           PQgetvalue(res, 0, 1), PQgetvalue(res, 0, 2), PQgetvalue(res, 0, 0),
           PQgetvalue(res, 0, 3), PQgetvalue(res, 0, 4));
    return CTL_OK;
}

int migrate_drift_current(struct ctl *c)
{
    bool found;
    if (!migrate_tenant_engine(c, &found))
        return migrate_no_database();
    return found ? tell_state(c) : CTL_OK;
}

static int tell_troubles(struct ctl *c)
{
    PGresult *res;
    if (db_many(c->db, c->a, &SQL_MIGRATE_TENANT_TROUBLES, 0, NULL, &res))
        return migrate_no_database();
    for (int i = 0; i < PQntuples(res); i++)
        ctl_fail("Tenant %s %s.", PQgetvalue(res, i, 0), PQgetvalue(res, i, 1));
    return PQntuples(res) ? CTL_FAILED : CTL_OK;
}

/* In the transaction that is open. */
static int compare(struct ctl *c)
{
    PGresult *fresh, *drift;
    int code = CTL_OK;
    if (db_exec(c->db, c->a, &SQL_MIGRATE_PLAIN_NAMES, 0, NULL) ||
        db_one(c->db, c->a, &SQL_MIGRATE_SCRIPT_IS_FRESH, 0, NULL, &fresh) ||
        db_many(c->db, c->a, &SQL_MIGRATE_DRIFT, 0, NULL, &drift))
        return migrate_no_database();
    if (!str_eq(PQgetvalue(fresh, 0, 0), "t"))
        code = ctl_fail("template_tenant was changed by hand: new tenants "
                        "get what the migrations made.");
    for (int i = 0; i < PQntuples(drift); i++)
        code = ctl_fail("Tenant %s: %s %s.", PQgetvalue(drift, i, 0),
                        PQgetvalue(drift, i, 1), PQgetvalue(drift, i, 2));
    if (!code)
        puts("tenants: every schema is the template's copy.");
    return code;
}

static int compare_schemas(struct ctl *c)
{
    if (db_begin(c->db))
        return migrate_no_database();
    const int code = compare(c);
    db_rollback(c->db);
    return code;
}

int migrate_drift_verify(struct ctl *c, bool schemas)
{
    bool found;
    if (!migrate_tenant_engine(c, &found))
        return migrate_no_database();
    if (!found)
        return CTL_OK;
    const int bad = tell_state(c) | tell_troubles(c);
    return (schemas ? compare_schemas(c) : CTL_OK) | bad;
}
