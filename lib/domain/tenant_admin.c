/* Parameters in, rows out. */
#include "domain/tenant_admin.h"
#include <stdlib.h>
#include "sql/tenant_admin.h"

enum err tenant_admin_list(struct db *db, struct arena *a,
                           const struct tenant_admin_filter *f, PGresult **out)
{
    const char *const params[] = {f->after, f->name, f->tier, f->active,
                                  f->rows};
    return db_many(db, a, &SQL_TENANT_ADMIN_LIST, 5, params, out);
}

enum err tenant_admin_show(struct db *db, struct arena *a, const char *id,
                           PGresult **out)
{
    const char *const params[] = {id};
    return db_one(db, a, &SQL_TENANT_ADMIN_SHOW, 1, params, out);
}

enum err tenant_admin_change(struct db *db, struct arena *a, const char *id,
                             json_t *wanted, const char *actor)
{
    char *text = json_dumps(wanted, JSON_COMPACT);
    json_decref(wanted);
    arena_defer(a, free, text);
    const char *const params[] = {id, text, actor};
    return db_exec(db, a, &SQL_TENANT_ADMIN_CHANGE, 3, params);
}
