/* One statement of a few rows; the whole list is replaced. Which rows hold is
 * the database's to say, by its clock. */
#include "web/limit_override.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "sql/limit.h"

enum {
    FRESH_US = 5000000,
    SELDOM_US = 15000000, /* while the database is away */
    PATIENCE_MS = 100
};

struct override {
    const char *client;
    struct limit limit;
};

static struct {
    struct arena *memory; /* of rows */
    struct override *rows;
    size_t n;
    int64_t next_us; /* when to ask again */
} kept;

static struct override from_row(struct arena *a, const PGresult *res, int i)
{
    struct override o = {.client = arena_strdup(a, PQgetvalue(res, i, 0))};
    o.limit.name = arena_strdup(a, PQgetvalue(res, i, 1));
    if (!str_to_i64(PQgetvalue(res, i, 2), &o.limit.count) ||
        !str_to_i64(PQgetvalue(res, i, 3), &o.limit.window_s))
        o.limit.count = 0; /* the table's checks forbid it */
    return o;
}

static void replace(struct arena *fresh, const PGresult *res)
{
    int n = PQntuples(res);
    struct override *rows = ARENA_ARRAY(fresh, (size_t)n + 1, struct override);
    size_t used = 0;
    for (int i = 0; i < n; i++) {
        rows[used] = from_row(fresh, res, i);
        used += rows[used].limit.count > 0;
    }
    if (kept.memory)
        arena_free(kept.memory);
    kept.memory = fresh;
    kept.rows = rows;
    kept.n = used;
}

void limit_override_refresh(struct db *db)
{
    int64_t now = clock_mono_us();
    PGresult *res;
    if (!db || now < kept.next_us)
        return;
    struct arena *fresh = arena_new(4096);
    db_patience(db, PATIENCE_MS);
    enum err e = db_many(db, fresh, &SQL_LIMIT_IN_FORCE, 0, NULL, &res);
    db_patience(db, conf_int(CONF_DATABASE_WAIT_MS));
    kept.next_us = clock_mono_us() + (e ? SELDOM_US : FRESH_US);
    if (e)
        arena_free(fresh);
    else
        replace(fresh, res);
}

struct wanted {
    const char *client, *name;
};

static int compare(const void *wanted, const void *row)
{
    const struct wanted *w = wanted;
    const struct override *o = row;
    int c = strcmp(w->client, o->client);
    return c ? c : strcmp(w->name, o->limit.name);
}

static const struct limit *find(const char *client, const char *name)
{
    const struct wanted w = {client, name};
    const struct override *o =
        kept.n ? bsearch(&w, kept.rows, kept.n, sizeof *kept.rows, compare)
               : NULL;
    return o ? &o->limit : NULL;
}

const struct limit *limit_override_find(const struct principal *who,
                                        const char *name)
{
    char tenant[32];
    const struct limit *l = find(who->id, name);
    if (l || !who->tenant_id)
        return l;
    snprintf(tenant, sizeof tenant, "tenant:%lld", (long long)who->tenant_id);
    return find(tenant, name);
}
