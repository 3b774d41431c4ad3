/* Files of migrations, what the database notes of them, and the words after
 * a verb. */
#include "migrate.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/encode.h"
#include "base/str.h"
#include "sql/migrate.h"

enum { FILES_MAX = 1000, FAILURES_MAX = 10 };

/* ---- options ------------------------------------------------------------ */

bool migrate_number(const char *text, int64_t lo, int64_t hi, int64_t *out)
{
    int64_t v;
    if (!str_to_i64(text, &v) || v < lo || v > hi)
        return false;
    *out = v;
    return true;
}

static bool take_track(struct migrate_options *o, const char *value)
{
    o->track = value;
    return str_eq(value, "public") || str_eq(value, "tenant");
}

static bool take_tenant(struct migrate_options *o, const char *value)
{
    return migrate_number(value, 1, INT64_MAX, &o->tenant);
}

static bool take_canary(struct migrate_options *o, const char *value)
{
    return migrate_number(value, 1, INT64_MAX, &o->canary);
}

static bool take_failures(struct migrate_options *o, const char *value)
{
    return migrate_number(value, 1, 1000000, &o->max_failures);
}

static bool take_yes(struct migrate_options *o, const char *value)
{
    o->yes = value;
    return *value != '\0';
}

static const struct option {
    const char *name, *takes;
    bool (*take)(struct migrate_options *o, const char *value);
} options[] = {
    {"--track", "public or tenant", take_track},
    {"--tenant", "the id of a tenant", take_tenant},
    {"--canary", "the id of a tenant", take_canary},
    {"--max-failures", "a number from 1 on", take_failures},
    {"--yes", "the name of the database", take_yes},
};

static bool read_option(struct ctl *c, int *i, struct migrate_options *out)
{
    const char *word = c->argv[*i];
    if (str_eq(word, "--schemas"))
        return out->schemas = true;
    for (size_t k = 0; k < ARRAY_LEN(options); k++)
        if (str_eq(word, options[k].name)) {
            const char *value = ++*i < c->argc ? c->argv[*i] : "";
            if (options[k].take(out, value))
                return true;
            ctl_fail("%s takes %s.", word, options[k].takes);
            return false;
        }
    ctl_fail("%s is not an option of migrate.", word);
    return false;
}

bool migrate_options_read(struct ctl *c, struct migrate_options *out)
{
    *out = (struct migrate_options){.max_failures = FAILURES_MAX};
    for (int i = 0; i < c->argc; i++) {
        if (str_starts(c->argv[i], "--")) {
            if (!read_option(c, &i, out))
                return false;
        } else if (out->word) {
            ctl_fail("%s is one word too many.", c->argv[i]);
            return false;
        } else {
            out->word = c->argv[i];
        }
    }
    return true;
}

/* ---- files -------------------------------------------------------------- */

static const char *path_of(struct ctl *c, const char *track, const char *name,
                           const char *way)
{
    return arena_printf(c->a, "%s/sql/migrations/%s/%s.%s.sql", c->home, track,
                        name, way);
}

/* Reads one NNNN_word.up.sql; false (and a sentence) when it is not well. */
static bool read_one(struct ctl *c, const char *track, const char *file,
                     struct migration *m)
{
    char *end;
    size_t n;
    m->version = (int)strtol(file, &end, 10);
    if (end != file + 4 || *end != '_' || m->version < 1) {
        ctl_fail("%s is not named NNNN_word.up.sql.", file);
        return false;
    }
    m->name = arena_strndup(c->a, file, strlen(file) - strlen(".up.sql"));
    m->up = ctl_file(c, path_of(c, track, m->name, "up"), &n);
    m->down = ctl_file(c, path_of(c, track, m->name, "down"), &(size_t){0});
    if (!m->up || !m->down)
        return false;
    m->checksum = encode_sha256(c->a, m->up, n);
    return true;
}

static int by_version(const void *x, const void *y)
{
    const struct migration *a = x, *b = y;
    return a->version - b->version;
}

static bool has_twins(const struct migrate_track *t)
{
    for (int i = 1; i < t->n; i++)
        if (t->all[i].version == t->all[i - 1].version) {
            ctl_fail("%s and %s have the same number.", t->all[i - 1].name,
                     t->all[i].name);
            return true;
        }
    return false;
}

