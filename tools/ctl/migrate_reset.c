/* comptoirctl migrate reset: an empty database, migrated anew. For
 * development; it drops schemas rather than going down, so that files which
 * were edited meanwhile are no obstacle. */
#include <stdio.h>
#include <string.h>
#include "base/conf.h"
#include "base/str.h"
#include "migrate.h"
#include "sql/migrate.h"

/* The name of the database must be given, by --yes or when asked. */
static bool is_meant(struct ctl *c, const struct migrate_options *how,
                     const char *name)
{
    char line[128] = "";
    const char *given = how->yes;
    if (!given) {
        printf("This erases everything in the database %s. Type its name: ",
               name);
        fflush(stdout);
        if (fgets(line, sizeof line, stdin))
            line[strcspn(line, "\n")] = '\0';
        given = line;
    }
    (void)c;
    return str_eq(given, name);
}

static bool run_alone(struct ctl *c, const struct db_query *q)
{
    if (db_begin(c->db))
        return false;
    if (db_exec(c->db, c->a, &SQL_MIGRATE_LOCK, 0, NULL) ||
        db_script(c->db, q->name, q->text)) {
        db_rollback(c->db);
        return false;
    }
    return db_commit(c->db) == OK;
}

/* Some schemas a transaction: each table of them is a lock. */
static bool drop_schemas(struct ctl *c)
{
    PGresult *res;
    do {
        if (!run_alone(c, &SQL_MIGRATE_RESET_SOME) ||
            db_one(c->db, c->a, &SQL_MIGRATE_RESET_LEFT, 0, NULL, &res))
            return false;
    } while (!str_eq(PQgetvalue(res, 0, 0), "0"));
    return run_alone(c, &SQL_MIGRATE_RESET_PUBLIC);
}

int migrate_reset(struct ctl *c)
{
    struct migrate_options how;
    PGresult *res;
    if (!migrate_options_read(c, &how))
        return CTL_USAGE;
    if (str_eq(conf_str(CONF_ENV), "prod"))
        return ctl_fail("ENV=prod refuses reset.");
    if (db_one(c->db, c->a, &SQL_MIGRATE_DATABASE_NAME, 0, NULL, &res))
        return migrate_no_database();
    const char *name = PQgetvalue(res, 0, 0);
    if (!is_meant(c, &how, name))
        return ctl_fail("That is not %s: nothing was erased.", name);
    if (!drop_schemas(c))
        return migrate_no_database();
    printf("%s is empty.\n", name);
    const int code = migrate_all(c, &how);
    return code ? code : reference_seed(c);
}
