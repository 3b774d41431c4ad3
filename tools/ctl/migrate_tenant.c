/* The tenant track: template_tenant and a canary first, in one transaction,
 * then everybody in chunks. A tenant's version changes in the transaction that
 * changes its schema, so whatever ends the program, the next run finds exactly
 * those that are left. A tenant that is busy is tried again, one that fails
 * is noted and left for the next run, and too many failures end the run. */
#include "migrate_walk.h"
#include <stdio.h>
#include "base/conf.h"
#include "base/str.h"
#include "sql/migrate.h"

/* ---- template and canary ------------------------------------------------ */

/* Is the copy that new tenants will get possible? */
static bool try_copy(struct walk *r)
{
    struct ctl *c = r->c;
    return db_exec(c->db, c->a, &SQL_MIGRATE_TEMPLATE_RENEW, 0, NULL) == OK &&
           walk_sql(r, &SQL_MIGRATE_SAVEPOINT) &&
           db_exec(c->db, c->a, &SQL_MIGRATE_TEMPLATE_TRY, 0, NULL) == OK &&
           walk_sql(r, &SQL_MIGRATE_UNDO);
}

static bool apply_to_template(struct walk *r,
                              const struct migrate_applied *done)
{
    static const char template[] = "template_tenant";
    const int from = migrate_applied_newest(done);
    if (!walk_schema(r, template, from))
        return false;
    for (int i = 0; i < r->files.n; i++) {
        const struct migration *m = &r->files.all[i];
        const bool is_new = m->version > from && m->version <= r->target;
        const bool is_gone = m->version <= from && m->version > r->target;
        if ((!r->down && is_new && !migrate_note(r->c, "tenant", m)) ||
            (r->down && is_gone && !migrate_forget(r->c, "tenant", m)))
            return false;
    }
    return try_copy(r);
}

/* Files younger than the newest applied one cannot slip in below it. */
static bool is_in_order(struct walk *r, const struct migrate_applied *done)
{
    const int newest = migrate_applied_newest(done);
    for (int i = 0; i < r->files.n; i++) {
        const struct migration *m = &r->files.all[i];
        if (m->version < newest && !migrate_applied_has(done, m->version)) {
            ctl_fail("%s comes after what was applied: give it a number "
                     "above %04d.",
                     m->name, newest);
            return false;
        }
    }
    return true;
}

static bool lock_template(struct walk *r, struct migrate_applied *done)
{
    struct ctl *c = r->c;
    if (!walk_begin(r)) {
        migrate_no_database();
        return false;
    }
    if (db_exec(c->db, c->a, &SQL_MIGRATE_TEMPLATE_LOCK, 0, NULL) ||
        !walk_be_impatient(r) || !migrate_applied_read(c, "tenant", done)) {
        db_rollback(c->db);
        migrate_no_database();
        return false;
    }
    if (migrate_differences(done, &r->files) || !is_in_order(r, done)) {
        db_rollback(c->db);
        return false;
    }
    return true;
}

/* The first tenant, within the transaction that is open. */
static enum walk_outcome move_canary(struct walk *r, bool is_last_try,
                                     int64_t *id)
{
    PGresult *res;
    const char *const params[] = {walk_number(r, r->target),
                                  r->down ? "t" : "f",
                                  walk_number(r, r->how->canary)};
    if (db_many(r->c->db, r->c->a, &SQL_MIGRATE_CANARY, 3, params, &res))
        return WALK_LOST;
    if (PQntuples(res) == 0)
        return WALK_NOBODY;
    const struct walk_tenant t = walk_tenant_from_row(res, 0);
    *id = t.id;
    return walk_tenant(r, &t, is_last_try);
}

/* Nothing is kept of a canary's failure but its note. */
static int canary_failed(struct walk *r, int64_t id)
{
    db_rollback(r->c->db);
    const bool noted = walk_begin(r) && walk_note_failure(r, id);
    if (!noted || db_commit(r->c->db)) {
        db_rollback(r->c->db);
        migrate_no_database();
    }
    ctl_fail("Tenant %lld went first and failed: %s. Nothing was "
             "changed (--canary names another).",
             (long long)id, r->why);
    return CTL_LEFT;
}

