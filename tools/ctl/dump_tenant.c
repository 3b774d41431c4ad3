/* One tenant: its rows of the shared tables (tenant_parts says which) and of
 * its own schema, a JSON line each, brought back in one transaction. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/auto.h"
#include "base/str.h"
#include "dump.h"
#include "sql/dump.h"

enum { BLOCK = 1 << 20 };
#define DATA_FILE "tenant.jsonl"

static bool refused(void)
{
    ctl_fail("The database refused; the log line says why.");
    return false;
}

static bool has_tenant(struct ctl *c, const char *tenant, bool *found)
{
    const char *const params[] = {tenant};
    PGresult *row;
    if (db_one(c->db, c->a, &SQL_DUMP_HAS_TENANT, 1, params, &row))
        return refused();
    *found = *PQgetvalue(row, 0, 0) == 't';
    return true;
}

/* ---- writing ---------------------------------------------------------------
 */

/* A line: the part, a tab, the row. */
static bool write_rows(FILE *f, const char *part, const PGresult *res)
{
    for (int i = 0; i < PQntuples(res); i++)
        if (fprintf(f, "%s\t%s\n", part, PQgetvalue(res, i, 0)) < 0)
            return false;
    return true;
}

static bool write_part(struct ctl *c, FILE *f, const char *tenant,
                       const char *part)
{
    const char *const params[] = {tenant, part};
    struct arena *a = arena_new(BLOCK);
    PGresult *res;
    enum err e = db_exec(c->db, a, &SQL_DUMP_OPEN_PART, 2, params);
    int n = 1;
    bool good = true;
    while (!e && good && n > 0) {
        arena_reset(a);
        e = db_many(c->db, a, &SQL_DUMP_FETCH_PART, 0, NULL, &res);
        n = e ? 0 : PQntuples(res);
        good = e || write_rows(f, part, res);
    }
    if (!e)
        e = db_exec(c->db, a, &SQL_DUMP_CLOSE_PART, 0, NULL);
    arena_free(a);
    return e ? refused() : good;
}

static bool write_parts(struct ctl *c, const char *path, const char *tenant,
                        const json_t *m)
{
    json_t *tables = json_object_get(m, "tables");
    const char *part;
    json_t *v;
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    AUTO_FILE f = fd < 0 ? NULL : fdopen(fd, "w");
    bool good = f != NULL;
    json_object_foreach(tables, part, v) good =
        good && write_part(c, f, tenant, part);
    good = good && fflush(f) == 0 && fsync(fd) == 0;
    if (!good)
        ctl_fail("%s could not be written: %s.", path, strerror(errno));
    return good;
}

int dump_tenant(struct ctl *c, const char *folder, const char *tenant)
{
    bool found;
    if (!dump_folder(c, folder) || !dump_freeze(c) ||
        !has_tenant(c, tenant, &found))
        return CTL_FAILED;
    AUTO_JSON m = found ? dump_describe(c, tenant) : NULL;
    const bool good =
        m &&
        write_parts(c, arena_printf(c->a, "%s/" DATA_FILE, folder), tenant,
                    m) &&
        dump_seal(c, folder, DATA_FILE, m);
    db_rollback(c->db);
    if (!found)
        return ctl_fail("There is no tenant %s.", tenant);
    if (good)
        printf("Tenant %s is in %s: its rows of %zu tables.\n", tenant, folder,
               json_object_size(json_object_get(m, "tables")));
    return good ? CTL_OK : CTL_FAILED;
}

/* ---- bringing back ---------------------------------------------------------
 */

static bool put_line(struct ctl *c, struct arena *a, const char *tenant,
                     char *line)
{
    char *tab = strchr(line, '\t');
    if (!tab)
        return false;
    *tab = '\0';
    const char *const params[] = {tenant, line, tab + 1};
    return !db_exec(c->db, a, &SQL_DUMP_PUT, 3, params);
}

static bool put_rows(struct ctl *c, const char *path, const char *tenant)
{
    AUTO_FILE f = fopen(path, "re");
    struct arena *a = arena_new(BLOCK);
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    bool good = f != NULL;
    while (good && (n = getline(&line, &room, f)) > 0) {
        line[n - 1] = '\0';
        good = put_line(c, a, tenant, line);
        arena_reset(a);
    }
    good = good && !ferror(f);
    free(line);
    arena_free(a);
    return good;
}

/* The versions of tables must be those of the dump. */
static bool fits(struct ctl *c, const json_t *m)
{
    static const char *const rows[] = {"public_version", "tenant_version"};
    PGresult *row;
    if (db_one(c->db, c->a, &SQL_DUMP_ABOUT, 0, NULL, &row))
        return refused();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *was = json_string_value(json_object_get(m, rows[i]));
        const char *is = PQgetvalue(row, 0, PQfnumber(row, rows[i]));
        if (str_eq(was, is))
            continue;
        ctl_fail("The dump has %s %s, this database %s: migrate it to that one "
                 "first.",
                 rows[i], was ? was : "none", is);
        return false;
    }
    return true;
}

static bool bring_back(struct ctl *c, const char *path, const char *tenant)
{
    const char *const before[] = {tenant, "true"};
    const char *const after[] = {tenant, "false"};
    return (!db_exec(c->db, c->a, &SQL_DUMP_PATIENCE, 0, NULL) &&
            !db_exec(c->db, c->a, &SQL_DUMP_MAKE_SCHEMA, 1, before) &&
            !db_exec(c->db, c->a, &SQL_DUMP_HOLD, 2, before) &&
            put_rows(c, path, tenant) &&
            !db_exec(c->db, c->a, &SQL_DUMP_HOLD, 2, after)) ||
           refused();
}

int dump_tenant_restore(struct ctl *c, const char *folder, const char *tenant)
{
    bool found = false;
    AUTO_JSON m = dump_open(c, folder, "tenant");
    if (!m)
        return CTL_FAILED;
    if (!str_eq(json_string_value(json_object_get(m, "tenant_id")), tenant))
        return ctl_fail("%s is a dump of another tenant.", folder);
    if (db_begin(c->db))
        return ctl_fail("The database does not answer.");
    const bool good =
        fits(c, m) && has_tenant(c, tenant, &found) && !found &&
        bring_back(c, arena_printf(c->a, "%s/" DATA_FILE, folder), tenant) &&
        dump_compare(c, tenant, m);
    if (good && !db_commit(c->db))
        return CTL_OK;
    db_rollback(c->db);
    if (found)
        return ctl_fail("Tenant %s is here already; nothing is overwritten.",
                        tenant);
    return ctl_fail("Nothing was changed.");
}
