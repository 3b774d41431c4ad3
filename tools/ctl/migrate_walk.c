/* Tenants' schemas from version to version: one by one within a chunk's
 * transaction, the busy ones again afterwards. */
#include "migrate_walk.h"
#include <stdio.h>
#include <time.h>
#include "base/str.h"
#include "sql/migrate.h"

enum {
    CHUNK = 50,    /* tenants a transaction: security.md 2.2 */
    WAITS_MAX = 5, /* busy ones that a chunk waits for: others wait for it */
    WAIT_MS = 100, /* before the second try; doubled after each */
    MEMORY = 256 << 10
};

const char *walk_number(struct walk *r, int64_t n)
{
    return arena_printf(r->c->a, "%lld", (long long)n);
}

struct walk_tenant walk_tenant_from_row(const PGresult *res, int row)
{
    struct walk_tenant t = {.schema = PQgetvalue(res, row, 1)};
    int64_t version = 0;
    if (!str_to_i64(PQgetvalue(res, row, 0), &t.id) ||
        !str_to_i64(PQgetvalue(res, row, 2), &version))
        t.id = 0;
    t.version = (int)version;
    return t;
}

bool walk_sql(struct walk *r, const struct db_query *q)
{
    return db_script(r->c->db, q->name, q->text) == OK;
}

static bool enter(struct walk *r, const char *schema)
{
    return db_exec(r->c->db, r->c->a, &SQL_MIGRATE_ENTER, 1, &schema) == OK;
}

/* Runs what lies between the schema's version and the target. */
bool walk_schema(struct walk *r, const char *schema, int version)
{
    const struct migrate_track *f = &r->files;
    if (!enter(r, schema))
        return false;
    for (int i = 0; !r->down && i < f->n; i++)
        if (f->all[i].version > version && f->all[i].version <= r->target &&
            db_script(r->c->db, f->all[i].name, f->all[i].up))
            return false;
    for (int i = f->n; r->down && i-- > 0;)
        if (f->all[i].version <= version && f->all[i].version > r->target &&
            db_script(r->c->db, f->all[i].name, f->all[i].down))
            return false;
    return true;
}

/* The newest file that is not above the target is where the tenant is now. */
static bool note_tenant(struct walk *r, int64_t id)
{
    const struct migration *m = NULL;
    for (int i = 0; i < r->files.n; i++)
        if (r->files.all[i].version <= r->target)
            m = &r->files.all[i];
    const char *const params[] = {walk_number(r, id),
                                  walk_number(r, m ? m->version : 0),
                                  m ? m->checksum : ""};
    return db_exec(r->c->db, r->c->a, &SQL_MIGRATE_TENANT_NOTE, 3, params) ==
           OK;
}

bool walk_note_failure(struct walk *r, int64_t id)
{
    const char *const params[] = {walk_number(r, id), r->why};
    r->failed++;
    return db_exec(r->c->db, r->c->a, &SQL_MIGRATE_TENANT_FAILED, 2, params) ==
           OK;
}

/* SQLSTATE of waits that may end well another time: locks, deadlocks, time
 * limits. */
static bool is_busy(const char *why)
{
    return str_starts(why, "55P03") || str_starts(why, "40") ||
           str_starts(why, "57014");
}

/* One tenant within the transaction that is open; what fails is undone back
 * to where it began. */
enum walk_outcome walk_tenant(struct walk *r, const struct walk_tenant *t,
                              bool is_last_try)
{
    if (!walk_sql(r, &SQL_MIGRATE_SAVEPOINT))
        return WALK_LOST;
    if (walk_schema(r, t->schema, t->version) && note_tenant(r, t->id)) {
        r->moved++;
        return walk_sql(r, &SQL_MIGRATE_RELEASE) ? WALK_MOVED : WALK_LOST;
    }
    r->why = arena_strdup(r->c->a, db_said(r->c->db));
    if (!walk_sql(r, &SQL_MIGRATE_UNDO))
        return WALK_LOST;
    return is_busy(r->why) && !is_last_try ? WALK_BUSY : WALK_FAILED;
}

bool walk_begin(struct walk *r)
{
    struct ctl *c = r->c;
    if (db_begin(c->db))
        return false;
    if (db_exec(c->db, c->a, &SQL_MIGRATE_LOCK, 0, NULL) == OK)
        return true;
    db_rollback(c->db);
    return false;
}

