/* The rules of time are webhook_rules.c, those of rows the database's (0015).
 */
#include "domain/webhook.h"
#include <stdio.h>
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "domain/job.h"
#include "sql/webhook.h"
#include "store/blob.h"
#include "store/db_value.h"
#include "wire/outbound.h"
#include "wire/outbound_url.h"
#include "wire/webhook_sign.h"

enum { DAY_S = 86400, PURGE_ROWS = 1000, PRIORITY = 1 };

const char *webhook_init(void)
{
    static char why[200];
    const char *clean;
    const char *bad = outbound_init();
    if (!bad)
        bad = webhook_sign_init();
    if (bad || !*conf_str(CONF_WEBHOOK_URL))
        return bad;
    struct arena *a = arena_new(4096);
    bad = outbound_check(a, conf_str(CONF_WEBHOOK_URL), &clean);
    if (bad)
        snprintf(why, sizeof why, "WEBHOOK_URL %s.", bad);
    arena_free(a);
    return bad ? why : NULL;
}

/* ---- telling ------------------------------------------------------------- */

static const char *address_of(const char *url)
{
    return url && *url ? url : conf_str(CONF_WEBHOOK_URL);
}

bool webhook_is_wanted(const char *url)
{
    return *address_of(url) != '\0';
}

static enum err find_endpoint(struct db *db, struct arena *a,
                              const struct webhook_news *n, const char *url,
                              PGresult **row)
{
    struct outbound_url u;
    const char *bad = outbound_url_read(a, url, &u);
    const char *const params[] = {
        n->owner, n->tenant_id ? db_value_text(a, n->tenant_id) : NULL,
        outbound_url_origin(a, &u)};
    if (bad) { /* it was checked at the door */
        log_error("webhook_url_bad", "{s:s,s:s}", "task", n->task_id, "why",
                  bad);
        return ERR_INTERNAL;
    }
    return db_one(db, a, &SQL_WEBHOOK_ENDPOINT, 3, params, row);
}

static enum err keep_body(struct db *db, struct arena *a,
                          const struct webhook_news *n, const char *id)
{
    char blob[BLOB_ID];
    const struct blob_new what = {
        .owner = n->owner,
        .tenant_id = n->tenant_id,
        .task_id = n->task_id,
        .name = arena_printf(a, "webhook/%s", n->event),
        .media = "application/json",
        .ttl_s = conf_int(CONF_WEBHOOK_BODY_DAYS) * DAY_S,
        /* one process sends to many: it may not wait for a store */
        .stays_here = true};
    const enum err e = blob_put(db, a, &what, n->body, blob);
    const char *const params[] = {id, blob,
                                  db_value_text(a, (int64_t)n->body.n)};
    return e ? e : db_exec(db, a, &SQL_WEBHOOK_SET_BODY, 3, params);
}

static enum err put_in_line(struct db *db, struct arena *a,
                            const struct webhook_news *n, const char *id,
                            const char *endpoint)
{
    const char *task;
    const struct job_request q = {
        .kind = "webhook",
        .lane = "net",
        .owner = n->owner,
        .tenant_id = n->tenant_id,
        .priority = PRIORITY,
        .payload = arena_printf(a, "{\"delivery\":\"%s\",\"endpoint\":%s}", id,
                                endpoint),
        .unique_key = arena_printf(a, "webhook:%s", id),
        .attempts_max = WEBHOOK_TRIES};
    return job_enqueue(db, a, &q, &task);
}

enum err webhook_enqueue(struct db *db, struct arena *a,
                         const struct webhook_news *n)
{
    const char *url = address_of(n->url);
    PGresult *endpoint, *row;
    if (!*url)
        return OK;
    enum err e = find_endpoint(db, a, n, url, &endpoint);
    if (e)
        return e;
    const char *id = arena_printf(a, "evt_%s_%s", n->task_id, n->event);
    const char *const params[] = {
        id,         PQgetvalue(endpoint, 0, 0),
        n->owner,   n->tenant_id ? db_value_text(a, n->tenant_id) : NULL,
        n->task_id, n->event,
        url};
    e = db_one(db, a, &SQL_WEBHOOK_INSERT, 7, params, &row);
    if (e)
        return e == ERR_NOT_FOUND ? OK : e;
    e = keep_body(db, a, n, id);
    if (e)
        return e;
    return *PQgetvalue(endpoint, 0, 1) == 't'
               ? webhook_drop(db, a, id, "endpoint_disabled")
               : put_in_line(db, a, n, id, PQgetvalue(endpoint, 0, 0));
}

/* ---- for the worker ------------------------------------------------------ */

