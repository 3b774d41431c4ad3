/* One row a table: a statement that takes and locks some rows behind the last
 * ("key", "place", for bytes "kid", then the values under their columns'
 * names), and one that puts the values of a row back. Rows are found by the
 * names of their keys, so there is nothing to remember between two runs. */
#include "domain/reseal.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "sql/period.h"
#include "sql/reseal.h"
#include "store/blob.h"
#include "store/db_value.h"
#include "wire/seal.h"

enum { BLOCK = 64 << 10, KIDS_BYTES = 1024, KEY_BYTES = 100, PARAMS = 6 };
enum { KEY, PLACE, FIRST };

static const struct table {
    const char *name, *first; /* "" of its keys */
    const struct db_query *take, *put;
    int most; /* rows of a transaction: some MB at most */
} tables[] = {
    {"users", "0", &SQL_RESEAL_USERS, &SQL_RESEAL_PUT_USERS, 100},
    {"backup_run", "0", &SQL_RESEAL_BACKUP_RUN, &SQL_RESEAL_PUT_BACKUP_RUN,
     100},
    {"reports", "0", &SQL_RESEAL_REPORTS, &SQL_RESEAL_PUT_REPORTS, 2},
    {"invoice_jobs", "", &SQL_RESEAL_INVOICE_JOBS, &SQL_RESEAL_PUT_INVOICE_JOBS,
     2},
    {"blob_part", "00000000-0000-0000-0000-000000000000/-1",
     &SQL_RESEAL_BLOB_PART, &SQL_RESEAL_PUT_BLOB_PART, 4},
};

/* ---- one value ----------------------------------------------------------- */

static enum sealed column_of(struct arena *a, const struct table *t,
                             const char *column)
{
    const char *name = arena_printf(a, "%s.%s", t->name, column);
    enum sealed s = 0;
    while (s < SEALED_MAX && !str_eq(seal_place(s), name))
        s++;
    return s;
}

static enum err anew_bytes(struct arena *a, struct sealed_at at,
                           const char *kid, struct bytes kept, const char **out)
{
    struct bytes sealed;
    const enum err e = seal_bytes_anew(a, kid, at, kept, &sealed);
    *out = e ? NULL : db_value_bytes(a, sealed);
    return e;
}

static enum err anew_text(struct arena *a, struct sealed_at at,
                          const char *kept, const char **out)
{
    *out = kept;
    return seal_is_current(kept) ? OK : seal_text_anew(a, at, kept, out);
}

/* ---- one row ------------------------------------------------------------- */

struct row {
    const struct table *t;
    const PGresult *rows;
    int i, kid; /* kid: its column, -1 when it is in the texts */
};

static const char *cell(const struct row *r, int c)
{
    return PQgetisnull(r->rows, r->i, c) ? NULL : PQgetvalue(r->rows, r->i, c);
}

static enum err anew_value(struct arena *a, const struct row *r, int c,
                           const char **out)
{
    const struct sealed_at at = {column_of(a, r->t, PQfname(r->rows, c)),
                                 cell(r, PLACE)};
    const char *under = r->kid < 0 ? NULL : cell(r, r->kid);
    struct bytes kept;
    *out = NULL;
    assert(at.what < SEALED_MAX);
    if (!cell(r, c))
        return OK;
    if (r->kid < 0)
        return anew_text(a, at, cell(r, c), out);
    const enum err e = db_value_to_bytes(a, r->rows, r->i, c, &kept);
    return e ? e : anew_bytes(a, at, under, kept, out);
}

/* Parameters of the put: key, values, and for bytes their new kid. */
static enum err anew_row(struct arena *a, const struct row *r,
                         const char *params[PARAMS], size_t *n)
{
    enum err e = OK;
    params[0] = cell(r, KEY);
    *n = 1;
    assert(PQnfields(r->rows) <= PARAMS);
    for (int c = FIRST; !e && c < PQnfields(r->rows); c++)
        if (c != r->kid)
            e = anew_value(a, r, c, &params[(*n)++]);
    if (r->kid >= 0)
        params[(*n)++] = seal_kid();
    return e;
}

