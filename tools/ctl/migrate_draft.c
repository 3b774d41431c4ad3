/* comptoirctl migrate generate: drafts a migration from the difference
 * between the development database and one made by the migrations alone. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include "base/auto.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/str.h"
#include "migrate.h"
#include "sql/migrate.h"

enum { SLUG_MAX = 40, DRAFT_MAX = 4 << 20, URL_MAX = 8192 };

struct object {
    const char *kind, *parent, *name, *definition;
    const char *create_sql, *drop_sql, *alter_sql; /* "": not known */
};

struct catalogue {
    struct object *all;
    size_t n;
};

static const char scratch[] = "comptoir_draft";

/* ---- a database of the migrations alone --------------------------------- */

/* The connection string with another database. */
static const char *url_for(struct ctl *c, const char *database)
{
    PQconninfoOption *all = PQconninfoParse(conf_str(CONF_DATABASE_URL), NULL);
    struct buf b;
    buf_init(&b, c->a, URL_MAX);
    for (PQconninfoOption *o = all; o && o->keyword; o++) {
        if (!o->val || str_eq(o->keyword, "dbname"))
            continue;
        buf_printf(&b, "%s='", o->keyword);
        for (const char *p = o->val; *p; p++) {
            if (*p == '\'' || *p == '\\')
                buf_char(&b, '\\');
            buf_char(&b, *p);
        }
        buf_str(&b, "' ");
    }
    PQconninfoFree(all);
    buf_printf(&b, "dbname=%s", database);
    return buf_cstr(&b);
}

static bool read_objects(struct ctl *c, const char *schema,
                         struct catalogue *out)
{
    PGresult *res;
    if (db_begin(c->db))
        return false;
    const bool good =
        db_exec(c->db, c->a, &SQL_MIGRATE_PLAIN_NAMES, 0, NULL) == OK &&
        db_many(c->db, c->a, &SQL_MIGRATE_OBJECTS, 1, &schema, &res) == OK;
    db_rollback(c->db);
    if (!good)
        return false;
    out->n = (size_t)PQntuples(res);
    out->all = ARENA_ARRAY(c->a, out->n + 1, struct object);
    for (int i = 0; i < PQntuples(res); i++)
        out->all[i] = (struct object){
            PQgetvalue(res, i, 0), PQgetvalue(res, i, 1), PQgetvalue(res, i, 2),
            PQgetvalue(res, i, 3), PQgetvalue(res, i, 4), PQgetvalue(res, i, 5),
            PQgetvalue(res, i, 6)};
    return true;
}

static bool drop_scratch(struct ctl *c)
{
    return db_exec(c->db, c->a, &SQL_MIGRATE_SCRATCH_DROP, 0, NULL) == OK;
}

/* Makes the scratch database, migrates it, reads it, drops it. */
static bool read_fresh(struct ctl *c, const struct migrate_options *how,
                       const char *schema, struct catalogue *out)
{
    if (!drop_scratch(c) ||
        db_exec(c->db, c->a, &SQL_MIGRATE_SCRATCH_CREATE, 0, NULL)) {
        ctl_fail("The scratch database %s could not be made: %s.", scratch,
                 db_said(c->db));
        return false;
    }
    struct ctl other = *c;
    other.db = db_open(url_for(c, scratch), "ctl");
    const bool good =
        migrate_all(&other, how) == CTL_OK && read_objects(&other, schema, out);
    db_close(other.db);
    return drop_scratch(c) && good;
}

/* ---- the difference ----------------------------------------------------- */

static const struct object *find(const struct catalogue *in, const char *kind,
                                 const char *parent, const char *name)
{
    for (size_t i = 0; i < in->n; i++) {
        const struct object *o = &in->all[i];
        if (str_eq(o->kind, kind) && str_eq(o->parent, parent) &&
            str_eq(o->name, name))
            return o;
    }
    return NULL;
}

static const struct object *same(const struct catalogue *in,
                                 const struct object *o)
{
    return find(in, o->kind, o->parent, o->name);
}

/* Is the table only in one of the two? */
static bool table_is_only_in(const struct catalogue *here,
                             const struct catalogue *there, const char *table)
{
    return find(here, "table", "", table) && !find(there, "table", "", table);
}

/* CREATE TABLE brings its columns and own constraints along. */
static bool comes_along(const struct object *o, const struct catalogue *from,
                        const struct catalogue *to)
{
    return (str_eq(o->kind, "column") || str_eq(o->kind, "constraint")) &&
           table_is_only_in(to, from, o->parent);
}

/* "public.note" for the table note: how rights name it. */
static bool names(const char *text, const char *name)
{
    const char *dot = strchr(text, '.');
    return str_eq(text, name) || (dot && str_eq(dot + 1, name));
}

/* What is dropped takes what hangs on it along. */
static bool goes_along(const struct object *o, const struct catalogue *from,
                       const struct catalogue *to)
{
    static const char *const holders[] = {"table", "view", "sequence",
                                          "function"};
    const bool is_right = str_eq(o->kind, "grant") || str_eq(o->kind, "closed");
    for (size_t k = 0; k < ARRAY_LEN(holders); k++)
        for (size_t i = 0; i < from->n; i++) {
            const struct object *h = &from->all[i];
            if (!str_eq(h->kind, holders[k]) || same(to, h))
                continue;
            if (is_right ? names(*o->parent ? o->parent : o->name, h->name)
                         : str_eq(o->parent, h->name))
                return true;
        }
    return false;
}