static int commit_first(struct walk *r, const struct migrate_applied *done,
                        bool moves_template, enum walk_outcome o, int64_t id)
{
    if (db_commit(r->c->db))
        return migrate_no_database();
    const int from = migrate_applied_newest(done);
    for (int i = 0; moves_template && i < r->files.n; i++)
        if (r->files.all[i].version > from &&
            r->files.all[i].version <= r->target)
            printf("template_tenant: applied %s\n", r->files.all[i].name);
    if (o == WALK_MOVED)
        printf("tenant %lld went first, all is well\n", (long long)id);
    fflush(stdout);
    return CTL_OK;
}

/* Template (upwards only: downwards it comes last) and canary in one. */
static int move_first(struct walk *r)
{
    for (int try = 1;; try++) {
        struct migrate_applied done;
        int64_t id = 0;
        if (!lock_template(r, &done))
            return CTL_FAILED;
        const bool moves_template =
            !r->down && migrate_applied_newest(&done) < r->target;
        if (moves_template && !apply_to_template(r, &done)) {
            db_rollback(r->c->db);
            return ctl_fail("template_tenant: %s; nothing was kept.",
                            db_said(r->c->db));
        }
        const enum walk_outcome o = move_canary(r, try == WALK_TRIES, &id);
        if (o == WALK_MOVED || o == WALK_NOBODY)
            return commit_first(r, &done, moves_template, o, id);
        if (o == WALK_FAILED)
            return canary_failed(r, id);
        db_rollback(r->c->db);
        if (o == WALK_LOST)
            return migrate_no_database();
        walk_wait(try);
    }
}

static int tell_failures(struct walk *r)
{
    PGresult *res;
    if (db_many(r->c->db, r->c->a, &SQL_MIGRATE_TENANT_FAILURES, 0, NULL, &res))
        return migrate_no_database();
    for (int i = 0; i < PQntuples(res); i++)
        ctl_fail("tenant %s stays at %s: %s", PQgetvalue(res, i, 0),
                 PQgetvalue(res, i, 1), PQgetvalue(res, i, 2));
    if (walk_is_over(r))
        ctl_fail("Stopped after %lld failures (--max-failures).",
                 (long long)r->failed);
    ctl_fail("The next run takes up those that are left.");
    return CTL_LEFT;
}

static int move_all(struct walk *r)
{
    const int code = move_first(r);
    if (code)
        return code;
    if (!walk_rest(r))
        return migrate_no_database();
    return r->failed ? tell_failures(r) : CTL_OK;
}

/* ---- one tenant --------------------------------------------------------- */

static int move_one(struct walk *r, const struct migrate_applied *done)
{
    PGresult *res;
    const char *const params[] = {walk_number(r, r->how->tenant)};
    const enum err e =
        db_one(r->c->db, r->c->a, &SQL_MIGRATE_TENANT_EXISTS, 1, params, &res);
    if (e == ERR_NOT_FOUND)
        return ctl_fail("Tenant %lld has no schema.",
                        (long long)r->how->tenant);
    if (e)
        return migrate_no_database();
    if (migrate_differences(done, &r->files) || !is_in_order(r, done))
        return CTL_FAILED;
    const int newest = migrate_applied_newest(done);
    if (r->target > newest && !r->down)
        r->target = newest; /* never ahead of the template */
    const enum walk_outcome o = walk_busy(r, r->how->tenant);
    if (o == WALK_LOST)
        return migrate_no_database();
    return o == WALK_FAILED ? tell_failures(r) : CTL_OK;
}

/* ---- verbs -------------------------------------------------------------- */

bool migrate_tenant_engine(struct ctl *c, bool *found)
{
    PGresult *res;
    if (db_one(c->db, c->a, &SQL_MIGRATE_ENGINE, 0, NULL, &res))
        return false;
    *found = str_eq(PQgetvalue(res, 0, 0), "t");
    return true;
}

