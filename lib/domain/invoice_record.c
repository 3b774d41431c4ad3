/* Bytes are sealed for their row and column, so that none can be passed off as
 * another's. */
#include "domain/invoice_record.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/str.h"
#include "sql/invoice_record.h"
#include "store/db_value.h"
#include "wire/seal.h"

bool invoice_record_is_on(void)
{
    return str_eq(conf_str(CONF_INVOICE_STORE), "all") &&
           conf_int(CONF_RETENTION) > 0;
}

static const char *or_null(struct arena *a, bool has, int64_t v)
{
    return has ? db_value_text(a, v) : NULL;
}

/* A report as a bytea parameter, sealed for its row and column. */
static enum err sealed(struct arena *a, struct sealed_at at, struct bytes clear,
                       const char **param)
{
    const enum err e = seal_ready() ? seal_bytes(a, at, clear, &clear) : OK;
    if (!e)
        *param = db_value_bytes(a, clear);
    return e;
}

/* kid, bytes, sizes and hashes, in the order of both statements. */
static enum err report_params(struct arena *a, const struct sealed_at at[2],
                              struct bytes full, struct bytes anonymous,
                              const char *out[7])
{
    enum err e = sealed(a, at[0], full, &out[1]);
    if (!e)
        e = sealed(a, at[1], anonymous, &out[2]);
    out[0] = seal_kid();
    out[3] = db_value_text(a, (int64_t)full.n);
    out[4] = db_value_text(a, (int64_t)anonymous.n);
    out[5] = encode_sha256(a, full.p, full.n);
    out[6] = encode_sha256(a, anonymous.p, anonymous.n);
    return e;
}

static enum err keep_invoice(struct db *db, struct arena *a,
                             const struct invoice_record *r, PGresult **row)
{
    const char *const params[] = {
        r->owner,
        or_null(a, r->tenant_id != 0, r->tenant_id),
        or_null(a, r->name.has_user_id, r->name.user_id),
        or_null(a, r->name.has_invoice_id, r->name.invoice_id),
        r->name.external_ref,
        r->is_pdf ? "pdf" : "images",
        r->type};
    return db_one(db, a, &SQL_INVOICE_RECORD_INSERT_INVOICE, 7, params, row);
}

enum err invoice_record_keep(struct db *db, struct arena *a,
                             const struct invoice_record *r, int64_t *id)
{
    PGresult *invoice;
    enum err e = keep_invoice(db, a, r, &invoice);
    if (e)
        return e;
    const char *params[9] = {PQgetvalue(invoice, 0, 0),
                             or_null(a, r->tenant_id != 0, r->tenant_id)};
    const struct sealed_at at[] = {{SEALED_REPORT_FULL, params[0]},
                                   {SEALED_REPORT_ANONYMOUS, params[0]}};
    e = report_params(a, at, r->full, r->anonymous, &params[2]);
    *id = db_value_i64(invoice, 0, 0);
    return e ? e : db_exec(db, a, &SQL_INVOICE_RECORD_INSERT_REPORT, 9, params);
}

enum err invoice_record_find(struct db *db, struct arena *a,
                             const struct invoice_record *r, int64_t *id)
{
    const char *const params[] = {
        r->owner, encode_sha256(a, r->full.p, r->full.n),
        encode_sha256(a, r->anonymous.p, r->anonymous.n)};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_INVOICE_RECORD_SAME, 3, params, &row);
    *id = e ? 0 : db_value_i64(row, 0, 0);
    return e;
}

static enum err open_report(struct arena *a, const PGresult *row, int column,
                            enum sealed what, struct bytes *clear)
{
    enum { ID, KID };
    struct bytes kept;
    const enum err e = db_value_to_bytes(a, row, 0, column, &kept);
    *clear = kept;
    if (e || PQgetisnull(row, 0, KID))
        return e;
    const struct sealed_at at = {what, PQgetvalue(row, 0, ID)};
    return seal_bytes_open(a, PQgetvalue(row, 0, KID), at, kept, clear);
}

enum err invoice_record_read(struct db *db, struct arena *a, int64_t id,
                             struct bytes *full, struct bytes *anonymous)
{
    enum { FULL = 2, ANONYMOUS };
    const char *const params[] = {db_value_text(a, id)};
    PGresult *row;
    enum err e = db_one(db, a, &SQL_INVOICE_RECORD_REPORT, 1, params, &row);
    if (!e)
        e = open_report(a, row, FULL, SEALED_REPORT_FULL, full);
    if (!e)
        e = open_report(a, row, ANONYMOUS, SEALED_REPORT_ANONYMOUS, anonymous);
    return e;
}

enum err invoice_record_order(struct db *db, struct arena *a,
                              const char *task_id,
                              const struct invoice_record *r)
{
    const char *const params[] = {
        task_id,
        r->owner,
        or_null(a, r->tenant_id != 0, r->tenant_id),
        or_null(a, r->name.has_user_id, r->name.user_id),
        or_null(a, r->name.has_invoice_id, r->name.invoice_id),
        r->name.external_ref,
        r->is_pdf ? "pdf" : "images"};
    return db_exec(db, a, &SQL_INVOICE_RECORD_INSERT_JOB, 7, params);
}

enum err invoice_record_complete(struct db *db, struct arena *a,
                                 const char *task_id, struct bytes full,
                                 struct bytes anonymous)
{
    const char *params[8] = {task_id};
    const struct sealed_at at[] = {{SEALED_INVOICE_JOB_FULL, task_id},
                                   {SEALED_INVOICE_JOB_ANONYMOUS, task_id}};
    const enum err e = report_params(a, at, full, anonymous, &params[1]);
    return e ? e : db_exec(db, a, &SQL_INVOICE_RECORD_COMPLETE_JOB, 8, params);
}
