/* comptoirctl migrate: the verbs, and the public track. NNNN_word.up.sql and
 * .down.sql each run in one transaction under a lock, so that hosts may
 * upgrade at the same time and an interrupted upgrade goes on where it
 * stopped. The tenant track is migrate_tenant.c's. */
#include "migrate.h"
#include <stdio.h>
#include "base/str.h"
#include "sql/migrate.h"

static const char track[] = "public";

static bool apply(struct ctl *c, const struct migration *m)
{
    return db_exec(c->db, c->a, &SQL_MIGRATE_IMPATIENCE, 0, NULL) == OK &&
           db_script(c->db, m->name, m->up) == OK && migrate_note(c, track, m);
}

enum step { STEP_DONE, STEP_AGAIN, STEP_FAILED };

/* One transaction: looks again under the lock, applies the next one. */
static enum step upgrade_one(struct ctl *c, const struct migrate_track *files,
                             int target)
{
    struct migrate_applied done;
    if (db_begin(c->db))
        return migrate_no_database(), STEP_FAILED;
    if (db_exec(c->db, c->a, &SQL_MIGRATE_LOCK, 0, NULL) ||
        !migrate_applied_read(c, track, &done)) {
        db_rollback(c->db);
        return migrate_no_database(), STEP_FAILED;
    }
    int i = 0;
    while (i < files->n && migrate_applied_has(&done, files->all[i].version))
        i++;
    const struct migration *m = &files->all[i];
    const bool refused = migrate_differences(&done, files) > 0;
    if (refused || i == files->n || m->version > target) {
        db_rollback(c->db);
        return refused ? STEP_FAILED : STEP_DONE;
    }
    const bool good = apply(c, m);
    if (!good)
        db_rollback(c->db);
    if (!good || db_commit(c->db)) {
        ctl_fail("%s could not be applied; nothing of it was kept.", m->name);
        return STEP_FAILED;
    }
    printf("applied %s\n", m->name);
    fflush(stdout);
    return STEP_AGAIN;
}

static int upgrade_public(struct ctl *c, int target)
{
    struct migrate_track files;
    if (!migrate_files_read(c, track, &files))
        return CTL_FAILED;
    enum step s;
    while ((s = upgrade_one(c, &files, target)) == STEP_AGAIN)
        continue;
    return s == STEP_FAILED ? CTL_FAILED : CTL_OK;
}

int migrate_all(struct ctl *c, const struct migrate_options *how)
{
    const int code = upgrade_public(c, MIGRATE_VERSION_MAX);
    return code ? code : migrate_tenant_upgrade(c, how, MIGRATE_VERSION_MAX);
}

/* Without options both tracks go to the newest; a version belongs to one
 * track, the public one unless another is named. */
int migrate_upgrade(struct ctl *c)
{
    struct migrate_options how;
    int64_t target = MIGRATE_VERSION_MAX;
    if (!migrate_options_read(c, &how))
        return CTL_USAGE;
    if (how.word && !str_eq(how.word, "head") &&
        !migrate_number(how.word, 1, MIGRATE_VERSION_MAX, &target))
        return ctl_fail("upgrade takes one version number at most."), CTL_USAGE;
    if (how.tenant || (how.track && !str_eq(how.track, track)))
        return migrate_tenant_upgrade(c, &how, (int)target);
    const bool is_part = target < MIGRATE_VERSION_MAX || how.track;
    const int code =
        is_part ? upgrade_public(c, (int)target) : migrate_all(c, &how);
    if (code && code != CTL_LEFT)
        return code;
    printf("The database is up to date%s.\n",
           code ? ", but not every tenant" : "");
    const int seeds = target < MIGRATE_VERSION_MAX ? CTL_OK : reference_seed(c);
    return seeds ? seeds : code;
}

/* Takes back the newest applied migration; its note goes first, for the
 * first migration takes the table of notes away. */
