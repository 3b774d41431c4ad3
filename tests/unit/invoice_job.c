/* What is final, and what is answered without a database; the rest is tried
 * with a worker (tests/e2e/73-jobs). */
#include "intake/invoice_job.h"
#include "base/conf.h"
#include "tap.h"

#define TASK "3d0c5a39-6f4c-4c0e-9d51-1f6f7b6f0a01"

int main(void)
{
    static const enum err again[] = {ERR_UNAVAILABLE, ERR_OVERLOADED,
                                     ERR_INTERNAL},
                          never[] = {
                              ERR_FILE_TYPE,         ERR_DOCUMENT_UNREADABLE,
                              ERR_DOCUMENT_TOO_SLOW, ERR_CONFIDENCE_TOO_LOW,
                              ERR_TOO_MANY_PAGES,    ERR_JOB_INPUT_GONE,
                              ERR_QUOTA_EXCEEDED};
    struct arena *a = arena_new(4096);
    struct db *db = db_open("host=/nonexistent", "ctl");
    const char *const page[] = {NULL, NULL, "21"};
    PGresult *res;
    json_t *o = NULL;
    tap_ok(!conf_init(), "settings");
    for (size_t i = 0; i < ARRAY_LEN(again); i++)
        tap_ok(!invoice_job_is_final(again[i]), "%s: tried again",
               err_code(again[i]));
    for (size_t i = 0; i < ARRAY_LEN(never); i++)
        tap_ok(invoice_job_is_final(never[i]), "%s: the document's own",
               err_code(never[i]));
    tap_ok(!invoice_job_is_final(OK), "a success is no refusal");
    tap_is_int(invoice_job_patience_s(), 30 * 86400, "thirty days");
    tap_is_int(invoice_job_find(db, a, "1", "user:1", &res), ERR_NOT_FOUND,
               "no id, no question");
    tap_is_int(invoice_job_find(db, a, TASK, "user:1", &res), ERR_UNAVAILABLE,
               "no database, no job");
    tap_is_int(invoice_job_list(db, a, "user:1", page, &res), ERR_UNAVAILABLE,
               "no list");
    tap_is_int(invoice_job_result(db, a, TASK, true, &o), ERR_UNAVAILABLE,
               "no result");
    tap_ok(!o, "nothing");
    db_close(db);
    arena_free(a);
    return tap_done();
}