bool migrate_files_read(struct ctl *c, const char *track,
                        struct migrate_track *out)
{
    const char *dir =
        arena_printf(c->a, "%s/sql/migrations/%s", c->home, track);
    DIR *d = opendir(dir);
    *out = (struct migrate_track){
        .name = track, .all = ARENA_ARRAY(c->a, FILES_MAX, struct migration)};
    if (!d) {
        ctl_fail("There are no migrations in %s (see --home).", dir);
        return false;
    }
    bool good = true;
    for (struct dirent *e; good && (e = readdir(d));) {
        if (!str_ends(e->d_name, ".up.sql"))
            continue;
        good = out->n < FILES_MAX &&
               read_one(c, track, e->d_name, &out->all[out->n]);
        out->n++;
    }
    closedir(d);
    if (!good)
        return false;
    qsort(out->all, (size_t)out->n, sizeof *out->all, by_version);
    return !has_twins(out);
}

const struct migration *migrate_find(const struct migrate_track *files,
                                     int version)
{
    for (int i = 0; i < files->n; i++)
        if (files->all[i].version == version)
            return &files->all[i];
    return NULL;
}

/* ---- what was applied --------------------------------------------------- */

int migrate_no_database(void)
{
    return ctl_fail("The database refused; the log line above says why.");
}

bool migrate_applied_read(struct ctl *c, const char *track,
                          struct migrate_applied *out)
{
    PGresult *res;
    const char *const params[] = {track};
    *out = (struct migrate_applied){0};
    if (db_one(c->db, c->a, &SQL_MIGRATE_EXISTS, 0, NULL, &res))
        return false;
    if (!str_eq(PQgetvalue(res, 0, 0), "t"))
        return true; /* an empty database */
    if (db_many(c->db, c->a, &SQL_MIGRATE_APPLIED, 1, params, &out->rows))
        return false;
    out->n = (size_t)PQntuples(out->rows);
    return true;
}

int migrate_applied_version(const struct migrate_applied *done, size_t i)
{
    return (int)strtol(PQgetvalue(done->rows, (int)i, 0), NULL, 10);
}

int migrate_applied_newest(const struct migrate_applied *done)
{
    return done->n ? migrate_applied_version(done, done->n - 1) : 0;
}

bool migrate_applied_has(const struct migrate_applied *done, int version)
{
    for (size_t i = 0; i < done->n; i++)
        if (migrate_applied_version(done, i) == version)
            return true;
    return false;
}

int migrate_differences(const struct migrate_applied *done,
                        const struct migrate_track *files)
{
    int bad = 0;
    for (size_t i = 0; i < done->n; i++) {
        const char *name = PQgetvalue(done->rows, (int)i, 1);
        const struct migration *m =
            migrate_find(files, migrate_applied_version(done, i));
        if (!m)
            bad += ctl_fail("%s was applied but its file is gone.", name);
        else if (!str_eq(m->checksum, PQgetvalue(done->rows, (int)i, 2)))
            bad += ctl_fail("%s was edited after it was applied.", name);
    }
    return bad;
}

bool migrate_note(struct ctl *c, const char *track, const struct migration *m)
{
    const char *const params[] = {track, arena_printf(c->a, "%d", m->version),
                                  m->name, m->checksum};
    return db_exec(c->db, c->a, &SQL_MIGRATE_NOTE, 4, params) == OK;
}

bool migrate_forget(struct ctl *c, const char *track, const struct migration *m)
{
    const char *const params[] = {track, arena_printf(c->a, "%d", m->version)};
    return db_exec(c->db, c->a, &SQL_MIGRATE_FORGET, 2, params) == OK;
}

bool migrate_target_down(const struct migrate_applied *done, const char *word,
                         int *target)
{
    int64_t v;
    if (!word)
        return false;
    const bool back = *word == '-';
    if (!migrate_number(back ? word + 1 : word, back ? 1 : 0,
                        MIGRATE_VERSION_MAX, &v))
        return false;
    *target = !back ? (int)v
              : (size_t)v >= done->n
                  ? 0
                  : migrate_applied_version(done, done->n - (size_t)v - 1);
    return true;
}
