/* Health for load balancers (no key) and for operators (with a key). */
#include "health.h"
#include <string.h>
#include <sys/statvfs.h>
#include "base/clock.h"
#include "base/conf.h"
#include "routes.h"
#include "store/cache.h"
#include "store/db.h"
#include "version.h"
#include "web/limit.h"
#include "web/req.h"

enum { LOW_DISK_BYTES = 64 * 1024 * 1024 };

static struct db *db;

bool health_init(void)
{
    if (*conf_str(CONF_DATABASE_URL))
        db = db_open(conf_str(CONF_DATABASE_URL), "readonly");
    return true;
}

static bool database_ok(void)
{
    return db && db_ping(db);
}

/* On the way of every probe: written by hand, without the JSON library. */
static enum err answer_plain(struct req *r)
{
    char ts[25];
    clock_rfc3339(clock_now_ms(), ts);
    const char *body = arena_printf(
        r->arena, "{\"status\":\"healthy\",\"timestamp\":\"%s\"}", ts);
    return req_body(r, 200, "application/json", body, strlen(body));
}

static json_t *state(bool configured, bool ok)
{
    return json_pack("{s:s}", "status",
                     !configured ? "not_configured" : ok ? "ok" : "down");
}

static json_t *disk_check(void)
{
    struct statvfs fs;
    if (statvfs(conf_str(CONF_COMPTOIR_RUN), &fs) < 0)
        return json_pack("{s:s}", "status", "down");
    json_int_t bytes = (json_int_t)(fs.f_bavail * fs.f_frsize);
    return json_pack("{s:s,s:I}", "status",
                     bytes < LOW_DISK_BYTES ? "low" : "ok", "free_bytes",
                     bytes);
}

static json_t *all_checks(bool database)
{
    struct cache *cache = limit_cache();
    return json_pack("{s:o,s:o,s:o,s:{s:s}}", "database",
                     state(db != NULL, database), "cache",
                     state(cache != NULL, cache && cache_ping(cache)), "disk",
                     disk_check(), "versions", "comptoir", COMPTOIR_VERSION);
}

static json_t *with_checks(const char *status, bool database)
{
    char ts[25];
    clock_rfc3339(clock_now_ms(), ts);
    return json_pack("{s:s,s:s,s:o}", "status", status, "timestamp", ts,
                     "checks", all_checks(database));
}

static enum err health_show(struct req *r)
{
    if (r->who.kind == PRINCIPAL_ANON)
        return answer_plain(r);
    return req_json(r, 200, with_checks("ok", database_ok()));
}

static enum err health_live(struct req *r)
{
    return answer_plain(r);
}

static enum err health_ready(struct req *r)
{
    if (database_ok())
        return req_json(r, 200, with_checks("ready", true));
    return req_fail_with(r, ERR_UNAVAILABLE, "database does not answer",
                         json_pack("{s:o}", "checks", all_checks(false)));
}

static const struct field status_out[] = {
    {.name = "status", .kind = OUT_TEXT, .required = true,
     .doc = "ok, down, low or not_configured."},
    {0}};
static const struct field disk_out[] = {
    {.name = "status", .kind = OUT_TEXT, .required = true,
     .doc = "ok, low (under 64 MiB) or down."},
    {.name = "free_bytes", .kind = OUT_INT, .doc = "Room left."},
    {0}};
static const struct field versions_out[] = {
    {.name = "comptoir", .kind = OUT_TEXT, .required = true,
     .doc = "Version of this responder."},
    {0}};
static const struct field checks_out[] = {
    {.name = "database", .kind = OUT_OBJECT, .required = true,
     .sub = status_out, .doc = "PostgreSQL."},
    {.name = "cache", .kind = OUT_OBJECT, .required = true,
     .sub = status_out, .doc = "memcached, which holds the rate counters."},
    {.name = "disk", .kind = OUT_OBJECT, .required = true, .sub = disk_out,
     .doc = "File system of the run directory."},
    {.name = "versions", .kind = OUT_OBJECT, .required = true,
     .sub = versions_out, .doc = "What is running."},
    {0}};

#define TIMESTAMP                                                              \
    {.name = "timestamp", .kind = OUT_TEXT, .required = true,                  \
     .doc = "Time of the answer, RFC 3339 UTC."}

static const struct field health_out[] = {
    {.name = "status", .kind = OUT_TEXT, .required = true,
     .doc = "healthy without a key; ok with a valid one."},
    TIMESTAMP,
    {.name = "checks", .kind = OUT_OBJECT, .sub = checks_out,
     .doc = "Only with a valid key: one member for each part of the desk."},
    {0}};
static const struct field live_out[] = {
    {.name = "status", .kind = OUT_TEXT, .required = true,
     .doc = "Always healthy: the process answers."},
    TIMESTAMP,
    {0}};
static const struct field ready_out[] = {
    {.name = "status", .kind = OUT_TEXT, .required = true,
     .doc = "ready."},
    TIMESTAMP,
    {.name = "checks", .kind = OUT_OBJECT, .required = true,
     .sub = checks_out, .doc = "One member for each part of the desk."},
    {0}};
static const enum err ready_errors[] = {ERR_UNAVAILABLE, OK};

ROUTES(health_routes,
    {.method = "GET", .path = "/health", .handler = health_show,
     .access = KEY_OPT, .summary = "Tell whether the desk works",
     .out = health_out},
    {.method = "GET", .path = "/health/live", .handler = health_live,
     .access = ANON, .summary = "Tell that the process answers",
     .out = live_out},
    {.method = "GET", .path = "/health/ready", .handler = health_ready,
     .access = ANON, .summary = "Tell whether requests can be served",
     .out = ready_out, .errors = ready_errors});
