/* Jobs at the operator's hand: how they stand, dead letters back in line, and
 * whether a worker is there. */
#include <stdio.h>
#include <time.h>
#include "base/clock.h"
#include "base/str.h"
#include "domain/job.h"
#include "operator.h"
#include "options.h"
#include "sql/job.h"
#include "store/db_value.h"

enum { ROWS = 50, MOST = 1000, DAYS_MOST = 36500, PROBE_US = 10000000 };

static int usage(const char *sentence)
{
    ctl_fail("%s", sentence);
    return CTL_USAGE;
}

static int table(struct ctl *c, const struct db_query *q, size_t n,
                 const char *const *params)
{
    PGresult *res;
    if (db_many(c->db, c->a, q, n, params, &res))
        return ctl_fail("The database refused; the log line says why.");
    ctl_table(res);
    return CTL_OK;
}

int job_list_all(struct ctl *c)
{
    static const struct option options[] = {{"--state", OPTION_TEXT},
                                            {"--kind", OPTION_TEXT},
                                            {"--rows", OPTION_NUMBER},
                                            {0}};
    enum { STATE, KIND, ROWS_WANTED };
    struct option_value v[ARRAY_LEN(options)];
    if (!options_read(c, options, v))
        return CTL_USAGE;
    const int64_t rows = v[ROWS_WANTED].set ? v[ROWS_WANTED].number : ROWS;
    const char *const params[] = {v[STATE].text, v[KIND].text,
                                  db_value_text(c->a, rows)};
    return table(c, &SQL_JOB_OPERATOR_LIST, 3, params);
}

int job_status(struct ctl *c)
{
    if (c->argc)
        return usage("status takes nothing.");
    const int code = table(c, &SQL_JOB_COUNTS, 0, NULL);
    putchar('\n');
    return code ? code : table(c, &SQL_JOB_PERIODS, 0, NULL);
}

/* The one argument, when it is a task's. */
static const char *task_of(struct ctl *c)
{
    return c->argc == 1 && job_is_task_id(c->argv[0]) ? c->argv[0] : NULL;
}

int job_show(struct ctl *c)
{
    const char *const params[] = {task_of(c)};
    if (!*params)
        return usage("show takes a job's task_id.");
    PGresult *row = operator_run(c, &SQL_JOB_OPERATOR_SHOW, 1, params,
                                 arena_printf(c->a, "job %s", *params));
    if (!row)
        return CTL_FAILED;
    operator_card(row);
    return CTL_OK;
}

int job_requeue(struct ctl *c)
{
    const char *const params[] = {task_of(c), operator_actor(c)};
    if (!*params)
        return usage("requeue takes the task_id of a dead letter; requeue-all "
                     "takes them all.");
    if (!operator_run(c, &SQL_JOB_REQUEUE, 2, params,
                      arena_printf(c->a, "job %s", *params)))
        return CTL_FAILED;
    puts("Back in line.");
    return CTL_OK;
}

int job_requeue_all(struct ctl *c)
{
    static const struct option options[] = {
        {"--kind", OPTION_TEXT}, {"--most", OPTION_NUMBER}, {0}};
    enum { KIND, MOST_WANTED };
    struct option_value v[ARRAY_LEN(options)];
    if (!options_read(c, options, v))
        return CTL_USAGE;
    const int64_t most = v[MOST_WANTED].set ? v[MOST_WANTED].number : MOST;
    const char *const params[] = {v[KIND].text, db_value_text(c->a, most),
                                  operator_actor(c)};
    PGresult *row =
        operator_run(c, &SQL_JOB_REQUEUE_ALL, 3, params, "dead letters");
    if (!row)
        return CTL_FAILED;
    printf("%s back in line.\n", PQgetvalue(row, 0, 0));
    return CTL_OK;
}

int job_end(struct ctl *c)
{
    const char *const params[] = {task_of(c), operator_actor(c)};
    if (!*params)
        return usage("cancel takes a job's task_id.");
    PGresult *row = operator_run(c, &SQL_JOB_OPERATOR_CANCEL, 2, params,
                                 arena_printf(c->a, "job %s", *params));
    if (!row)
        return CTL_FAILED;
    puts(str_eq(PQgetvalue(row, 0, 0), "running") ? "Its worker will end it."
                                                  : "Cancelled.");
    return CTL_OK;
}

int job_purge(struct ctl *c)
{
    int64_t days;
    if (c->argc != 1 || !str_to_i64(c->argv[0], &days) || days < 0 ||
        days > DAYS_MOST)
        return usage("purge takes for how many days dead letters are kept.");
    const char *const params[] = {c->argv[0], operator_actor(c)};
    PGresult *row = operator_run(c, &SQL_JOB_PURGE, 2, params, "dead letters");
    if (!row)
        return CTL_FAILED;
    printf("%s forgotten.\n", PQgetvalue(row, 0, 0));
    return CTL_OK;
}

/* ---- is a worker there? -------------------------------------------------- */

static enum err order(struct ctl *c, const struct job_request *q,
                      const char **task)
{
    enum err e = db_begin(c->db);
    if (e)
        return e;
    e = job_enqueue(c->db, c->a, q, task);
    if (!e)
        return db_commit(c->db);
    db_rollback(c->db);
    return e;
}

/* The row of a job once it has ended; NULL after ten seconds. */
static PGresult *await(struct ctl *c, const char *task)
{
    const struct timespec nap = {0, 10000000};
    const int64_t until = clock_mono_us() + PROBE_US;
    const char *const params[] = {task};
    while (clock_mono_us() < until) {
        PGresult *row;
        if (db_one(c->db, c->a, &SQL_JOB_PROBED, 1, params, &row))
            return NULL;
        if (str_eq(PQgetvalue(row, 0, 0), "done"))
            return row;
        nanosleep(&nap, NULL);
    }
    return NULL;
}

static int probe(struct ctl *c, const char *kind, const char *lane)
{
    const struct job_request q = {.kind = kind,
                                  .lane = lane,
                                  .owner = operator_actor(c),
                                  .attempts_max = 1};
    const char *task;
    if (order(c, &q, &task))
        return ctl_fail("The database refused; the log line says why.");
    PGresult *row = await(c, task);
    if (!row)
        return ctl_fail("%s: no worker has done it for ten seconds; it waits "
                        "on, as %s.",
                        lane, task);
    printf("%-7s %5s ms by %s\n", lane, PQgetvalue(row, 0, 1),
           PQgetvalue(row, 0, 2));
    return CTL_OK;
}

int job_probe(struct ctl *c)
{
    if (c->argc)
        return usage("probe takes nothing.");
    const int one = probe(c, "noop", "inline");
    const int other = probe(c, "noop_child", "child");
    return one ? one : other;
}
