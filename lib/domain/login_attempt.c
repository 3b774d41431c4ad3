/* Parameters in, rows out. */
#include "domain/login_attempt.h"
#include "sql/login_attempt.h"

enum err login_attempt_list(struct db *db, struct arena *a,
                            const struct login_attempt_filter *f,
                            PGresult **out)
{
    const char *const params[] = {f->after,   f->username, f->ip,
                                  f->success, f->since,    f->rows};
    return db_many(db, a, &SQL_LOGIN_ATTEMPT_LIST, 6, params, out);
}
