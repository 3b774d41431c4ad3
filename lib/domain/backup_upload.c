/* The worker's side: files in parallel, the manifest last, so that its
 * presence means that the run is whole. The same attempt made twice sends the
 * same bytes to the same keys. */
#include "domain/backup_upload.h"
#include <stdlib.h>
#include <string.h>
#include "base/conf.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/str.h"
#include "domain/backup.h"
#include "domain/backup_folder.h"
#include "sql/backup.h"
#include "store/blob.h"
#include "store/db_value.h"
#include "wire/s3.h"

enum { META = 6 };
#define FILES "file/"

struct run {
    const char *folder, *run_id, *timestamp;
    json_t *facts, *manifest;
    struct blob *blobs;
    size_t n;
    struct s3_object *objects;
    struct sigv4_pair meta[META];
    size_t n_meta;
    int64_t bytes;
};

static void json_free(void *p)
{
    json_decref(p);
}

/* ---- what goes there -------------------------------------------------------
 */

json_t *backup_upload_manifest(const char *run_id, const char *timestamp,
                               const json_t *facts)
{
    static const char *const told[] = {"user_id",       "invoice_id",
                                       "external_ref",  "energy_type",
                                       "customer_name", "highlights"};
    json_t *m = json_pack("{s:s,s:s,s:s}", "env", conf_str(CONF_ENV), "run_id",
                          run_id, "timestamp", timestamp);
    for (size_t i = 0; i < ARRAY_LEN(told); i++) {
        json_t *v = json_object_get(facts, told[i]);
        json_object_set(m, told[i], v ? v : json_null());
    }
    json_object_set_new(m, "original_pages", json_array());
    json_object_set_new(m, "files", json_array());
    return m;
}

static enum err load_facts(struct db *db, struct arena *a, const struct job *j,
                           struct run *r)
{
    struct blob b;
    struct bytes text;
    enum err e = blob_find(db, a, j->task_id, "facts.json", &b);
    if (!e)
        e = blob_read(db, a, &b, &text);
    if (e)
        return e;
    r->facts = json_loadb((const char *)text.p, text.n, 0, NULL);
    if (!r->facts)
        return ERR_INTERNAL;
    arena_defer(a, json_free, r->facts);
    return blob_list(db, a, j->task_id, FILES, &r->blobs, &r->n);
}

static enum err load(struct db *db, struct arena *a, const struct job *j,
                     struct run *r)
{
    enum { FOLDER, HASH, RUN, AT };
    const char *const params[] = {j->task_id};
    PGresult *row;
    enum err e = db_one(db, a, &SQL_BACKUP_LOAD, 1, params, &row);
    if (!e)
        e = backup_folder_open(a, PQgetvalue(row, 0, HASH),
                               PQgetvalue(row, 0, FOLDER), &r->folder);
    if (e)
        return e;
    r->run_id = PQgetvalue(row, 0, RUN);
    r->timestamp = PQgetvalue(row, 0, AT);
    return load_facts(db, a, j, r);
}

