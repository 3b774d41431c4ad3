/* Parameters in, rows out. */
#include "domain/user_admin.h"
#include <jansson.h>
#include <stdlib.h>
#include "sql/user_admin.h"

enum err user_admin_list(struct db *db, struct arena *a,
                         const struct user_admin_filter *f, PGresult **out)
{
    const char *const params[] = {f->after, f->email,  f->tenant,
                                  f->role,  f->active, f->rows};
    return db_many(db, a, &SQL_USER_ADMIN_LIST, 6, params, out);
}

enum err user_admin_show(struct db *db, struct arena *a, const char *id,
                         PGresult **out)
{
    const char *const params[] = {id};
    return db_one(db, a, &SQL_USER_ADMIN_SHOW, 1, params, out);
}

enum err user_admin_change(struct db *db, struct arena *a, const char *id,
                           const bool *active, const char *role,
                           const char *actor)
{
    json_t *wanted = json_pack("{s:s*}", "role", role);
    if (active)
        json_object_set_new(wanted, "is_active", json_boolean(*active));
    char *text = json_dumps(wanted, JSON_COMPACT);
    json_decref(wanted);
    arena_defer(a, free, text);
    const char *const params[] = {id, text, actor};
    return db_exec(db, a, &SQL_USER_ADMIN_CHANGE, 3, params);
}
