/* Replacing reference tables: a TSV file goes in as one JSON array, the whole
 * is loaded as a responder would, and only then committed. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/auto.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/str.h"
#include "cre.h"
#include "ctl.h"
#include "invoice/format_fr.h"
#include "invoice/reference.h"
#include "invoice/sheet.h"
#include "sql/reference_import.h"

#define TABLE(file, sql)                         \
    {                                            \
        file, &SQL_REFERENCE_IMPORT_CLEAR_##sql, \
            &SQL_REFERENCE_IMPORT_IMPORT_##sql   \
    }

static const struct table {
    const char *file; /* without .tsv; also the name in the history */
    const struct db_query *clear, *import;
} tables[] = {
    TABLE("trve_bleu_residentiel", TRVE),
    TABLE("prvg_gaz_cre", PRVG),
    TABLE("accises", EXCISE),
    TABLE("tva", VAT),
    TABLE("cta", CTA),
    TABLE("turpe", TURPE),
    TABLE("cta_elec_computed", CTA_COMPUTED),
    TABLE("atrd_grdf", ATRD),
    TABLE("suppliers", SUPPLIER),
    TABLE("offers", OFFER),
    TABLE("patterns", PATTERN),
    TABLE("checks", CHECK),
};

enum { TEST_POSITION = 1000000 };

static const struct table *find_table(const char *path)
{
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    for (size_t i = 0; i < ARRAY_LEN(tables); i++)
        if (str_starts(base, tables[i].file) &&
            str_eq(base + strlen(tables[i].file), ".tsv"))
            return &tables[i];
    return NULL;
}

/* Rows as JSON objects by column name; missing values are null. */
static const char *rows_json(struct ctl *c, const struct sheet *s, int first)
{
    AUTO_JSON all = json_array();
    for (size_t r = 0; r < s->n_rows; r++) {
        json_t *row = json_object();
        json_object_set_new(row, "position", json_integer(first + (int)r));
        for (size_t k = 0; k < s->n_columns; k++) {
            const char *cell = s->cells[r * s->n_columns + k];
            json_object_set_new(row, s->columns[k],
                                *cell ? json_string(cell) : json_null());
        }
        json_array_append_new(all, row);
    }
    char *text = json_dumps(all, JSON_COMPACT);
    const char *copy = arena_strdup(c->a, text);
    free(text);
    return copy;
}

static bool note(struct ctl *c, const struct table *t, const char *origin,
                 const struct sheet *s, const char *content)
{
    const char *const params[] = {t->file,
                                  origin,
                                  encode_sha256(c->a, content, strlen(content)),
                                  arena_printf(c->a, "%zu", s->n_rows),
                                  ctl_who(),
                                  content};
    return db_exec(c->db, c->a, &SQL_REFERENCE_IMPORT_NOTE, 6, params) == OK;
}

/* Replaces one table inside the open transaction by a file's text. */
static bool replace_text(struct ctl *c, const struct table *t, const char *name,
                         const char *content, const char *origin)
{
    struct sheet s;
    if (!sheet_from_text(c->a, name, arena_strdup(c->a, content), &s))
        return false;
    const char *const rows[] = {rows_json(c, &s, 1)};
    if (db_exec(c->db, c->a, t->clear, 0, NULL) ||
        db_exec(c->db, c->a, t->import, 1, rows) ||
        !note(c, t, origin, &s, content))
        return false;
    printf("%s: %zu rows\n", t->file, s.n_rows);
    return true;
}

static bool replace(struct ctl *c, const struct table *t, const char *path,
                    const char *origin)
{
    struct sheet s; /* read first: it tells what is wrong with the file */
    size_t n;
    const char *content =
        sheet_from_tsv(c->a, path, &s) ? ctl_file(c, path, &n) : NULL;
    return content && replace_text(c, t, path, content, origin);
}

