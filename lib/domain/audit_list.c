/* Parameters in, rows out. */
#include "domain/audit_list.h"
#include "sql/audit_list.h"

enum err audit_list(struct db *db, struct arena *a,
                    const struct audit_list_filter *f, PGresult **out)
{
    const char *const params[] = {f->after,   f->chain, f->event, f->actor,
                                  f->subject, f->since, f->rows};
    return db_many(db, a, &SQL_AUDIT_LIST_LIST, 7, params, out);
}

enum err audit_list_verify(struct db *db, struct arena *a, const char *chain,
                           PGresult **out)
{
    const char *const params[] = {chain};
    return db_many(db, a, &SQL_AUDIT_LIST_VERIFY, 1, params, out);
}