/* Prefix and cap as the environment says. */
static int take_settings(struct ctl *c)
{
    PGresult *res;
    const char *prefix = conf_str(CONF_TENANT_SCHEMA_PREFIX);
    const char *const params[] = {prefix, conf_str(CONF_TENANT_MAX_SCHEMAS)};
    const enum err e =
        db_one(c->db, c->a, &SQL_MIGRATE_SETTINGS, 2, params, &res);
    if (e == ERR_NOT_FOUND)
        return ctl_fail("TENANT_SCHEMA_PREFIX is %s, but tenants have schemas "
                        "under another; it cannot change any more.",
                        prefix);
    if (e)
        return ctl_fail("TENANT_SCHEMA_PREFIX=%s was refused: lower case "
                        "letters and digits, ending with _.",
                        prefix);
    return CTL_OK;
}

/* Those that registered at the cap, once there is room. */
static int serve_waiting(struct ctl *c)
{
    const char *const params[] = {"10"}; /* well within 10 s */
    for (;;) {
        PGresult *res;
        int64_t made;
        if (db_one(c->db, c->a, &SQL_MIGRATE_TENANT_WAITING, 1, params, &res) ||
            !str_to_i64(PQgetvalue(res, 0, 0), &made))
            return migrate_no_database();
        if (!made)
            return CTL_OK;
        printf("tenants: %lld more have a schema now\n", (long long)made);
    }
}

static bool prepare(struct walk *r, struct migrate_applied *done)
{
    bool found;
    if (!migrate_files_read(r->c, "tenant", &r->files))
        return false;
    if (!migrate_tenant_engine(r->c, &found) ||
        !migrate_applied_read(r->c, "tenant", done)) {
        migrate_no_database();
        return false;
    }
    if (!found)
        ctl_fail("The public track comes first: migrate upgrade.");
    return found;
}

int migrate_tenant_upgrade(struct ctl *c, const struct migrate_options *how,
                           int target)
{
    struct walk *r = ARENA_NEW(c->a, struct walk);
    struct migrate_applied done;
    *r = (struct walk){.c = c, .how = how};
    if (!prepare(r, &done) || take_settings(c))
        return CTL_FAILED;
    const int newest = r->files.n ? r->files.all[r->files.n - 1].version : 0;
    r->target = target < newest ? target : newest;
    if (how->tenant)
        return move_one(r, &done);
    const int code = move_all(r);
    return code || target < newest ? code : serve_waiting(c);
}

/* The template last, and only when no clone is above it any more: one that
 * was made meanwhile is. */
static enum walk_outcome move_template_down(struct walk *r)
{
    struct migrate_applied done;
    PGresult *res;
    if (!lock_template(r, &done))
        return WALK_FAILED;
    if (!walk_left(r, 0, 1, &res) || PQntuples(res)) {
        db_rollback(r->c->db);
        return WALK_BUSY;
    }
    if (!apply_to_template(r, &done) || db_commit(r->c->db)) {
        db_rollback(r->c->db);
        ctl_fail("template_tenant: %s; nothing was kept.", db_said(r->c->db));
        return WALK_FAILED;
    }
    return WALK_MOVED;
}

int migrate_tenant_downgrade(struct ctl *c, const struct migrate_options *how)
{
    struct walk *r = ARENA_NEW(c->a, struct walk);
    struct migrate_applied done;
    *r = (struct walk){.c = c, .how = how, .down = true};
    if (!prepare(r, &done))
        return CTL_FAILED;
    if (!migrate_target_down(&done, how->word, &r->target))
        return ctl_fail("downgrade takes -N or a version."), CTL_USAGE;
    if (how->tenant)
        return move_one(r, &done);
    for (int try = 0; try < WALK_TRIES; try++) {
        const int code = move_all(r);
        if (code)
            return code;
        const enum walk_outcome o = move_template_down(r);
        if (o == WALK_MOVED)
            printf("The tenant track is at %d.\n", r->target);
        if (o != WALK_BUSY)
            return o == WALK_MOVED ? CTL_OK : CTL_FAILED;
    }
    return ctl_fail("New tenants keep coming; run it again.");
}