bool walk_be_impatient(struct walk *r)
{
    return db_exec(r->c->db, r->c->a, &SQL_MIGRATE_TENANT_IMPATIENCE, 0,
                   NULL) == OK;
}

void walk_wait(int try)
{
    const int64_t ms = (int64_t)WAIT_MS << (try - 1);
    const struct timespec t = {.tv_sec = ms / 1000,
                               .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

/* ---- everybody ---------------------------------------------------------- */

bool walk_is_over(const struct walk *r)
{
    return r->failed >= r->how->max_failures;
}

/* Reads one row of the tenants that are left, from after on. */
bool walk_left(struct walk *r, int64_t after, int most, PGresult **res)
{
    const char *const params[] = {walk_number(r, r->target),
                                  r->down ? "t" : "f", walk_number(r, after),
                                  walk_number(r, most)};
    return db_many(r->c->db, r->c->a, &SQL_MIGRATE_BEHIND, 4, params, res) ==
           OK;
}

/* One transaction of at most CHUNK tenants; *after is the last one seen. */
static enum walk_outcome move_chunk(struct walk *r, int64_t *after)
{
    PGresult *res;
    if (!walk_begin(r))
        return WALK_LOST;
    enum walk_outcome o = WALK_MOVED;
    if (!walk_be_impatient(r) || !walk_left(r, *after, CHUNK, &res))
        o = WALK_LOST;
    const int n = o == WALK_LOST ? 0 : PQntuples(res);
    const size_t busy = r->n_busy;
    for (int i = 0; i < n && o != WALK_LOST && !walk_is_over(r) &&
                    r->n_busy < busy + WAITS_MAX;
         i++) {
        const struct walk_tenant t = walk_tenant_from_row(res, i);
        o = walk_tenant(r, &t, r->n_busy == WALK_BUSY_MAX);
        if (o == WALK_BUSY)
            r->busy[r->n_busy++] = t.id;
        if (o == WALK_FAILED && !walk_note_failure(r, t.id))
            o = WALK_LOST;
        *after = t.id;
    }
    if (o == WALK_LOST) {
        db_rollback(r->c->db);
        return WALK_LOST;
    }
    if (db_commit(r->c->db))
        return WALK_LOST;
    return n == 0 ? WALK_NOBODY : WALK_MOVED;
}

/* A busy one alone, as often as it takes; who changed meanwhile is let be. */
enum walk_outcome walk_busy(struct walk *r, int64_t id)
{
    for (int try = 2; try <= WALK_TRIES; try++) {
        PGresult *res;
        walk_wait(try - 1);
        if (!walk_begin(r))
            return WALK_LOST;
        enum walk_outcome o = WALK_LOST;
        if (walk_be_impatient(r) && walk_left(r, id - 1, 1, &res)) {
            const struct walk_tenant t = PQntuples(res)
                                             ? walk_tenant_from_row(res, 0)
                                             : (struct walk_tenant){0};
            o = t.id == id ? walk_tenant(r, &t, try == WALK_TRIES)
                           : WALK_NOBODY;
            if (o == WALK_FAILED && !walk_note_failure(r, id))
                o = WALK_LOST;
        }
        if (o == WALK_LOST) {
            db_rollback(r->c->db);
            return WALK_LOST;
        }
        if (db_commit(r->c->db))
            return WALK_LOST;
        if (o != WALK_BUSY)
            return o;
    }
    return WALK_FAILED;
}

/* The memory of a chunk is given back after it. */
static enum walk_outcome in_memory_of_its_own(struct walk *r, int64_t *after)
{
    struct arena *all = r->c->a;
    r->c->a = arena_new(MEMORY);
    const enum walk_outcome o = move_chunk(r, after);
    arena_free(r->c->a);
    r->c->a = all;
    return o;
}

bool walk_rest(struct walk *r)
{
    int64_t after = 0;
    enum walk_outcome o = WALK_MOVED;
    while (o == WALK_MOVED && !walk_is_over(r)) {
        const int64_t before = r->moved;
        o = in_memory_of_its_own(r, &after);
        if (r->moved > before)
            printf("tenants: %lld moved\n", (long long)r->moved);
        fflush(stdout);
    }
    for (size_t i = 0; i < r->n_busy && o != WALK_LOST && !walk_is_over(r); i++)
        o = walk_busy(r, r->busy[i]);
    return o != WALK_LOST;
}