enum err webhook_load(struct db *db, struct arena *a, const char *id,
                      struct webhook_order *out)
{
    enum {
        URL,
        BLOB,
        ENDPOINT,
        ORIGIN,
        STATE,
        FAILURES,
        SUCCEEDED,
        DISABLED,
        PAUSED,
        NOW
    };
    const char *const params[] = {id};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_WEBHOOK_LOAD, 1, params, &row);
    if (e)
        return e;
    *out = (struct webhook_order){
        .id = id,
        .url = PQgetvalue(row, 0, URL),
        .origin = PQgetvalue(row, 0, ORIGIN),
        .blob_id = PQgetisnull(row, 0, BLOB) ? NULL : PQgetvalue(row, 0, BLOB),
        .endpoint_id = db_value_i64(row, 0, ENDPOINT),
        .failures = (int)db_value_i64(row, 0, FAILURES),
        .paused_ms = db_value_i64(row, 0, PAUSED),
        .now_s = db_value_i64(row, 0, NOW),
        .has_succeeded = *PQgetvalue(row, 0, SUCCEEDED) == 't',
        .is_disabled = *PQgetvalue(row, 0, DISABLED) == 't',
        .is_pending = str_eq(PQgetvalue(row, 0, STATE), "pending")};
    return OK;
}

/* What a receiver said, fit for a column and a reader: its beginning, in
 * UTF-8, without control characters. */
static const char *plain_answer(struct arena *a, struct bytes said)
{
    const size_t n =
        said.n < WEBHOOK_ANSWER_BYTES ? said.n : WEBHOOK_ANSWER_BYTES;
    const char *from = arena_strndup(a, (const char *)said.p, n);
    char *out = arena_alloc(a, n * 4 + 1), *to = out;
    for (uint32_t c; (c = str_utf8_next(&from)) != 0;)
        to += str_utf8_put(to, c < ' ' || (c >= 0x7f && c < 0xa0) ? ' ' : c);
    *to = '\0';
    return out;
}

enum err webhook_settle(struct db *db, struct arena *a,
                        const struct webhook_order *o,
                        const struct webhook_try *t,
                        const struct webhook_verdict *v, int64_t *paused_ms)
{
    const char *const params[] = {
        o->id,
        v->word,
        t->status ? db_value_text(a, t->status) : NULL,
        t->error,
        db_value_text(a, t->duration_ms),
        db_value_text(a, t->sent_bytes),
        t->answer.n ? plain_answer(a, t->answer) : NULL,
        db_value_text(a, v->slow_s),
        db_value_text(a, WEBHOOK_FAILURES),
        db_value_text(a, WEBHOOK_PAUSE_S),
        db_value_text(a, WEBHOOK_DEAD_S)};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_WEBHOOK_SETTLE, 11, params, &row);
    if (e)
        return e;
    *paused_ms = db_value_i64(row, 0, 0);
    if (*PQgetvalue(row, 0, 1) == 't' && !o->is_disabled)
        log_warning("webhook_disabled", "{s:I,s:s}", "endpoint",
                    (json_int_t)o->endpoint_id, "origin", o->origin);
    return OK;
}

enum err webhook_drop(struct db *db, struct arena *a, const char *id,
                      const char *why)
{
    const char *const params[] = {id, why};
    return db_exec(db, a, &SQL_WEBHOOK_DROP, 2, params);
}

enum err webhook_purge(struct db *db, struct arena *a, int64_t *n)
{
    const char *const params[] = {
        db_value_text(a, conf_int(CONF_WEBHOOK_LOG_DAYS)),
        db_value_text(a, PURGE_ROWS)};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_WEBHOOK_PURGE, 2, params, &row);
    *n = e ? 0 : db_value_i64(row, 0, 0);
    return e;
}

/* ---- for owners ---------------------------------------------------------- */

enum err webhook_list(struct db *db, struct arena *a,
                      const struct webhook_filter *f, PGresult **out)
{
    const char *const params[] = {f->owner, f->after, f->state, f->task_id,
                                  f->rows};
    return db_many(db, a, &SQL_WEBHOOK_LIST, 5, params, out);
}

enum err webhook_find(struct db *db, struct arena *a, const char *owner,
                      const char *id, PGresult **row, PGresult **tries)
{
    const char *const params[] = {owner, id};
    const enum err e = db_one(db, a, &SQL_WEBHOOK_FIND, 2, params, row);
    return e ? e : db_many(db, a, &SQL_WEBHOOK_TRIES, 1, params + 1, tries);
}

enum err webhook_redeliver(struct db *db, struct arena *a, const char *id,
                           const char *owner, const char *actor)
{
    const char *const params[] = {id, owner, actor};
    return db_exec(db, a, &SQL_WEBHOOK_REDELIVER, 3, params);
}

enum err webhook_endpoints(struct db *db, struct arena *a, const char *owner,
                           const char *id, const char *const page[2],
                           PGresult **out)
{
    const char *const params[] = {owner, page[0], page[1], id};
    return db_many(db, a, &SQL_WEBHOOK_ENDPOINTS, 4, params, out);
}

enum err webhook_enable(struct db *db, struct arena *a, const char *id,
                        const char *owner, const char *actor)
{
    const char *const params[] = {id, owner, actor};
    return db_exec(db, a, &SQL_WEBHOOK_ENABLE, 3, params);
}
