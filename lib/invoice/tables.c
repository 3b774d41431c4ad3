/* A newer version is read beside the one in use; only when it is whole does
 * it take its place. No request fails because of it. */
#include "invoice/tables.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "sql/reference.h"

enum { REFRESH_US = 60 * 1000000, RETRY_US = 1000000, LOAD_MS = 10000 };

static struct db *db;
static struct reference *tables;
static int64_t next_try_us;

/* Whole tables may take longer than a request waits; then the old ones do. */
static void load(void)
{
    db_patience(db, LOAD_MS);
    struct reference *fresh = reference_from_db(db);
    if (!fresh)
        return; /* logged by who knows */
    reference_free(tables);
    tables = fresh;
    log_event(LOG_INFO, "reference_loaded", "{s:I}", "version",
              (long long)fresh->version);
}

/* False also when nobody can say: the tables in use are good enough. */
static bool is_newer_there(void)
{
    struct arena *a = arena_new(1024);
    PGresult *row = NULL;
    int64_t version = tables->version;
    if (db_one(db, a, &SQL_REFERENCE_VERSION, 0, NULL, &row) == OK &&
        !str_to_i64(PQgetvalue(row, 0, 0), &version))
        version = tables->version;
    arena_free(a);
    return version != tables->version;
}

const struct reference *tables_get(void)
{
    int64_t now = clock_mono_us();
    if (!db)
        return tables;
    db_patience(db, conf_int(CONF_DATABASE_WAIT_MS));
    if (now < next_try_us)
        return tables;
    if (!tables || is_newer_there()) {
        load();
        db_patience(db, conf_int(CONF_DATABASE_WAIT_MS));
    }
    next_try_us = clock_mono_us() + (tables ? REFRESH_US : RETRY_US);
    return tables;
}

struct llm *tables_llm(void)
{
    static struct llm *llm;
    if (!llm && db)
        llm = llm_open(db);
    return llm;
}

bool tables_init(struct db *connection)
{
    db = connection;
    if (!db)
        log_event(LOG_ERROR, "database_not_configured", NULL);
    tables_get();
    return true;
}
