/* comptoirctl backup|restore: the whole database by pg_dump and pg_restore, or
 * one tenant (dump_tenant.c). Passwords go by the environment, never by an
 * argument that others can see. */
#include "dump.h"
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "base/auto.h"
#include "base/conf.h"
#include "base/str.h"
#include "operator.h"
#include "options.h"
#include "sql/dump.h"

enum { WHERE, TENANT, OPTIONS };
#define DATA_FILE "database.dump"

extern char **environ;

static int usage(const char *sentence)
{
    ctl_fail("%s", sentence);
    return CTL_USAGE;
}

/* ---- PostgreSQL's own programs ---------------------------------------------
 */

/* DATABASE_URL as PGHOST, PGUSER, PGPASSWORD… of the programs we start. */
static bool hand_over(void)
{
    char *why = NULL;
    PQconninfoOption *all = PQconninfoParse(conf_str(CONF_DATABASE_URL), &why);
    PQfreemem(why);
    if (!all) {
        ctl_fail("DATABASE_URL is not understood.");
        return false;
    }
    for (const PQconninfoOption *o = all; o->keyword; o++)
        if (o->envvar && o->val && *o->val)
            setenv(o->envvar, o->val, 1);
    PQconninfoFree(all);
    return true;
}

static bool run(const char *const *argv)
{
    pid_t pid;
    int status = 0;
    const int bad =
        posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)argv, environ);
    if (bad) {
        ctl_fail("%s could not be started: %s.", argv[0], strerror(bad));
        return false;
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    ctl_fail("%s failed; what it said stands above.", argv[0]);
    return false;
}

/* ---- the whole database ----------------------------------------------------
 */

static bool dump_data(struct ctl *c, const char *file)
{
    PGresult *row;
    if (db_one(c->db, c->a, &SQL_DUMP_SNAPSHOT, 0, NULL, &row)) {
        ctl_fail("The database refused; the log line says why.");
        return false;
    }
    const char *const argv[] = {
        "pg_dump",
        "--format=custom",
        "--no-password",
        arena_printf(c->a, "--snapshot=%s", PQgetvalue(row, 0, 0)),
        arena_printf(c->a, "--file=%s", file),
        NULL};
    return hand_over() && run(argv);
}

static int dump_all(struct ctl *c, const char *folder)
{
    if (!dump_folder(c, folder) || !dump_freeze(c))
        return CTL_FAILED;
    AUTO_JSON m = dump_describe(c, NULL);
    const bool good =
        m && dump_data(c, arena_printf(c->a, "%s/" DATA_FILE, folder)) &&
        dump_seal(c, folder, DATA_FILE, m);
    db_rollback(c->db);
    if (good)
        printf("The database is in %s: %zu tables.\n", folder,
               json_object_size(json_object_get(m, "tables")));
    return good ? CTL_OK : CTL_FAILED;
}

/* Rights are granted to the programs' roles: they must be there before. */
static bool make_roles(struct ctl *c, const json_t *m)
{
    const char *const params[] = {
        json_string_value(json_object_get(m, "roles"))};
    enum err e = db_begin(c->db);
    if (!e)
        e = db_exec(c->db, c->a, &SQL_DUMP_WANT_ROLES, 1, params);
    if (!e)
        e = db_exec(c->db, c->a, &SQL_DUMP_MAKE_ROLES, 0, NULL);
    if (!e)
        e = db_commit(c->db);
    else
        db_rollback(c->db);
    if (e)
        ctl_fail("The programs' roles could not be made: run sql/roles.sql as "
                 "a superuser.");
    return !e;
}

static bool is_empty(struct ctl *c)
{
    PGresult *row;
    if (!db_one(c->db, c->a, &SQL_DUMP_IS_EMPTY, 0, NULL, &row) &&
        *PQgetvalue(row, 0, 0) == 't')
        return true;
    ctl_fail("The database must be there and empty: createdb one, and name it "
             "in DATABASE_URL.");
    return false;
}

static int restore_all(struct ctl *c, const char *folder)
{
    AUTO_JSON m = dump_open(c, folder, "database");
    if (!m || !is_empty(c) || !make_roles(c, m) || !hand_over())
        return CTL_FAILED;
    const char *const argv[] = {
        "pg_restore",
        "--exit-on-error",
        "--single-transaction",
        "--no-owner",
        "--no-password",
        arena_printf(c->a, "--dbname=%s",
                     getenv("PGDATABASE") ? getenv("PGDATABASE") : "postgres"),
        arena_printf(c->a, "%s/" DATA_FILE, folder),
        NULL};
    if (!run(argv) || !dump_freeze(c))
        return CTL_FAILED;
    const bool same = dump_compare(c, NULL, m);
    db_rollback(c->db);
    return same ? CTL_OK : CTL_FAILED;
}

/* ---- commands --------------------------------------------------------------
 */

static bool options(struct ctl *c, const char *where, struct option_value *v)
{
    const struct option table[] = {[WHERE] = {where, OPTION_TEXT},
                                   [TENANT] = {"--tenant", OPTION_TEXT},
                                   [OPTIONS] = {0}};
    return options_read(c, table, v) && v[WHERE].set && *v[WHERE].text &&
           (!v[TENANT].set || operator_is_id(v[TENANT].text));
}

int dump_backup(struct ctl *c)
{
    struct option_value v[OPTIONS];
    if (!options(c, "--to", v))
        return usage("backup takes --to FOLDER and --tenant N or nothing for "
                     "the whole database; runs in the S3 store are for backup "
                     "list, fetch, verify and restore.");
    return v[TENANT].set ? dump_tenant(c, v[WHERE].text, v[TENANT].text)
                         : dump_all(c, v[WHERE].text);
}

int dump_restore(struct ctl *c)
{
    struct option_value v[OPTIONS];
    if (!options(c, "--from", v))
        return usage("restore takes --from FOLDER, and --tenant N for a dump "
                     "of that tenant.");
    return v[TENANT].set ? dump_tenant_restore(c, v[WHERE].text, v[TENANT].text)
                         : restore_all(c, v[WHERE].text);
}