/* Within the transaction; one that cannot be opened stays as it is. */
static enum err put_row(struct db *db, struct arena *a, const struct row *r,
                        struct reseal *out)
{
    const char *params[PARAMS];
    size_t n;
    if (anew_row(a, r, params, &n)) {
        log_error("reseal_failed", "{s:s,s:s}", "table", r->t->name, "key",
                  cell(r, KEY));
        out->left++;
        return OK;
    }
    const enum err e = db_exec(db, a, r->t->put, n, params);
    out->sealed += !e;
    return e;
}

/* ---- all of them --------------------------------------------------------- */

struct walk {
    struct db *db;
    struct arena *a;        /* of a chunk */
    const char *kids;       /* all keys but the first, and '' */
    char behind[KEY_BYTES]; /* key of the last row */
    int64_t until_us;
    int n; /* rows of the last chunk */
};

static bool is_late(const struct walk *w)
{
    return w->until_us && clock_mono_us() >= w->until_us;
}

static enum err do_chunk(struct walk *w, const struct table *t,
                         struct reseal *out)
{
    const char *const params[] = {w->kids, w->behind,
                                  db_value_text(w->a, t->most)};
    PGresult *rows = NULL;
    enum err e = db_exec(w->db, w->a, &SQL_PERIOD_PATIENCE, 0, NULL);
    if (!e)
        e = db_many(w->db, w->a, t->take, 3, params, &rows);
    w->n = e ? 0 : PQntuples(rows);
    struct row r = {.t = t, .rows = rows};
    if (!e)
        r.kid = PQfnumber(rows, "kid");
    for (; !e && r.i < w->n; r.i++)
        e = put_row(w->db, w->a, &r, out);
    if (!e && w->n)
        snprintf(w->behind, sizeof w->behind, "%s",
                 PQgetvalue(rows, w->n - 1, KEY));
    return e;
}

static enum err chunk(struct walk *w, const struct table *t, struct reseal *out)
{
    const struct reseal before = *out;
    enum err e = db_begin(w->db);
    if (e)
        return e;
    e = do_chunk(w, t, out);
    if (!e)
        e = db_commit(w->db);
    if (e) {
        db_rollback(w->db);
        *out = before;
    }
    return e;
}

static enum err walk_table(struct walk *w, const struct table *t,
                           struct reseal *out)
{
    enum err e = OK;
    snprintf(w->behind, sizeof w->behind, "%s", t->first);
    w->n = 1;
    while (!e && w->n && !is_late(w)) {
        e = chunk(w, t, out);
        arena_reset(w->a);
    }
    out->is_cut = out->is_cut || w->n;
    return e;
}

static enum err walk_objects(struct walk *w, struct reseal *out)
{
    char behind[BLOB_ID] = "00000000-0000-0000-0000-000000000000";
    enum blob_reseal was = BLOB_RESEAL_DONE;
    enum err e = OK;
    while (!e && was != BLOB_RESEAL_NONE && !is_late(w)) {
        e = blob_reseal(w->db, w->kids, behind, &was);
        out->sealed += !e && was == BLOB_RESEAL_DONE;
        out->left += !e && was == BLOB_RESEAL_BROKEN;
    }
    out->is_cut = out->is_cut || was != BLOB_RESEAL_NONE;
    return e;
}

/* As an array of PostgreSQL; kids are of A-Z a-z 0-9 _ -. */
static const char *other_kids(struct arena *a)
{
    struct buf b;
    buf_init(&b, a, KIDS_BYTES);
    buf_str(&b, "{\"\"");
    for (size_t i = 1; seal_kid_at(i); i++)
        buf_printf(&b, ",\"%s\"", seal_kid_at(i));
    buf_char(&b, '}');
    return buf_cstr(&b);
}

enum err reseal_all(struct db *db, int64_t until_us, struct reseal *out)
{
    *out = (struct reseal){0};
    if (!seal_ready())
        return ERR_ENCRYPTION_UNCONFIGURED;
    struct arena *own = arena_new(KIDS_BYTES);
    struct walk w = {.db = db,
                     .a = arena_new(BLOCK),
                     .kids = other_kids(own),
                     .until_us = until_us};
    enum err e = OK;
    for (size_t i = 0; !e && i < ARRAY_LEN(tables); i++)
        e = walk_table(&w, &tables[i], out);
    if (!e)
        e = walk_objects(&w, out);
    arena_free(own);
    arena_free(w.a);
    return e;
}

enum err reseal_counts(struct db *db, struct arena *a, PGresult **rows)
{
    return db_many(db, a, &SQL_RESEAL_COUNTS, 0, NULL, rows);
}
