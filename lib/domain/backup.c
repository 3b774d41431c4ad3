/* Putting a run in line, and finding runs. */
#include "domain/backup.h"
#include <stdlib.h>
#include <string.h>
#include "base/conf.h"
#include "base/encode.h"
#include "domain/backup_folder.h"
#include "sql/backup.h"
#include "store/blob.h"
#include "store/db_value.h"
#include "wire/s3.h"

enum { ATTEMPTS = 12 };

static const char *number(struct arena *a, bool has, int64_t v)
{
    return has ? db_value_text(a, v) : NULL;
}

/* ---- putting in ------------------------------------------------------------
 */

static enum err reserve(struct db *db, struct arena *a,
                        const struct backup_order *o, PGresult **row)
{
    const struct backup_name *n = &o->name;
    const char *hash, *folder;
    const enum err e = backup_folder_seal(
        a, backup_name_folder(a, conf_str(CONF_ENV), n), &hash, &folder);
    if (e)
        return e;
    const char *const params[] = {
        o->owner,
        number(a, o->tenant_id != 0, o->tenant_id),
        number(a, n->has_user_id, n->user_id),
        number(a, n->has_invoice_id, n->invoice_id),
        n->external_ref,
        n->ref_id,
        hash,
        folder,
        encode_sha256(a, o->full.p, o->full.n),
        encode_sha256(a, o->anonymous.p, o->anonymous.n)};
    return db_one(db, a, &SQL_BACKUP_RESERVE, 10, params, row);
}

struct keeper {
    struct db *db;
    struct arena *a;
    const struct backup_order *o;
    const char *task_id;
};

static enum err keep(const struct keeper *k, const char *name,
                     const char *media, struct bytes data)
{
    char id[BLOB_ID];
    const struct blob_new of = {.owner = k->o->owner,
                                .tenant_id = k->o->tenant_id,
                                .task_id = k->task_id,
                                .name = name,
                                .media = media,
                                .ttl_s =
                                    conf_int(CONF_DO_SPACES_KEEP_HOURS) * 3600,
                                /* it waits for the S3 store itself */
                                .stays_here = true};
    return blob_put(k->db, k->a, &of, data, id);
}

/* The manifest but for what only the run knows; with the originals' names. */
static json_t *facts(const struct backup_order *o)
{
    const struct backup_name *n = &o->name;
    return json_pack(
        "{s:o,s:o,s:s?,s:s,s:s?,s:O,s:s}", "user_id",
        n->has_user_id ? json_integer(n->user_id) : json_null(), "invoice_id",
        n->has_invoice_id ? json_integer(n->invoice_id) : json_null(),
        "external_ref", n->external_ref, "energy_type", o->energy,
        "customer_name", n->customer_name, "highlights", o->highlights,
        "source_kind", o->is_pdf ? "pdf" : "images");
}

static enum err keep_facts(const struct keeper *k)
{
    json_t *o = facts(k->o);
    char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;
    json_decref(o);
    if (!text)
        return ERR_INTERNAL;
    arena_defer(k->a, free, text);
    return keep(k, "facts.json", "application/json",
                (struct bytes){(const uint8_t *)text, strlen(text)});
}

/* Their names here are their names there. */
static enum err keep_files(const struct keeper *k)
{
    const struct backup_order *o = k->o;
    enum err e = keep_facts(k);
    for (size_t i = 0; !e && i < o->n_originals; i++) {
        const struct backup_original *f = &o->originals[i];
        const char *name = o->is_pdf ? arena_printf(k->a, "file/original_%s.%s",
                                                    o->energy, f->extension)
                                     : arena_printf(k->a, "file/page-%03zu.%s",
                                                    i + 1, f->extension);
        e = keep(k, name, f->media, f->data);
    }
    if (!e)
        e = keep(k, arena_printf(k->a, "file/report_full_%s.pdf", o->energy),
                 "application/pdf", o->full);
    if (!e)
        e = keep(k, arena_printf(k->a, "file/report_anon_%s.pdf", o->energy),
                 "application/pdf", o->anonymous);
    return e;
}

enum err backup_enqueue(struct db *db, struct arena *a,
                        const struct backup_order *o)
{
    PGresult *row;
    if (!s3_ready())
        return OK;
    if (o->n_originals > BACKUP_ORIGINALS)
        return ERR_TOO_LARGE;
    enum err e = job_enter(db, a, o->tenant_id);
    if (!e)
        e = reserve(db, a, o, &row);
    if (e)
        return e;
    const struct keeper k = {db, a, o, PQgetvalue(row, 0, 0)};
    e = keep_files(&k);
    const char *task_id;
    const struct job_request q = {.kind = "backup",
                                  .lane = "child",
                                  .owner = o->owner,
                                  .tenant_id = o->tenant_id,
                                  .priority = 3,
                                  .attempts_max = ATTEMPTS,
                                  .task_id = k.task_id};
    return e ? e : job_enqueue(db, a, &q, &task_id);
}

/* ---- finding ---------------------------------------------------------------
 */

enum column {
    TASK,
    FOLDER,
    RUN,
    USER,
    INVOICE,
    REF,
    FILES,
    BYTES,
    UPLOADED,
    ERROR,
    HASH
};

static struct backup_run run_from_row(const PGresult *res, int i)
{
    return (struct backup_run){.task_id = PQgetvalue(res, i, TASK),
                               .folder = PQgetvalue(res, i, FOLDER),
                               .run_id = PQgetvalue(res, i, RUN),
                               .user_id = PQgetvalue(res, i, USER),
                               .invoice_id = PQgetvalue(res, i, INVOICE),
                               .external_ref = PQgetvalue(res, i, REF),
                               .files = db_value_i64(res, i, FILES),
                               .bytes = db_value_i64(res, i, BYTES),
                               .is_uploaded =
                                   *PQgetvalue(res, i, UPLOADED) == 't',
                               .error = PQgetvalue(res, i, ERROR)};
}

enum err backup_find(struct db *db, struct arena *a,
                     const struct backup_filter *f, int64_t most,
                     struct backup_run **out, size_t *n)
{
    const char *const params[] = {f->user_id, f->invoice_id, f->external_ref,
                                  f->ref_id, db_value_text(a, most)};
    PGresult *res;
    *n = 0;
    enum err e = db_many(db, a, &SQL_BACKUP_FIND, 5, params, &res);
    if (e)
        return e;
    *out = ARENA_ARRAY(a, (size_t)PQntuples(res), struct backup_run);
    for (int i = 0; !e && i < PQntuples(res); i++) {
        struct backup_run *r = &(*out)[*n];
        *r = run_from_row(res, i);
        e = backup_folder_open(a, PQgetvalue(res, i, HASH), r->folder,
                               &r->folder);
        ++*n;
    }
    return e;
}

enum err backup_delivered(struct db *db, struct arena *a, const char *folder,
                          const char *run_id, struct backup_delivered *out)
{
    enum { OWNER, TENANT, FULL, ANONYMOUS };
    const char *const params[] = {encode_sha256(a, folder, strlen(folder)),
                                  run_id};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_BACKUP_DELIVERED, 2, params, &row);
    if (!e)
        *out = (struct backup_delivered){
            .owner = PQgetvalue(row, 0, OWNER),
            .tenant_id = db_value_i64(row, 0, TENANT),
            .full_sha256 = PQgetvalue(row, 0, FULL),
            .anonymous_sha256 = PQgetvalue(row, 0, ANONYMOUS)};
    return e;
}