/* Facts that are there, as values of headers. */
static void fill_meta(struct arena *a, struct run *r)
{
    static const struct {
        const char *fact, *name;
    } rows[] = {{"user_id", "user-id"},
                {"invoice_id", "invoice-id"},
                {"external_ref", "external-ref"},
                {"source_kind", "source-kind"},
                {"energy_type", "energy-type"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const json_t *v = json_object_get(r->facts, rows[i].fact);
        const char *text = json_is_integer(v)
                               ? db_value_text(a, json_integer_value(v))
                               : json_string_value(v);
        if (text && *text)
            r->meta[r->n_meta++] =
                (struct sigv4_pair){rows[i].name, backup_name_value(a, text)};
    }
    r->meta[r->n_meta++] = (struct sigv4_pair){"run-id", r->run_id};
}

static struct s3_object object(struct arena *a, const struct run *r,
                               const char *name, const char *media,
                               struct bytes body)
{
    return (struct s3_object){
        .key = arena_printf(a, "%s%s/%s", r->folder, r->run_id, name),
        .type = media,
        .body = body,
        .sha256 = encode_sha256(a, body.p, body.n),
        .meta = r->meta,
        .n_meta = r->n_meta};
}

static enum err read_files(struct db *db, struct arena *a, struct run *r)
{
    r->manifest = backup_upload_manifest(r->run_id, r->timestamp, r->facts);
    arena_defer(a, json_free, r->manifest);
    r->objects = ARENA_ARRAY(a, r->n + 1, struct s3_object);
    json_t *pages = json_object_get(r->manifest, "original_pages");
    json_t *files = json_object_get(r->manifest, "files");
    for (size_t i = 0; i < r->n; i++) {
        const struct blob *b = &r->blobs[i];
        const char *name = b->name + strlen(FILES);
        struct bytes body;
        const enum err e = blob_read(db, a, b, &body);
        if (e)
            return e;
        r->objects[i] = object(a, r, name, b->media, body);
        r->bytes += b->size;
        if (str_starts(name, "page-"))
            json_array_append_new(pages, json_string(name));
        json_array_append_new(files, json_pack("{s:s,s:I,s:s}", "name", name,
                                               "size", (json_int_t)b->size,
                                               "sha256", b->sha256));
    }
    return OK;
}

/* ---- sending ---------------------------------------------------------------
 */

static enum err send_manifest(struct arena *a, struct run *r,
                              struct s3_why *why)
{
    char *text = json_dumps(r->manifest, JSON_INDENT(2));
    if (!text)
        return ERR_INTERNAL;
    arena_defer(a, free, text);
    r->objects[r->n] =
        object(a, r, "manifest.json", "application/json",
               (struct bytes){(const uint8_t *)text, strlen(text)});
    return s3_put(a, &r->objects[r->n], 1, why);
}

static json_t *fact(const struct run *r, const char *name)
{
    return json_object_get(r->facts, name);
}

/* In one transaction: known as uploaded, what it was made of is deleted, the
 * job ends. */
static enum err settle(struct db *db, struct arena *a, const struct job *j,
                       const struct run *r)
{
    const char *const params[] = {j->task_id,
                                  db_value_text(a, (int64_t)r->n + 1),
                                  db_value_text(a, r->bytes)};
    enum err e = db_begin(db);
    if (e)
        return e;
    e = db_exec(db, a, &SQL_BACKUP_UPLOADED, 3, params);
    if (!e)
        e = blob_delete_of(db, a, j->task_id, "");
    if (!e)
        e = job_finish(db, a, j, JOB_DONE, NULL, 0);
    if (!e)
        e = db_commit(db);
    else
        db_rollback(db);
    if (!e)
        log_info("spaces_upload_ok", "{s:O?,s:O?,s:s,s:i,s:I}", "user_id",
                 fact(r, "user_id"), "invoice_id", fact(r, "invoice_id"),
                 "run_id", r->run_id, "files", (int)r->n + 1, "bytes",
                 (json_int_t)r->bytes);
    return e;
}

/* Noted for those who look for the run. In the store a second that the
 * database gave is taken (it was restored from an older day): the next attempt
 * has another. */
static enum err fail(struct db *db, struct arena *a, const struct job *j,
                     enum err e, const struct s3_why *why)
{
    const char *code = why->code && *why->code ? why->code : err_code(e);
    const char *const params[] = {j->task_id, code};
    log_error("spaces_upload_error", "{s:i,s:s,s:s,s:i,s:i,s:b}", "status",
              why->status, "code", code, "message",
              why->message ? why->message : "", "tries", why->tries, "attempt",
              j->attempt, "last", job_is_last_attempt(j));
    if (e == ERR_CONFLICT)
        (void)!db_exec(db, a, &SQL_BACKUP_MOVE, 1, params);
    (void)!db_exec(db, a, &SQL_BACKUP_FAILED, 2, params);
    return e == ERR_CONFLICT ? ERR_UNAVAILABLE : e;
}

enum err backup_upload(struct db *db, struct arena *a, const struct job *j)
{
    struct run r = {.folder = ""};
    struct s3_why why = {.code = ""};
    enum err e = s3_ready() ? load(db, a, j, &r) : ERR_UNAVAILABLE;
    if (!e) {
        fill_meta(a, &r);
        e = read_files(db, a, &r);
    }
    if (!e)
        e = s3_put(a, r.objects, r.n, &why);
    if (!e)
        e = send_manifest(a, &r, &why);
    if (e)
        return fail(db, a, j, e, &why);
    return settle(db, a, j, &r);
}
