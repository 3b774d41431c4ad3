/* Files keep the bytes and the extension that they came with. */
#include "intake/invoice_backup.h"
#include <ctype.h>
#include <string.h>
#include "base/log.h"
#include "domain/backup.h"
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

enum err invoice_backup_put(struct db *db, struct arena *a,
                            const struct invoice_backup *b)
{
    const struct analysis *q = b->q;
    struct backup_original originals[ANALYSIS_FILES];
    if (!s3_ready())
        return OK;
    fill_originals(a, q, originals);
    const enum energy energy = b->res->invoice->energy;
    json_t *highlights = json_array();
    for (size_t i = 0; i < b->res->n_highlights; i++)
        json_array_append_new(highlights, json_string(b->res->highlights[i]));
    const struct backup_order o = {
        .owner = b->owner,
        .tenant_id = b->tenant_id,
        .name = {.has_user_id = q->has_user_id,
                 .has_invoice_id = q->has_invoice_id,
                 .user_id = q->user_id,
                 .invoice_id = q->invoice_id,
                 .external_ref = q->external_ref,
                 .customer_name = q->ask.customer_name,
                 .ref_id = b->ref_id},
        .is_pdf = q->is_pdf,
        .energy = energy ? energy_name(energy) : "auto",
        .highlights = highlights,
        .originals = originals,
        .n_originals = q->n_files,
        .full = b->res->full_pdf,
        .anonymous = b->res->anonymous_pdf};
    const enum err e = backup_enqueue(db, a, &o);
    json_decref(highlights);
    return e;
}

void invoice_backup_try(struct db *db, struct arena *a,
                        const struct invoice_backup *b)
{
    if (!s3_ready())
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
        log_error("spaces_upload_error", "{s:s,s:s}", "code", err_code(e),
                  "message", "the run could not be put in line");
}
