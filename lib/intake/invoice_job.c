/* Names of documents: request.json, input/1… are wiped by the database when
 * the job ends (0017_invoice_job); result.json, full.pdf and anonymous.pdf
 * stay for JOB_RESULT_S. */
#include "intake/invoice_job.h"
#include <stdlib.h>
#include <string.h>
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "intake/invoice_backup.h"
#include "sql/invoice_job.h"
#include "store/db_value.h"

enum { DAY_S = 86400 };
static const char request_name[] = "request.json",
                  result_name[] = "result.json", full_name[] = "full.pdf",
                  anonymous_name[] = "anonymous.pdf", input_prefix[] = "input/",
                  json_media[] = "application/json",
                  pdf_media[] = "application/pdf";

int64_t invoice_job_patience_s(void)
{
    return conf_int(CONF_JOB_KEEP_DAYS) * DAY_S;
}

/* ---- ordering -------------------------------------------------------------
 */

/* Notes of ours stay in the database: a job can be refused, told of and asked
 * after while the store of the files is away. */
static enum err put_json(struct db *db, struct arena *a,
                         const struct blob_new *of, json_t *o)
{
    char id[BLOB_ID];
    struct blob_new note = *of;
    char *s = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(15));
    json_decref(o);
    if (!s)
        return ERR_INTERNAL;
    arena_defer(a, free, s);
    note.stays_here = true;
    return blob_put(db, a, &note, (struct bytes){(const uint8_t *)s, strlen(s)},
                    id);
}

static enum err put_inputs(struct db *db, struct arena *a,
                           const struct analysis *q, struct blob_new of)
{
    char id[BLOB_ID];
    of.name = request_name;
    of.media = json_media;
    enum err e = put_json(db, a, &of, analysis_to_json(q));
    for (size_t i = 0; !e && i < q->n_files; i++) {
        of.name = arena_printf(a, "%s%zu", input_prefix, i + 1);
        of.media = document_media(q->files[i].kind);
        e = blob_put(db, a, &of, q->files[i].data, id);
    }
    return e;
}

static enum err put_charge(struct db *db, struct arena *a,
                           const struct invoice_job_order *o,
                           const char *task_id)
{
    if (!o->charge->id)
        return OK;
    const char *const params[] = {task_id, db_value_text(a, o->charge->id),
                                  o->key_hash};
    return db_exec(db, a, &SQL_INVOICE_JOB_CHARGE, 3, params);
}

enum err invoice_job_put(struct db *db, struct arena *a,
                         const struct invoice_job_order *o,
                         const char **task_id)
{
    const struct job_request q = {
        .kind = o->q->is_pdf ? "invoice_pdf" : "invoice_images",
        .lane = "child",
        .owner = o->owner,
        .tenant_id = o->tenant_id,
        .priority = o->priority,
        .payload = o->webhook_by_link ? "{\"webhook_payload\":\"link\"}" : NULL,
        .webhook_url = o->webhook_url};
    enum err e = job_enqueue(db, a, &q, task_id);
    if (!e)
        e = put_charge(db, a, o, *task_id);
    if (!e)
        e = put_inputs(db, a, o->q,
                       (struct blob_new){.owner = o->owner,
                                         .tenant_id = o->tenant_id,
                                         .task_id = *task_id,
                                         .ttl_s = invoice_job_patience_s()});
    if (!e)
        e = invoice_backup_order(
            db, a,
            &(struct invoice_backup){.owner = o->owner,
                                     .tenant_id = o->tenant_id,
                                     .ref_id = *task_id,
                                     .q = o->q});
    return e;
}

/* ---- working --------------------------------------------------------------
 */

/* A kept JSON document; *out is the caller's. ERR_NOT_FOUND without one. */
static enum err load_json(struct db *db, struct arena *a, const char *task_id,
                          const char *name, json_t **out)
{
    struct blob b;
    struct bytes text;
    *out = NULL;
    enum err e = blob_find(db, a, task_id, name, &b);
    if (!e)
        e = blob_read(db, a, &b, &text);
    if (e)
        return e;
    *out = json_loadb((const char *)text.p, text.n, 0, NULL);
    return *out ? OK : ERR_INTERNAL;
}

