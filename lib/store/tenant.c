/* The schema's name is made by the database from the number alone
 * (tenant_schema_name checks it); nothing that a client wrote comes near. */
#include "store/tenant.h"
#include "sql/db.h"

enum err tenant_enter(struct db *db, struct arena *a, int64_t tenant_id,
                      bool with_schema)
{
    PGresult *res;
    if (tenant_id < 1)
        return ERR_FORBIDDEN;
    if (with_schema)
        db_visit(db, tenant_id);
    const char *const params[] = {arena_printf(a, "%lld", (long long)tenant_id),
                                  with_schema ? "t" : "f"};
    const enum err e = db_one(db, a, &SQL_DB_ENTER_TENANT, 2, params, &res);
    return e == ERR_NOT_FOUND ? ERR_TENANT_CAPACITY : e;
}

enum err tenant_begin(struct db *db, struct arena *a, int64_t tenant_id,
                      bool with_schema)
{
    enum err e = db_begin(db);
    if (e)
        return e;
    e = tenant_enter(db, a, tenant_id, with_schema);
    if (e)
        db_rollback(db);
    return e;
}
