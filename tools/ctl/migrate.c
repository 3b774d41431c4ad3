/* Migrations of the public track: NNNN_word.up.sql and .down.sql. Each runs
 * in one transaction under a lock, so that hosts may upgrade at the same
 * time and an interrupted upgrade goes on where it stopped. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/encode.h"
#include "base/str.h"
#include "ctl.h"
#include "sql/migrate.h"

enum { FILES_MAX = 1000 };
static const char track[] = "public";

struct migration {
    int version;
    const char *name; /* 0001_reference */
    const char *up, *checksum;
};

struct applied {
    PGresult *rows; /* version, name, checksum, … */
    size_t n;
};

static int by_version(const void *x, const void *y)
{
    const struct migration *a = x, *b = y;
    return a->version - b->version;
}

static const char *path_of(struct ctl *c, const char *name, const char *way)
{
    return arena_printf(c->a, "%s/sql/migrations/%s/%s.%s.sql", c->home, track,
                        name, way);
}

/* Reads one NNNN_word.up.sql; false (and a sentence) when it is not well. */
static bool read_one(struct ctl *c, const char *file, struct migration *m)
{
    char *end;
    size_t n;
    m->version = (int)strtol(file, &end, 10);
    if (end != file + 4 || *end != '_' || m->version < 1) {
        ctl_fail("%s is not named NNNN_word.up.sql.", file);
        return false;
    }
    m->name = arena_strndup(c->a, file, strlen(file) - strlen(".up.sql"));
    m->up = ctl_file(c, path_of(c, m->name, "up"), &n);
    if (!m->up || !ctl_file(c, path_of(c, m->name, "down"), &(size_t){0}))
        return false;
    m->checksum = encode_sha256(c->a, m->up, n);
    return true;
}

/* All migrations on disk in order; -1 (and a sentence) when unusable. */
static int read_files(struct ctl *c, struct migration *all)
{
    const char *dir =
        arena_printf(c->a, "%s/sql/migrations/%s", c->home, track);
    DIR *d = opendir(dir);
    int n = 0;
    if (!d) {
        ctl_fail("There are no migrations in %s (see --home).", dir);
        return -1;
    }
    bool good = true;
    for (struct dirent *e; good && (e = readdir(d));) {
        if (!str_ends(e->d_name, ".up.sql"))
            continue;
        good = n < FILES_MAX && read_one(c, e->d_name, &all[n]);
        n++;
    }
    closedir(d);
    qsort(all, (size_t)n, sizeof *all, by_version);
    for (int i = 1; good && i < n; i++)
        if (all[i].version == all[i - 1].version) {
            ctl_fail("%s and %s have the same number.", all[i - 1].name,
                     all[i].name);
            good = false;
        }
    return good ? n : -1;
}

static int no_database(void)
{
    return ctl_fail("The database refused; the log line above says why.");
}

static bool read_applied(struct ctl *c, struct applied *out)
{
    PGresult *res;
    const char *const params[] = {track};
    *out = (struct applied){0};
    if (db_one(c->db, c->a, &SQL_MIGRATE_EXISTS, 0, NULL, &res))
        return false;
    if (!str_eq(PQgetvalue(res, 0, 0), "t"))
        return true; /* an empty database */
    if (db_many(c->db, c->a, &SQL_MIGRATE_APPLIED, 1, params, &out->rows))
        return false;
    out->n = (size_t)PQntuples(out->rows);
    return true;
}

static int applied_version(const struct applied *done, size_t i)
{
    return (int)strtol(PQgetvalue(done->rows, (int)i, 0), NULL, 10);
}

/* Compares what was applied with the files; the number of differences, each
 * told in a sentence. */
static int differences(const struct applied *done, const struct migration *all,
                       int n)
{
    int bad = 0;
    for (size_t i = 0; i < done->n; i++) {
        const int version = applied_version(done, i);
        const char *name = PQgetvalue(done->rows, (int)i, 1);
        int k = 0;
        while (k < n && all[k].version != version)
            k++;
        if (k == n)
            bad += ctl_fail("%s was applied but its file is gone.", name);
        else if (!str_eq(all[k].checksum, PQgetvalue(done->rows, (int)i, 2)))
            bad += ctl_fail("%s was edited after it was applied.", name);
    }
    return bad;
}

static bool is_applied(const struct applied *done, int version)
{
    for (size_t i = 0; i < done->n; i++)
        if (applied_version(done, i) == version)
            return true;
    return false;
}

static bool apply(struct ctl *c, const struct migration *m)
{
    const char *const params[] = {
        track, arena_printf(c->a, "%d", m->version), m->name, m->checksum};
    return db_exec(c->db, c->a, &SQL_MIGRATE_IMPATIENCE, 0, NULL) == OK &&
           db_script(c->db, m->name, m->up) == OK &&
           db_exec(c->db, c->a, &SQL_MIGRATE_NOTE, 4, params) == OK;
}

enum step { STEP_DONE, STEP_AGAIN, STEP_FAILED };

/* One transaction: looks again under the lock, applies the next one. */
static enum step upgrade_one(struct ctl *c, const struct migration *all, int n,
                             int target)
{
    struct applied done;
    if (db_begin(c->db))
        return no_database(), STEP_FAILED;
    bool good = db_exec(c->db, c->a, &SQL_MIGRATE_LOCK, 0, NULL) == OK &&
                read_applied(c, &done);
    if (!good) {
        db_rollback(c->db);
        return no_database(), STEP_FAILED;
    }
    int i = 0;
    while (i < n && is_applied(&done, all[i].version))
        i++;
    const bool refused = differences(&done, all, n) > 0;
    if (refused || i == n || all[i].version > target) {
        db_rollback(c->db);
        return refused ? STEP_FAILED : STEP_DONE;
    }
    good = apply(c, &all[i]);
    if (!good)
        db_rollback(c->db);
    if (!good || db_commit(c->db)) {
        ctl_fail("%s could not be applied; nothing of it was kept.",
                 all[i].name);
        return STEP_FAILED;
    }
    printf("applied %s\n", all[i].name);
    return STEP_AGAIN;
}