/* The i-th file, under the name and type that its sender gave it. */
static enum err load_file(struct db *db, struct arena *a, const struct blob *b,
                          const json_t *said, struct analysis *q)
{
    struct bytes data;
    const enum err e = blob_read(db, a, b, &data);
    if (e)
        return e;
    const struct upload file = {
        .name =
            arena_strdup(a, json_string_value(json_object_get(said, "name"))),
        .declared_type =
            arena_strdup(a, json_string_value(json_object_get(said, "type"))),
        .data = data};
    return analysis_add(q, file);
}

static enum err load_files(struct db *db, struct arena *a, const char *task_id,
                           const json_t *said, struct analysis *q)
{
    struct blob *list;
    size_t n;
    enum err e = blob_list(db, a, task_id, input_prefix, &list, &n);
    if (!e && (n == 0 || n != json_array_size(said)))
        e = ERR_NOT_FOUND;
    for (size_t i = 0; !e && i < n; i++)
        e = load_file(db, a, &list[i], json_array_get(said, i), q);
    return e;
}

static enum err load_request(struct db *db, struct arena *a,
                             const struct job *j, struct analysis *q,
                             json_t **o)
{
    const enum err e = load_json(db, a, j->task_id, request_name, o);
    return !e && !analysis_from_json(a, *o, q) ? ERR_INTERNAL : e;
}

enum err invoice_job_asked(struct db *db, struct arena *a, const struct job *j,
                           struct analysis *q)
{
    json_t *o;
    const enum err e = load_request(db, a, j, q, &o);
    json_decref(o);
    return e;
}

enum err invoice_job_load(struct db *db, struct arena *a, const struct job *j,
                          struct analysis *q)
{
    json_t *o;
    enum err e = load_request(db, a, j, q, &o);
    if (!e)
        e = load_files(db, a, j->task_id, json_object_get(o, "files"), q);
    json_decref(o);
    q->ask.request_id = j->task_id;
    q->ask.is_job = true;
    return e;
}

bool invoice_job_is_final(enum err e)
{
    return err_status(e) >= 400 && err_status(e) < 500;
}

static const struct blob_new *result_of(struct arena *a, const struct job *j,
                                        const char *name, const char *media)
{
    struct blob_new *of = ARENA_NEW(a, struct blob_new);
    *of = (struct blob_new){.owner = j->owner,
                            .tenant_id = j->tenant_id,
                            .task_id = j->task_id,
                            .name = name,
                            .media = media,
                            .ttl_s = conf_int(CONF_JOB_RESULT_S)};
    return of;
}

/* What was set aside is gone: it is charged as if nothing had been. */
static enum err charge_anew(struct db *db, struct arena *a, const struct job *j,
                            const char *key_hash)
{
    const struct charge_request q = {.kind = "tenant",
                                     .id = j->tenant_id,
                                     .meter = "invoices",
                                     .units = 1,
                                     .request_id = j->task_id,
                                     .key_hash = key_hash};
    struct charge c;
    return j->tenant_id ? charge_now(db, a, &q, &c) : OK;
}

static enum err pay(struct db *db, struct arena *a, const struct job *j)
{
    const char *const params[] = {j->task_id};
    PGresult *row;
    enum err e = db_one(db, a, &SQL_INVOICE_JOB_CHARGE_OF, 1, params, &row);
    if (e == ERR_NOT_FOUND)
        return charge_anew(db, a, j, NULL);
    if (e)
        return e;
    const struct charge c = {.id = db_value_i64(row, 0, 0)};
    const char *hash = PQgetisnull(row, 0, 1) ? NULL : PQgetvalue(row, 0, 1);
    e = charge_commit(db, a, &c, -1, hash);
    return e == ERR_UNAVAILABLE ? charge_anew(db, a, j, hash) : e;
}

enum err invoice_job_keep(struct db *db, struct arena *a, const struct job *j,
                          const struct analysis *q,
                          const struct audit_result *res)
{
    char id[BLOB_ID];
    enum err e = pay(db, a, j);
    if (!e)
        e = put_json(db, a, result_of(a, j, result_name, json_media),
                     analysis_answer(a, q, res));
    if (!e)
        e = blob_put(db, a, result_of(a, j, full_name, pdf_media),
                     res->full_pdf, id);
    if (!e)
        e = blob_put(db, a, result_of(a, j, anonymous_name, pdf_media),
                     res->anonymous_pdf, id);
    if (!e)
        e = invoice_backup_put(
            db, a,
            &(struct invoice_backup){.owner = j->owner,
                                     .tenant_id = j->tenant_id,
                                     .ref_id = j->task_id,
                                     .is_job = true,
                                     .q = q,
                                     .res = res});
    return e;
}