static void put(struct buf *b, const struct object *o, const char *sql)
{
    if (*sql)
        buf_printf(b, "%s;\n", sql);
    else
        buf_printf(b, "-- %s %s%s%s differs: write this by hand.\n", o->kind,
                   o->parent, *o->parent ? "." : "", o->name);
}

/* Functions stand before the tables that they may speak of. */
static bool makes_function(const struct catalogue *from,
                           const struct catalogue *to)
{
    for (size_t i = 0; i < to->n; i++)
        if (str_eq(to->all[i].kind, "function") && !same(from, &to->all[i]))
            return true;
    return false;
}

/* Statements that lead from one catalogue to the other. */
static const char *way(struct ctl *c, const struct catalogue *from,
                       const struct catalogue *to)
{
    struct buf b;
    buf_init(&b, c->a, DRAFT_MAX);
    if (makes_function(from, to))
        buf_printf(&b, "%s\n", SQL_MIGRATE_LATER_BODIES.text);
    for (size_t i = from->n; i-- > 0;) {
        const struct object *o = &from->all[i];
        if (!same(to, o) && !goes_along(o, from, to))
            put(&b, o, o->drop_sql);
    }
    for (size_t i = 0; i < to->n; i++) {
        const struct object *o = &to->all[i], *was = same(from, o);
        if (!was && !comes_along(o, from, to))
            put(&b, o, o->create_sql);
        if (was && !str_eq(was->definition, o->definition))
            put(&b, o, o->alter_sql);
    }
    return buf_ok(&b) ? buf_cstr(&b) : NULL;
}

/* ---- the files ---------------------------------------------------------- */

/* "Add a note!" -> add_a_note; "" when nothing is left. */
static const char *slug(struct ctl *c, const char *message)
{
    char *out = arena_alloc(c->a, SLUG_MAX + 1);
    size_t n = 0;
    for (const char *p = str_fold(c->a, message); *p && n < SLUG_MAX; p++) {
        if (isalnum((unsigned char)*p) && (unsigned char)*p < 128)
            out[n++] = *p;
        else if (n && out[n - 1] != '_')
            out[n++] = '_';
    }
    while (n && out[n - 1] == '_')
        n--;
    out[n] = '\0';
    return out;
}

static bool write_file(struct ctl *c, const char *path, const char *head,
                       const char *body)
{
    AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    const char *text = arena_printf(
        c->a, "%s%s", head,
        *body ? body : "-- No difference was found: write it here.\n");
    if (fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text)) {
        puts(path);
        return true;
    }
    ctl_fail("%s could not be written: %s.", path, strerror(errno));
    return false;
}

static int write_drafts(struct ctl *c, const struct migrate_track *files,
                        const char *message, const struct catalogue *fresh,
                        const struct catalogue *mine)
{
    const int version = files->n ? files->all[files->n - 1].version + 1 : 1;
    const char *up = way(c, fresh, mine), *down = way(c, mine, fresh);
    const char *base =
        arena_printf(c->a, "%s/sql/migrations/%s/%04d_%s", c->home, files->name,
                     version, slug(c, message));
    const char *bare = arena_strdup(c->a, message);
    for (char *p = strchr(bare, '\n'); p; p = strchr(p, '\n'))
        *p = ' ';
    if (!up || !down)
        return ctl_fail("The databases differ too much for a draft.");
    const bool good =
        write_file(c, arena_printf(c->a, "%s.up.sql", base),
                   arena_printf(c->a,
                                "-- %s\n-- A draft from the differences of a "
                                "database: read it, say why, test both ways.\n",
                                bare),
                   up) &&
        write_file(c, arena_printf(c->a, "%s.down.sql", base),
                   arena_printf(c->a, "-- Takes back %04d.\n", version), down);
    return good ? CTL_OK : CTL_FAILED;
}

/* Compares only when the database has all there is on disk: else the draft
 * would take away what is merely not applied yet. */
static bool is_at_head(struct ctl *c, const struct migrate_track *files)
{
    struct migrate_applied done;
    if (!migrate_applied_read(c, files->name, &done)) {
        migrate_no_database();
        return false;
    }
    if (migrate_differences(&done, files))
        return false;
    for (int i = 0; i < files->n; i++)
        if (!migrate_applied_has(&done, files->all[i].version)) {
            ctl_fail("%s is not applied here: migrate upgrade first.",
                     files->all[i].name);
            return false;
        }
    return true;
}

int migrate_generate(struct ctl *c)
{
    struct migrate_options how;
    struct migrate_track files, track;
    struct catalogue mine, fresh;
    if (!migrate_options_read(c, &how))
        return CTL_USAGE;
    if (!how.word || !*slug(c, how.word))
        return ctl_fail("generate takes a message in quotes."), CTL_USAGE;
    const bool is_tenant = str_eq(how.track, "tenant");
    const char *schema = is_tenant ? "template_tenant" : "public";
    if (!migrate_files_read(c, "public", &files) || !is_at_head(c, &files) ||
        !migrate_files_read(c, "tenant", &track) || !is_at_head(c, &track))
        return CTL_FAILED;
    if (!read_objects(c, schema, &mine))
        return migrate_no_database();
    if (!read_fresh(c, &how, schema, &fresh))
        return ctl_fail("No draft was made.");
    return write_drafts(c, is_tenant ? &track : &files, how.word, &fresh,
                        &mine);
}
