/* Files keep the bytes and the extension that they came with. */
#include "intake/invoice_backup.h"
#include <ctype.h>
#include <string.h>
#include "base/log.h"
#include "domain/backup.h"
#include "domain/invoice_record.h"
#include "wire/s3.h"

enum { EXTENSION_CHARS = 5 };

static const char *extension(struct arena *a, const struct upload *f)
{
    const char *dot = f->name ? strrchr(f->name, '.') : NULL;
    const size_t n = dot ? strlen(dot + 1) : 0;
    if (n == 0 || n > EXTENSION_CHARS || f->kind == FILE_PDF)
        return f->kind == FILE_PDF ? "pdf" : "img";
    char *out = arena_strndup(a, dot + 1, n);
    for (char *p = out; *p; p++) {
        if (!isalnum((unsigned char)*p))
            return "img";
        *p = (char)tolower((unsigned char)*p);
    }
    return out;
}

static void fill_originals(struct arena *a, const struct analysis *q,
                           struct backup_original *out)
{
    for (size_t i = 0; i < q->n_files; i++)
        out[i] = (struct backup_original){extension(a, &q->files[i]),
                                          document_media(q->files[i].kind),
                                          q->files[i].data};
}

static struct backup_name name_of(const struct invoice_backup *b)
{
    const struct analysis *q = b->q;
    return (struct backup_name){.has_user_id = q->has_user_id,
                                .has_invoice_id = q->has_invoice_id,
                                .user_id = q->user_id,
                                .invoice_id = q->invoice_id,
                                .external_ref = q->external_ref,
                                .customer_name = q->ask.customer_name,
                                .ref_id = b->ref_id};
}

/* ---- kept ------------------------------------------------------------------
 */

static struct invoice_record record_of(const struct invoice_backup *b)
{
    return (struct invoice_record){.owner = b->owner,
                                   .tenant_id = b->tenant_id,
                                   .name = name_of(b),
                                   .is_pdf = b->q->is_pdf,
                                   .type = analysis_type(b->q)};
}

enum err invoice_backup_order(struct db *db, struct arena *a,
                              const struct invoice_backup *b)
{
    if (!invoice_record_is_on())
        return OK;
    const struct invoice_record r = record_of(b);
    const enum err e = job_enter(db, a, b->tenant_id);
    return e ? e : invoice_record_order(db, a, b->ref_id, &r);
}

static enum err keep(struct db *db, struct arena *a,
                     const struct invoice_backup *b)
{
    struct invoice_record r = record_of(b);
    int64_t id;
    r.full = b->res->full_pdf;
    r.anonymous = b->res->anonymous_pdf;
    enum err e = job_enter(db, a, b->tenant_id);
    if (!e)
        e = invoice_record_keep(db, a, &r, &id);
    if (!e && b->is_job)
        e = invoice_record_complete(db, a, b->ref_id, r.full, r.anonymous);
    return e;
}

/* ---- backed up -------------------------------------------------------------
 */

static enum err back_up(struct db *db, struct arena *a,
                        const struct invoice_backup *b)
{
    struct backup_original originals[ANALYSIS_FILES];
    const enum energy energy = b->res->invoice->energy;
    fill_originals(a, b->q, originals);
    json_t *highlights = json_array();
    for (size_t i = 0; i < b->res->n_highlights; i++)
        json_array_append_new(highlights, json_string(b->res->highlights[i]));
    const struct backup_order o = {.owner = b->owner,
                                   .tenant_id = b->tenant_id,
                                   .name = name_of(b),
                                   .is_pdf = b->q->is_pdf,
                                   .energy =
                                       energy ? energy_name(energy) : "auto",
                                   .highlights = highlights,
                                   .originals = originals,
                                   .n_originals = b->q->n_files,
                                   .full = b->res->full_pdf,
                                   .anonymous = b->res->anonymous_pdf};
    const enum err e = backup_enqueue(db, a, &o);
    json_decref(highlights);
    return e;
}

enum err invoice_backup_put(struct db *db, struct arena *a,
                            const struct invoice_backup *b)
{
    const enum err e = invoice_record_is_on() ? keep(db, a, b) : OK;
    return e || !s3_ready() ? e : back_up(db, a, b);
}

void invoice_backup_try(struct db *db, struct arena *a,
                        const struct invoice_backup *b)
{
    if (!s3_ready() && !invoice_record_is_on())
        return;
    enum err e = db ? db_begin(db) : ERR_UNAVAILABLE;
    if (!e) {
        e = invoice_backup_put(db, a, b);
        if (!e)
            e = db_commit(db);
        else
            db_rollback(db);
    }
    if (e)
        log_error("invoice_not_kept", "{s:s,s:b}", "code", err_code(e),
                  "backup", s3_ready());
}