/* Puts a file of the CRE into the regulated tariff. */
static bool merge_cre(struct ctl *c, const char *path)
{
    const struct table *t = &tables[0];
    const char *const params[] = {t->file};
    PGresult *res;
    struct sheet base;
    size_t rows;
    assert(str_eq(t->file, "trve_bleu_residentiel"));
    if (db_one(c->db, c->a, &SQL_REFERENCE_IMPORT_CURRENT, 1, params, &res) ||
        !sheet_from_text(c->a, t->file,
                         arena_strdup(c->a, PQgetvalue(res, 0, 0)), &base))
        return false;
    const char *content = cre_merge(c, &base, path, &rows);
    if (!content)
        return false;
    printf("%s: %zu rows taken\n", path, rows);
    return replace_text(c, t, path, content, "admin");
}

static int begin(struct ctl *c)
{
    if (db_begin(c->db))
        return ctl_fail("The database does not answer.");
    if (db_exec(c->db, c->a, &SQL_REFERENCE_IMPORT_PATIENCE, 0, NULL) == OK)
        return CTL_OK;
    db_rollback(c->db);
    return ctl_fail("Another import or migration did not end in a minute.");
}

/* Loads everything as a responder would; commits when that works. */
static int finish(struct ctl *c, bool good, const char *what)
{
    struct reference *r = good ? reference_from_db(c->db) : NULL;
    if (!r) {
        db_rollback(c->db);
        return ctl_fail("%s was refused and nothing was changed; the log "
                        "lines above name the file and line.",
                        what);
    }
    reference_free(r);
    if (db_commit(c->db))
        return ctl_fail("%s could not be committed.", what);
    return CTL_OK;
}

static bool is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool import_dir(struct ctl *c, const char *dir, int *files)
{
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        const char *path = arena_printf(c->a, "%s/%s.tsv", dir, tables[i].file);
        if (access(path, F_OK) != 0)
            continue;
        if (!replace(c, &tables[i], path, "admin"))
            return false;
        (*files)++;
    }
    return true;
}

static bool import_all(struct ctl *c, int *files)
{
    for (int i = 0; i < c->argc; i++) {
        const char *path = c->argv[i];
        const struct table *t = find_table(path);
        if (is_dir(path) && !import_dir(c, path, files))
            return false;
        if (is_dir(path))
            continue;
        (*files)++;
        if (cre_is_file(path)) {
            if (!merge_cre(c, path))
                return false;
            continue;
        }
        if (!t || !replace(c, t, path, "admin")) {
            if (!t)
                ctl_fail("%s is not named like a reference table.", path);
            return false;
        }
    }
    return true;
}

int reference_import(struct ctl *c)
{
    int files = 0;
    if (c->argc < 1) {
        ctl_fail("import takes a folder, TSV files or files of the CRE.");
        return CTL_USAGE;
    }
    if (begin(c))
        return CTL_FAILED;
    const bool good = import_all(c, &files);
    if (good && files == 0) {
        db_rollback(c->db);
        return ctl_fail("There is no reference table in %s.", c->argv[0]);
    }
    return finish(c, good, "The import");
}

/* Seeds fill a table that is empty or holds an older seed; what an operator
 * imported stays. */
static bool seed_one(struct ctl *c, const struct table *t, int *changed)
{
    PGresult *res;
    size_t n;
    const char *path =
        arena_printf(c->a, "%s/sql/seeds/energy/%s.tsv", c->home, t->file);
    const char *content = ctl_file(c, path, &n);
    const char *const params[] = {t->file};
    if (!content ||
        db_many(c->db, c->a, &SQL_REFERENCE_IMPORT_LAST, 1, params, &res))
        return false;
    if (PQntuples(res) == 1) {
        if (str_eq(PQgetvalue(res, 0, 1), encode_sha256(c->a, content, n)))
            return true;
        if (!str_eq(PQgetvalue(res, 0, 0), "seed")) {
            printf("%s: kept as imported by %s on %s\n", t->file,
                   PQgetvalue(res, 0, 3), PQgetvalue(res, 0, 4));
            return true;
        }
    }
    (*changed)++;
    return replace(c, t, path, "seed");
}

int reference_seed(struct ctl *c)
{
    int changed = 0;
    bool good = true;
    if (begin(c))
        return CTL_FAILED;
    for (size_t i = 0; good && i < ARRAY_LEN(tables); i++)
        good = seed_one(c, &tables[i], &changed);
    if (good && !changed) {
        db_rollback(c->db);
        printf("Reference data is up to date.\n");
        return CTL_OK;
    }
    return finish(c, good, "The reference data");
}

