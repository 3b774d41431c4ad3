/* Health for load balancers (no key) and for operators (with a key). */
#include "health.h"
#include <string.h>
#include <sys/statvfs.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/str.h"
#include "routes.h"
#include "sql/health.h"
#include "store/cache.h"
#include "version.h"
#include "web/limit.h"
#include "web/req.h"

enum { LOW_DISK_BYTES = 64 * 1024 * 1024 };

static struct db *db;

/* Connects at once, so that descriptors are equal from the start; a database
 * that is away is asked again by whoever needs it. */
bool health_init(struct db *connection)
{
    db = connection;
    if (db)
        (void)db_ping(db);
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
                     !configured ? "not_configured"
                     : ok        ? "ok"
                                 : "down");
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

static void put_fact(json_t *o, const char *key, const PGresult *row,
                     int column)
{
    const char *s = PQgetvalue(row, 0, column);
    int64_t n;
    if (PQgetisnull(row, 0, column))
        return;
    json_object_set_new(o, key,
                        str_to_i64(s, &n) ? json_integer(n) : json_string(s));
}

/* Reference data and schema in force; only what the database can say. */
static void put_facts(struct arena *a, json_t *checks, json_t *versions)
{
    PGresult *row;
    json_t *reference = json_pack("{s:s}", "status", "unknown");
    json_object_set_new(checks, "reference", reference);
    if (db_one(db, a, &SQL_HEALTH_FACTS, 0, NULL, &row))
        return;
    put_fact(versions, "migration", row, 0);
    put_fact(reference, "version", row, 1);
    put_fact(reference, "imported_at", row, 2);
    put_fact(reference, "electricity_from", row, 3);
    put_fact(reference, "gas_month", row, 4);
    put_fact(reference, "electricity_until", row, 5);
    put_fact(reference, "gas_until", row, 6);
    put_fact(reference, "reference_data_until", row, 7);
    bool filled = json_object_get(reference, "electricity_from") &&
                  json_object_get(reference, "gas_month");
    json_object_set_new(reference, "status",
                        json_string(filled ? "ok" : "empty"));
}

static json_t *all_checks(struct arena *a, bool database)
{
    struct cache *cache = limit_cache();
    json_t *versions = json_pack("{s:s}", "comptoir", COMPTOIR_VERSION);
    json_t *checks =
        json_pack("{s:o,s:o,s:o,s:o}", "database", state(db != NULL, database),
                  "cache", state(cache != NULL, cache && cache_ping(cache)),
                  "disk", disk_check(), "versions", versions);
    if (database)
        put_facts(a, checks, versions);
    return checks;
}

static json_t *with_checks(struct req *r, const char *status, bool database)
{
    char ts[25];
    clock_rfc3339(clock_now_ms(), ts);
    return json_pack("{s:s,s:s,s:o}", "status", status, "timestamp", ts,
                     "checks", all_checks(r->arena, database));
}

static enum err health_show(struct req *r)
{
    if (r->who.kind == PRINCIPAL_ANON)
        return answer_plain(r);
    return req_json(r, 200, with_checks(r, "ok", database_ok()));
}

static enum err health_live(struct req *r)
{
    return answer_plain(r);
}

static enum err health_ready(struct req *r)
{
    if (database_ok())
        return req_json(r, 200, with_checks(r, "ready", true));
    return req_fail_with(
        r, ERR_UNAVAILABLE, "database does not answer",
        json_pack("{s:o}", "checks", all_checks(r->arena, false)));
}

/* clang-format off */
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
    {.name = "migration", .kind = OUT_INT,
     .doc = "Last migration of the database."},
    {0}};
static const struct field reference_out[] = {
    {.name = "status", .kind = OUT_TEXT, .required = true,
     .doc = "ok, empty or unknown."},
    {.name = "version", .kind = OUT_INT,
     .doc = "Grows with every import of reference data."},
    {.name = "imported_at", .kind = OUT_TEXT, .doc = "Time of the last one."},
    {.name = "electricity_from", .kind = OUT_TEXT,
     .doc = "First day of the newest electricity tariff."},
    {.name = "gas_month", .kind = OUT_TEXT,
     .doc = "Newest month for which the gas reference has a price."},
    {.name = "electricity_until", .kind = OUT_TEXT,
     .doc = "Last day the electricity tariff covers."},
    {.name = "gas_until", .kind = OUT_TEXT,
     .doc = "Last day the gas reference covers."},
    {.name = "reference_data_until", .kind = OUT_TEXT,
     .doc = "The earlier of the two: past it, a position is missing."},
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
    {.name = "reference", .kind = OUT_OBJECT, .sub = reference_out,
     .doc = "Reference tables; only while the database answers."},
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
     .access = KEY_OPT, .limit = "health", .limit_outside = true,
     .summary = "Tell whether the desk works",
     .out = health_out},
    {.method = "GET", .path = "/health/live", .handler = health_live,
     .access = ANON, .summary = "Tell that the process answers",
     .out = live_out},
    {.method = "GET", .path = "/health/ready", .handler = health_ready,
     .access = ANON, .summary = "Tell whether requests can be served",
     .out = ready_out, .errors = ready_errors});
