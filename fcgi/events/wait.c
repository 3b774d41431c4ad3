/* GET /v1/jobs/{task_id}/events: answers when the job is not (any more) in the
 * version that the caller knows; 204 after WAIT_S seconds. The database is
 * asked once a second, and at once when it says that a job ended. */
#include "wait.h"
#include <poll.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/str.h"
#include "domain/row.h"
#include "intake/invoice_job.h"
#include "intake/invoice_job_out.h"
#include "places.h"
#include "sql/events.h"
#include "store/db_value.h"
#include "web/metrics.h"
#include "web/serve.h"

enum { WAIT_S = 25, LOOK_MS = 1000 };

/* ---- looking -------------------------------------------------------------- */

/* One short transaction: none is open while somebody waits. */
static enum err look(struct req *r, PGresult **row)
{
    db_patience(r->db, conf_int(CONF_DATABASE_WAIT_MS));
    enum err e = db_begin(r->db);
    if (e)
        return e;
    e = job_enter(r->db, r->arena, r->who.tenant_id);
    if (!e)
        e = invoice_job_find(r->db, r->arena, r->params[0], r->who.id, row);
    if (e)
        db_rollback(r->db);
    return e ? e : db_commit(r->db);
}

/* Not what the caller has seen, or the last there is to see. */
static bool is_news(const struct req *r, const PGresult *row)
{
    const int version = PQfnumber(row, "version"),
              finished = PQfnumber(row, "finished_at");
    return !req_has(r, "after") ||
           db_value_i64(row, 0, version) != req_int(r, "after") ||
           !PQgetisnull(row, 0, finished);
}

static enum err tell(struct req *r, const PGresult *row)
{
    json_t *o = row_to_json(row, 0);
    const bool good =
        str_eq(json_string_value(json_object_get(o, "status")), "succeeded");
    json_object_set_new(o, "links", invoice_job_links(r->params[0], good));
    return req_json(r, 200, o);
}

/* ---- waiting -------------------------------------------------------------- */

/* At most LOOK_MS; less when the database says that this job ended. */
static void sleep_a_little(struct req *r, int64_t deadline_us)
{
    const int64_t left_ms = (deadline_us - clock_mono_us()) / 1000;
    const int64_t until =
        clock_mono_us() + (left_ms < LOOK_MS ? left_ms : LOOK_MS) * 1000;
    const char *ended;
    for (int64_t ms; (ms = (until - clock_mono_us()) / 1000) > 0;) {
        struct pollfd p = {.fd = db_socket(r->db), .events = POLLIN};
        while (db_heard(r->db, r->arena, &ended))
            if (str_eq(ended, r->params[0]))
                return;
        (void)poll(&p, 1, (int)ms);
    }
}

static enum err wait_for_news(struct req *r, PGresult **row, bool *news)
{
    const int64_t deadline_us = clock_mono_us() + WAIT_S * INT64_C(1000000);
    enum err e = db_exec(r->db, r->arena, &SQL_EVENTS_LISTEN, 0, NULL);
    if (!e)
        e = look(r, row); /* what happened before it listened */
    *news = !e && is_news(r, *row);
    while (!e && !*news && clock_mono_us() < deadline_us &&
           !serve_is_ending()) {
        sleep_a_little(r, deadline_us);
        e = look(r, row);
        *news = !e && is_news(r, *row);
    }
    return e;
}

/* One wait a caller, over all instances: the lock is the connection's, and
 * goes with it. */
static enum err take_turn(struct req *r, bool *mine)
{
    const char *const params[] = {r->who.id};
    PGresult *row;
    const enum err e =
        db_one(r->db, r->arena, &SQL_EVENTS_TAKE, 1, params, &row);
    *mine = !e && *PQgetvalue(row, 0, 0) == 't';
    return e;
}

static void leave(struct req *r)
{
    const char *const params[] = {r->who.id};
    db_patience(r->db, conf_int(CONF_DATABASE_WAIT_MS));
    (void)!db_exec(r->db, r->arena, &SQL_EVENTS_LEAVE, 1, params);
    (void)!db_exec(r->db, r->arena, &SQL_EVENTS_UNLISTEN, 0, NULL);
}

static enum err wait_turn(struct req *r, PGresult **row, bool *news)
{
    bool mine;
    enum err e = take_turn(r, &mine);
    if (e)
        return e;
    if (!mine)
        return ERR_ALREADY_WAITING;
    e = wait_for_news(r, row, news);
    leave(r);
    return e;
}

static enum err events_get(struct req *r)
{
    PGresult *row;
    enum err e = r->db ? look(r, &row) : ERR_UNAVAILABLE;
    if (e || is_news(r, row))
        return e ? e : tell(r, row);
    if (!places_take()) {
        metrics_add(METRIC_events_turned_away, 1);
        req_header(r, "Retry-After", "1");
        return tell(r, row);
    }
    bool news = false;
    e = wait_turn(r, &row, &news);
    places_leave();
    if (e == ERR_ALREADY_WAITING)
        req_header(r, "Retry-After", "1");
    if (e)
        return e;
    return news ? tell(r, row) : req_body(r, 204, NULL, NULL, 0);
}

/* clang-format off */
static const struct field events_in[] = {
    {.name = "after", .kind = IN_INT, .min = 0, .max = 1000000000,
     .in_query = true,
     .doc = "version that is known; without it the present state is answered "
            "at once."},
    {0}};
static const struct field events_out[] = {
    INVOICE_JOB_OUT_ROW,
    {.name = "error_code", .kind = OUT_TEXT, .required = true,
     .nullable = true, .doc = "Why it failed."},
    {.name = "links", .kind = OUT_OBJECT, .required = true,
     .sub = invoice_job_out_links, .doc = "Paths of the job."},
    {0}};
static const enum err events_errors[] = {ERR_ALREADY_WAITING, ERR_UNAVAILABLE,
                                         OK};

ROUTES(wait_routes,
    {.method = "GET", .path = "/v1/jobs/{task_id}/events",
     .handler = events_get, .access = KEY, .scope = "invoices",
     .limit = "job_events",
     .summary = "Wait (25 seconds at most) for a job to change",
     .in = events_in, .out = events_out, .errors = events_errors});