int reference_history(struct ctl *c)
{
    PGresult *res;
    if (db_many(c->db, c->a, &SQL_REFERENCE_IMPORT_HISTORY, 0, NULL, &res))
        return ctl_fail("The database refused; the log line says why.");
    ctl_table(res);
    return CTL_OK;
}

int reference_status(struct ctl *c)
{
    struct reference *r = reference_from_db(c->db);
    if (!r)
        return ctl_fail("Reference data cannot be loaded; run "
                        "comptoirctl migrate upgrade.");
    printf("version %lld\n", (long long)r->version);
    printf("electricity tariffs %zu rows, until %s\n", r->n_trve,
           format_fr_date(c->a, r->trve_until));
    printf("gas prices %zu rows, until %s\n", r->n_prvg,
           format_fr_date(c->a, r->prvg_until));
    printf("excise %zu, VAT %zu, suppliers %zu, patterns %zu, checks %zu\n",
           r->n_excise, r->n_vat, r->n_suppliers, r->n_patterns, r->n_checks);
    reference_free(r);
    return CTL_OK;
}

int reference_export(struct ctl *c)
{
    PGresult *res;
    int64_t id;
    if (c->argc != 1 || !str_to_i64(c->argv[0], &id)) {
        ctl_fail("export takes the id of an import (reference history).");
        return CTL_USAGE;
    }
    const char *const params[] = {c->argv[0]};
    if (db_one(c->db, c->a, &SQL_REFERENCE_IMPORT_CONTENT, 1, params, &res))
        return ctl_fail("There is no import %s.", c->argv[0]);
    fputs(PQgetvalue(res, 0, 1), stdout);
    return CTL_OK;
}

int reference_restore(struct ctl *c)
{
    PGresult *res;
    int64_t id;
    if (c->argc != 1 || !str_to_i64(c->argv[0], &id)) {
        ctl_fail("restore takes the id of an import (reference history).");
        return CTL_USAGE;
    }
    if (begin(c))
        return CTL_FAILED;
    const char *const params[] = {c->argv[0]};
    const struct table *t = NULL;
    if (db_one(c->db, c->a, &SQL_REFERENCE_IMPORT_CONTENT, 1, params, &res) ==
        OK)
        t = find_table(arena_printf(c->a, "%s.tsv", PQgetvalue(res, 0, 0)));
    if (!t || str_eq(PQgetvalue(res, 0, 2), "test")) {
        db_rollback(c->db);
        return ctl_fail("There is no import %s to go back to.", c->argv[0]);
    }
    const char *name = arena_printf(c->a, "import %s", c->argv[0]);
    return finish(c, replace_text(c, t, name, PQgetvalue(res, 0, 1), "admin"),
                  "The restore");
}

int reference_test_suppliers(struct ctl *c)
{
    const struct table *t = find_table("suppliers.tsv");
    struct sheet s;
    assert(t);
    if (c->argc != 1) {
        ctl_fail("test-suppliers takes a TSV file, or - to take them out.");
        return CTL_USAGE;
    }
    if (str_eq(conf_str(CONF_ENV), "prod"))
        return ctl_fail("ENV=prod refuses fictional suppliers.");
    if (begin(c))
        return CTL_FAILED;
    bool good =
        db_exec(c->db, c->a, &SQL_REFERENCE_IMPORT_CLEAR_TEST, 0, NULL) == OK;
    if (good && !str_eq(c->argv[0], "-")) {
        size_t n;
        const char *content = ctl_file(c, c->argv[0], &n);
        good = content && sheet_from_tsv(c->a, c->argv[0], &s);
        for (size_t i = 0; good && i < s.n_rows; i++)
            good = str_eq(sheet_cell(&s, i, "kind"), "test") ||
                   sheet_bad(&s, i, "kind", sheet_cell(&s, i, "kind"));
        const char *const rows[] = {good ? rows_json(c, &s, TEST_POSITION)
                                         : NULL};
        good = good && db_exec(c->db, c->a, t->import, 1, rows) == OK &&
               note(c, t, "test", &s, content);
    }
    return finish(c, good, "The list of fictional suppliers");
}