static bool number(const char *text, int64_t lo, int64_t hi, int *out)
{
    int64_t v;
    if (!str_to_i64(text, &v) || v < lo || v > hi)
        return false;
    *out = (int)v;
    return true;
}

int migrate_upgrade(struct ctl *c)
{
    struct migration *all = ARENA_ARRAY(c->a, FILES_MAX, struct migration);
    int target = 9999;
    if (c->argc > 1 || (c->argc == 1 && !number(c->argv[0], 1, 9999, &target)))
        return ctl_fail("upgrade takes one version number at most."), CTL_USAGE;
    const int n = read_files(c, all);
    if (n < 0)
        return CTL_FAILED;
    enum step s;
    while ((s = upgrade_one(c, all, n, target)) == STEP_AGAIN)
        continue;
    if (s == STEP_FAILED)
        return CTL_FAILED;
    printf("The database is up to date.\n");
    return target == 9999 ? reference_seed(c) : CTL_OK;
}

/* Takes back the newest applied migration; its note goes first, for the
 * first migration takes the table of notes away. */
static int downgrade_one(struct ctl *c, const struct migration *m)
{
    size_t n;
    const char *down = ctl_file(c, path_of(c, m->name, "down"), &n);
    const char *const params[] = {track,
                                  arena_printf(c->a, "%d", m->version)};
    if (!down)
        return CTL_FAILED;
    if (db_exec(c->db, c->a, &SQL_MIGRATE_FORGET, 2, params) ||
        db_exec(c->db, c->a, &SQL_MIGRATE_IMPATIENCE, 0, NULL) ||
        db_script(c->db, m->name, down))
        return ctl_fail("%s could not be taken back.", m->name);
    return CTL_OK;
}

/* The version to go down to: "-2" counts from the newest. */
static bool downgrade_target(struct ctl *c, const struct applied *done,
                             int *target)
{
    if (c->argc != 1)
        return false;
    if (*c->argv[0] != '-')
        return number(c->argv[0], 0, 9999, target);
    int back;
    if (!number(c->argv[0] + 1, 1, 9999, &back))
        return false;
    *target = (size_t)back >= done->n
                  ? 0
                  : applied_version(done, done->n - (size_t)back - 1);
    return true;
}

static int downgrade_to(struct ctl *c, const struct applied *done,
                        const struct migration *all, int n, int target)
{
    if (differences(done, all, n) > 0)
        return CTL_FAILED;
    for (size_t i = done->n; i-- > 0 && applied_version(done, i) > target;) {
        int k = 0;
        while (all[k].version != applied_version(done, i))
            k++; /* differences() found a file for each */
        const int code = downgrade_one(c, &all[k]);
        if (code)
            return code;
        printf("took back %s\n", all[k].name);
    }
    return CTL_OK;
}

int migrate_downgrade(struct ctl *c)
{
    struct migration *all = ARENA_ARRAY(c->a, FILES_MAX, struct migration);
    struct applied done;
    int target;
    const int n = read_files(c, all);
    if (n < 0)
        return CTL_FAILED;
    if (db_begin(c->db))
        return no_database();
    int code = CTL_FAILED;
    if (db_exec(c->db, c->a, &SQL_MIGRATE_LOCK, 0, NULL) ||
        !read_applied(c, &done))
        no_database();
    else if (!downgrade_target(c, &done, &target))
        code = (ctl_fail("downgrade takes -N or a version."), CTL_USAGE);
    else
        code = downgrade_to(c, &done, all, n, target);
    if (code) {
        db_rollback(c->db);
        return code;
    }
    return db_commit(c->db) ? no_database() : CTL_OK;
}

int migrate_history(struct ctl *c)
{
    struct applied done;
    if (!read_applied(c, &done))
        return no_database();
    for (size_t i = 0; i < done.n; i++)
        printf("%s  %s  %s  %.12s\n", PQgetvalue(done.rows, (int)i, 4),
               PQgetvalue(done.rows, (int)i, 1),
               PQgetvalue(done.rows, (int)i, 3),
               PQgetvalue(done.rows, (int)i, 2));
    if (!done.n)
        printf("Nothing has been applied.\n");
    return CTL_OK;
}

int migrate_current(struct ctl *c)
{
    struct migration *all = ARENA_ARRAY(c->a, FILES_MAX, struct migration);
    struct applied done;
    const int n = read_files(c, all);
    if (n < 0)
        return CTL_FAILED;
    if (!read_applied(c, &done))
        return no_database();
    printf("database %d, files %d\n",
           done.n ? applied_version(&done, done.n - 1) : 0,
           n ? all[n - 1].version : 0);
    return CTL_OK;
}

int migrate_verify(struct ctl *c)
{
    struct migration *all = ARENA_ARRAY(c->a, FILES_MAX, struct migration);
    struct applied done;
    const int n = read_files(c, all);
    if (n < 0)
        return CTL_FAILED;
    if (!read_applied(c, &done))
        return no_database();
    if (differences(&done, all, n) > 0)
        return CTL_FAILED;
    printf("%zu applied, all unchanged.\n", done.n);
    return CTL_OK;
}