enum err invoice_job_refuse(struct db *db, struct arena *a, const struct job *j,
                            enum err why, json_t *members)
{
    json_t *o = json_pack("{s:s,s:s}", "code", err_code(why), "message",
                          err_message(why));
    json_object_update_missing(o, members);
    json_decref(members);
    return put_json(db, a, result_of(a, j, result_name, json_media), o);
}

/* ---- telling --------------------------------------------------------------
 */

enum err invoice_job_tell_cancelled(struct db *db, struct arena *a,
                                    const struct job *told)
{
    struct analysis q = {.n_files = 0};
    struct job j = *told;
    const struct invoice_job_news news = {&j, &q, NULL, ERR_JOB_CANCELLED};
    j.task_id = json_string_value(json_object_get(told->payload, "task"));
    enum err e = j.task_id ? invoice_job_asked(db, a, &j, &q) : ERR_INTERNAL;
    if (!e || e == ERR_NOT_FOUND)
        e = invoice_job_tell(db, a, &news);
    return e ? e : blob_delete_of(db, a, j.task_id, request_name);
}

enum err invoice_job_find(struct db *db, struct arena *a, const char *task_id,
                          const char *owner, PGresult **row)
{
    const char *const params[] = {task_id, owner};
    return job_is_task_id(task_id)
               ? db_one(db, a, &SQL_INVOICE_JOB_FIND, 2, params, row)
               : ERR_NOT_FOUND;
}

enum err invoice_job_list(struct db *db, struct arena *a, const char *owner,
                          const char *const page[3], PGresult **out)
{
    const char *const params[] = {owner, page[0], page[1], page[2]};
    return db_many(db, a, &SQL_INVOICE_JOB_LIST, 4, params, out);
}

/* {"non_anonymous_size", "non_anonymous_sha256"} in place of the bytes. */
static void put_measures(struct arena *a, json_t *o, const char *prefix,
                         const struct blob *b)
{
    json_object_set_new(o, arena_printf(a, "%s_size", prefix),
                        json_integer(b->size));
    json_object_set_new(o, arena_printf(a, "%s_sha256", prefix),
                        json_string(b->sha256));
}

static enum err add_reports(struct db *db, struct arena *a, const char *task_id,
                            bool whole, json_t **o)
{
    struct blob full, anonymous;
    struct bytes full_pdf, anonymous_pdf;
    enum err e = blob_find(db, a, task_id, full_name, &full);
    if (!e)
        e = blob_find(db, a, task_id, anonymous_name, &anonymous);
    if (!e && !whole) {
        put_measures(a, *o, "non_anonymous", &full);
        put_measures(a, *o, "anonymous", &anonymous);
    }
    if (e || !whole)
        return e;
    e = blob_read(db, a, &full, &full_pdf);
    if (!e)
        e = blob_read(db, a, &anonymous, &anonymous_pdf);
    if (!e)
        *o = analysis_with_reports(a, *o, full_pdf, anonymous_pdf);
    return e;
}

enum err invoice_job_result(struct db *db, struct arena *a, const char *task_id,
                            bool with_reports, json_t **out)
{
    enum err e = load_json(db, a, task_id, result_name, out);
    if (!e && !json_object_get(*out, "code"))
        e = add_reports(db, a, task_id, with_reports, out);
    if (e) {
        json_decref(*out);
        *out = NULL;
    }
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err invoice_job_delete(struct db *db, struct arena *a, const char *task_id,
                            const char *owner, const char **status)
{
    enum err e = job_cancel(db, a, task_id, owner, status);
    if (e != ERR_NOT_FOUND)
        return e;
    const char *const params[] = {task_id, owner};
    PGresult *row;
    *status = NULL;
    e = db_one(db, a, &SQL_INVOICE_JOB_FORGET, 2, params, &row);
    return !e && *PQgetvalue(row, 0, 0) == 'f' ? ERR_NOT_FOUND : e;
}