static int downgrade_one(struct ctl *c, const struct migration *m)
{
    if (!migrate_forget(c, track, m) ||
        db_exec(c->db, c->a, &SQL_MIGRATE_IMPATIENCE, 0, NULL) ||
        db_script(c->db, m->name, m->down))
        return ctl_fail("%s could not be taken back.", m->name);
    return CTL_OK;
}

static int downgrade_to(struct ctl *c, const struct migrate_applied *done,
                        const struct migrate_track *files, int target)
{
    if (migrate_differences(done, files) > 0)
        return CTL_FAILED;
    for (size_t i = done->n;
         i-- > 0 && migrate_applied_version(done, i) > target;) {
        /* migrate_differences() found a file for each */
        const struct migration *m =
            migrate_find(files, migrate_applied_version(done, i));
        const int code = downgrade_one(c, m);
        if (code)
            return code;
        printf("took back %s\n", m->name);
    }
    return CTL_OK;
}

static int downgrade_public(struct ctl *c, const char *word)
{
    struct migrate_track files;
    struct migrate_applied done;
    int target, code = CTL_FAILED;
    if (!migrate_files_read(c, track, &files))
        return CTL_FAILED;
    if (db_begin(c->db))
        return migrate_no_database();
    if (db_exec(c->db, c->a, &SQL_MIGRATE_LOCK, 0, NULL) ||
        !migrate_applied_read(c, track, &done))
        migrate_no_database();
    else if (!migrate_target_down(&done, word, &target))
        code = (ctl_fail("downgrade takes -N or a version."), CTL_USAGE);
    else
        code = downgrade_to(c, &done, &files, target);
    if (code) {
        db_rollback(c->db);
        return code;
    }
    return db_commit(c->db) ? migrate_no_database() : CTL_OK;
}

int migrate_downgrade(struct ctl *c)
{
    struct migrate_options how;
    if (!migrate_options_read(c, &how))
        return CTL_USAGE;
    if (how.tenant || (how.track && !str_eq(how.track, track)))
        return migrate_tenant_downgrade(c, &how);
    return downgrade_public(c, how.word);
}

int migrate_history(struct ctl *c)
{
    struct migrate_options how;
    struct migrate_applied done;
    if (!migrate_options_read(c, &how))
        return CTL_USAGE;
    if (!migrate_applied_read(c, how.track ? how.track : track, &done))
        return migrate_no_database();
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
    struct migrate_options how;
    struct migrate_track files;
    struct migrate_applied done;
    if (!migrate_options_read(c, &how))
        return CTL_USAGE;
    const char *which = how.track ? how.track : track;
    if (!migrate_files_read(c, which, &files))
        return CTL_FAILED;
    if (!migrate_applied_read(c, which, &done))
        return migrate_no_database();
    printf("%s %d, files %d\n", str_eq(which, track) ? "database" : "template",
           migrate_applied_newest(&done),
           files.n ? files.all[files.n - 1].version : 0);
    return str_eq(which, track) ? CTL_OK : migrate_drift_current(c);
}

static int verify_track(struct ctl *c, const char *which)
{
    struct migrate_track files;
    struct migrate_applied done;
    if (!migrate_files_read(c, which, &files))
        return CTL_FAILED;
    if (!migrate_applied_read(c, which, &done))
        return migrate_no_database();
    if (migrate_differences(&done, &files) > 0)
        return CTL_FAILED;
    printf("%s: %zu applied, all unchanged.\n", which, done.n);
    return CTL_OK;
}

int migrate_verify(struct ctl *c)
{
    static const char *const tracks[] = {track, "tenant"};
    struct migrate_options how;
    int bad = CTL_OK;
    if (!migrate_options_read(c, &how))
        return CTL_USAGE;
    for (size_t i = 0; i < ARRAY_LEN(tracks); i++)
        if (!how.track || str_eq(how.track, tracks[i]))
            bad |= verify_track(c, tracks[i]);
    if (!how.track || !str_eq(how.track, track))
        bad |= migrate_drift_verify(c, how.schemas);
    return bad ? CTL_FAILED : CTL_OK;
}
