/* One statement: the figures are of one moment. */
#include "domain/stats.h"
#include "sql/stats.h"

enum err stats_read(struct db *db, struct arena *a, const char **json)
{
    PGresult *res;
    const enum err e = db_one(db, a, &SQL_STATS_ALL, 0, NULL, &res);
    if (!e)
        *json = PQgetvalue(res, 0, 0);
    return e;
}
