/* Loads reference data once per process and answers "what was valid then?" */
#include "invoice/reference.h"
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "invoice/reference_load.h"
#include "sql/reference.h"
#include "store/db.h"

/* The scratch block is large enough to be mapped by itself, so that an idle
 * responder gives it back. */
enum { BLOCK = 64 << 10, SCRATCH = 1 << 20 };

static struct reference *reference_new(void)
{
    struct arena *memory = arena_new(BLOCK);
    struct reference *r = ARENA_NEW(memory, struct reference);
    r->memory = memory;
    r->lexicons = ARENA_NEW(memory, struct reference_lexicons);
    return r;
}

void reference_free(struct reference *r)
{
    if (r)
        arena_free(r->memory);
}

static bool load_file(struct reference *r, struct arena *tmp, const char *path,
                      bool (*fill)(struct reference *, const struct sheet *))
{
    struct sheet s;
    return sheet_from_tsv(tmp, path, &s) && fill(r, &s);
}

static bool load_files(struct reference *r, struct arena *tmp,
                       const char *dir, const char *extra)
{
    for (size_t i = 0; i < reference_load_n_tables; i++) {
        const struct reference_load *t = &reference_load_tables[i];
        const char *path = arena_printf(tmp, "%s/%s.tsv", dir, t->name);
        if (t->optional && access(path, F_OK) != 0)
            continue;
        if (!load_file(r, tmp, path, t->fill))
            return false;
    }
    return !extra || load_file(r, tmp, extra, reference_load_suppliers);
}

struct reference *reference_from_tsv(const char *dir, const char *extra)
{
    struct reference *r = reference_new();
    struct arena *tmp = arena_new(SCRATCH);
    const bool good = load_files(r, tmp, dir, extra);
    arena_free(tmp);
    if (!good) {
        reference_free(r);
        return NULL;
    }
    reference_load_finish(r);
    return r;
}

static bool read_version(struct db *db, struct arena *tmp, int64_t *version)
{
    PGresult *res;
    return db_one(db, tmp, &SQL_REFERENCE_VERSION, 0, NULL, &res) == OK &&
           str_to_i64(PQgetvalue(res, 0, 0), version);
}

static bool load_queries(struct reference *r, struct arena *tmp, struct db *db)
{
    for (size_t i = 0; i < reference_load_n_tables; i++) {
        const struct reference_load *t = &reference_load_tables[i];
        PGresult *res;
        struct sheet s;
        if (db_many(db, tmp, t->query, 0, NULL, &res))
            return false;
        sheet_from_result(tmp, t->query->name, res, &s);
        if (!t->fill(r, &s))
            return false;
    }
    return true;
}

/* One attempt; *moved when an import happened meanwhile. */
static struct reference *load_db(struct db *db, bool *moved)
{
    struct reference *r = reference_new();
    struct arena *tmp = arena_new(SCRATCH);
    int64_t after = -1;
    const bool good = read_version(db, tmp, &r->version) &&
                      load_queries(r, tmp, db) &&
                      read_version(db, tmp, &after);
    *moved = good && after != r->version;
    arena_free(tmp);
    if (good && !*moved)
        return r;
    reference_free(r);
    return NULL;
}

struct reference *reference_from_db(struct db *db)
{
    bool moved = true;
    struct reference *r = NULL;
    for (int attempt = 0; !r && moved && attempt < 3; attempt++)
        r = load_db(db, &moved);
    if (r && (!r->n_trve || !r->n_patterns || !r->n_checks)) {
        log_error("reference_empty", NULL); /* migrated but never filled */
        reference_free(r);
        return NULL;
    }
    if (r)
        reference_load_finish(r);
    return r;
}

const struct trve_row *reference_trve(const struct reference *r, int32_t day,
                                      const char *option, int32_t kva)
{
    if (day > r->trve_until)
        return NULL;
    for (size_t i = 0; i < r->n_trve; i++) {
        const struct trve_row *t = &r->trve[i];
        if (t->from <= day && day <= t->to && t->kva == kva &&
            str_eq(t->option, option))
            return t;
    }
    return NULL;
}

const struct prvg_row *reference_prvg(const struct reference *r, int32_t day,
                                      bool heating)
{
    for (size_t i = 0; i < r->n_prvg; i++) {
        const struct prvg_row *p = &r->prvg[i];
        int y, m, d;
        if (p->heating != heating || p->month > day || p->month + 30 < day)
            continue;
        clock_civil(p->month, &y, &m, &d);
        if (day < p->month + clock_month_days(y, m))
            return p; /* prices are monthly: no other month says anything */
    }
    return NULL;
}

const struct excise_row *reference_excise(const struct reference *r,
                                          int32_t day, bool gas, int32_t kva)
{
    for (size_t i = 0; i < r->n_excise; i++) {
        const struct excise_row *e = &r->excise[i];
        if (e->gas == gas && e->from <= day && day <= e->to &&
            (gas || (e->kva_from <= kva && kva <= e->kva_to)))
            return e;
    }
    return NULL;
}

const struct vat_row *reference_vat(const struct reference *r, int32_t day,
                                    const char *component, int32_t kva)
{
    const struct vat_row *found = NULL;
    for (size_t i = 0; i < r->n_vat; i++) {
        const struct vat_row *v = &r->vat[i];
        if (v->from > day || day > v->to || !str_eq(v->component, component))
            continue;
        if (v->over_36kva && kva > 36)
            return v; /* the narrower rule wins */
        if (!v->over_36kva)
            found = v;
    }
    return found;
}

const struct cta_row *reference_cta(const struct reference *r, int32_t day,
                                    enum cta_part part)
{
    for (size_t i = 0; i < r->n_cta; i++) {
        const struct cta_row *c = &r->cta[i];
        if (c->part == part && c->from <= day && day <= c->to)
            return c->rate_bp < 0 ? NULL : c;
    }
    return NULL;
}

const struct turpe_row *reference_turpe(const struct reference *r, int32_t day,
                                        const char *fta)
{
    for (size_t i = 0; i < r->n_turpe; i++) {
        const struct turpe_row *t = &r->turpe[i];
        if (t->from <= day && day <= t->to && str_eq(t->fta, fta))
            return t->fixed_year < 0 ? NULL : t;
    }
    return NULL;
}

const struct atrd_row *reference_atrd(const struct reference *r, int32_t day,
                                      const char *class)
{
    for (size_t i = 0; i < r->n_atrd; i++) {
        const struct atrd_row *t = &r->atrd[i];
        if (t->from <= day && day <= t->to && str_eq(t->class, class))
            return t->year < 0 ? NULL : t;
    }
    return NULL;
}

int64_t reference_turpe_fixed(const struct turpe_row *t, int32_t kva)
{
    if (t->fixed_year < 0 || t->kva_year[0] < 0 || kva < 0)
        return -1;
    return t->fixed_year + t->kva_year[0] * kva;
}

const struct pattern *reference_pattern(const struct reference *r,
                                        const char *id)
{
    for (size_t i = 0; i < r->n_patterns; i++)
        if (str_eq(r->patterns[i].id, id))
            return &r->patterns[i];
    return NULL;
}

const struct check_text *reference_check(const struct reference *r,
                                         const char *id)
{
    for (size_t i = 0; i < r->n_checks; i++)
        if (str_eq(r->checks[i].id, id))
            return &r->checks[i];
    return NULL;
}
