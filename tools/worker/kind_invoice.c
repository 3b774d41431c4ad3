/* The engine works with no transaction open; then one transaction holds the
 * reports, the charge, the end of the job and all who are to be told of it. */
#include "kind_invoice.h"
#include "base/fault.h"
#include "base/log.h"
#include "intake/invoice_in.h"
#include "intake/invoice_job.h"
#include "invoice/report_logo.h"
#include "invoice/tables.h"

enum { LOADED = 5 }; /* per cent */

/* A process of its own each time: what a responder does at its start. */
static enum err prepare(struct work *w, struct history_store *store,
                        struct analysis *q, const struct reference **ref)
{
    const char *bad = history_store_problem();
    if (!bad)
        bad = report_logo_load();
    if (bad) {
        log_error("job_unready", "{s:s}", "reason", bad);
        return ERR_UNAVAILABLE;
    }
    *ref = tables_init(w->db) ? tables_get() : NULL;
    db_patience(w->db, 0);
    q->ask.llm = tables_llm();
    q->ask.store =
        history_store_is_on(w->db, w->job->owner, store) ? store : NULL;
    return *ref ? OK : ERR_UNAVAILABLE;
}

/* Between two steps: nobody has stopped it, and there is time for more. */
static enum err go_on(void *with, int percent)
{
    struct work *w = with;
    if (!work_progress(w, percent))
        return ERR_CONFLICT;
    return work_left_ms(w) ? OK : ERR_JOB_TOO_SLOW;
}

/* There is nothing more that one could send it to; and a document that was
 * given less time than its own is not called slow. */
static enum err in_job(const struct work *w, enum err e)
{
    if (e == ERR_DOCUMENT_TOO_SLOW && !work_left_ms(w))
        return ERR_JOB_TOO_SLOW;
    return e == ERR_USE_JOBS ? ERR_TOO_MANY_PAGES : e;
}

static enum err analyse(struct work *w, struct analysis *q,
                        struct audit_result *res)
{
    const struct reference *ref;
    struct history_store store;
    enum err e = prepare(w, &store, q, &ref);
    if (!e)
        e = go_on(w, LOADED);
    if (e)
        return e;
    const int64_t left_ms = work_left_ms(w);
    q->ask.wall_ms = left_ms > 1 ? (uint32_t)left_ms : 1;
    q->ask.progress = go_on;
    q->ask.progress_with = w;
    e = audit_run(w->a, ref, q->files, q->n_files, &q->ask, res);
    invoice_in_count(q, res, e);
    return in_job(w, e);
}

/* What ends with the job, besides the job. */
static enum err write_end(struct work *w, const struct analysis *q,
                          const struct audit_result *res, enum err why)
{
    const struct invoice_job_news news = {w->job, q, res, why};
    enum err e =
        why ? invoice_job_refuse(w->db, w->a, w->job, why,
                                 res ? analysis_refusal(why, q, res) : NULL)
            : invoice_job_keep(w->db, w->a, w->job, q, res);
    fault_point("job_kept");
    if (!e)
        e = invoice_job_tell(w->db, w->a, &news);
    fault_point("job_told");
    if (!e)
        e = job_finish(w->db, w->a, w->job, JOB_DONE,
                       why ? err_code(why) : NULL, 0);
    fault_point("job_finished");
    return e;
}

static enum err end(struct work *w, const struct analysis *q,
                    const struct audit_result *res, enum err why)
{
    enum err e = db_begin(w->db);
    if (e)
        return e;
    e = write_end(w, q, res, why);
    if (!e)
        e = db_commit(w->db);
    else
        db_rollback(w->db);
    fault_point("job_committed");
    return e;
}

enum err kind_invoice_run(struct work *w, const struct job *j)
{
    struct analysis q = {.n_files = 0};
    struct audit_result res = {.invoice = NULL};
    enum err e = invoice_job_load(w->db, w->a, j, &q);
    fault_point("job_loaded");
    if (e == ERR_NOT_FOUND)
        return end(w, &q, NULL, ERR_JOB_INPUT_GONE);
    if (e)
        return e;
    e = analyse(w, &q, &res);
    fault_point("job_worked");
    if (e && !invoice_job_is_final(e))
        return e; /* an outage: once more later */
    const enum err ended = end(w, &q, &res, e);
    return ended == ERR_QUOTA_EXCEEDED ? end(w, &q, &res, ended) : ended;
}

enum err kind_invoice_dead(struct work *w, const char *error)
{
    struct analysis q = {.n_files = 0};
    const enum err known = err_by_code(error);
    const struct invoice_job_news news = {
        w->job, &q, NULL, known == ERR_MAX ? ERR_JOB_FAILED : known};
    const enum err e = invoice_job_asked(w->db, w->a, w->job, &q);
    return e && e != ERR_NOT_FOUND ? e : invoice_job_tell(w->db, w->a, &news);
}

enum err kind_invoice_cancelled(struct work *w, const struct job *j)
{
    return invoice_job_tell_cancelled(w->db, w->a, j);
}
