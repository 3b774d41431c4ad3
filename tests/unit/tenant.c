/* Tenants and their transactions; the database (COMPTOIR_TEST_TENANT, a
 * migrated one) is set by tests/sql/12-tenant. */
#include "domain/tenant.h"
#include <stdlib.h>
#include "base/str.h"
#include "store/tenant.h"
#include "tap.h"

static const struct db_query
    write_it = {"test_write",
                "INSERT INTO setting (key, value) VALUES ('colour', $1)"},
    read_it = {"test_read", "SELECT value FROM setting"},
    path = {"test_path", "SELECT current_setting('search_path')"},
    cap = {"test_cap", "UPDATE public.tenant_schema_settings"
                       " SET max_schemas = (SELECT count(*)"
                       " FROM public.tenant_schema_version)"},
    agree = {"test_agree", "UPDATE public.tenants SET max_products = 77"
                           " WHERE id = $1::bigint"};

static int64_t create(struct db *db, struct arena *a, const char *name,
                      const char *tier)
{
    const struct tenant_new t = {.name = name, .email = "a@b.c", .tier = tier};
    int64_t id = 0;
    tap_is_int(db_begin(db), OK, "begin");
    tap_is_int(tenant_create(db, a, &t, &id), OK, "%s", name);
    tap_is_int(db_commit(db), OK, "commit");
    return id;
}

static void rows(struct db *auth, struct arena *a, int64_t id)
{
    struct tenant t;
    struct tenant_quota q;
    tap_is_int(tenant_by_id(auth, a, id, &t), OK, "by id");
    tap_is_str(t.name, "first", "its name");
    tap_is_str(t.tier, "free", "its tier");
    tap_ok(t.is_active && t.has_schema, "active, with a schema");
    tap_is_int(tenant_by_id(auth, a, 999, &t), ERR_NOT_FOUND, "no such");
    tap_is_int(tenant_quota_by_id(auth, a, id, &q), OK, "quota");
    tap_ok(q.max_products == 50 && q.max_users == 3, "of its tier");
    const char *const params[] = {arena_printf(a, "%lld", (long long)id)};
    tap_is_int(db_exec(auth, a, &agree, 1, params), OK, "an agreement");
    tap_is_int(tenant_quota_by_id(auth, a, id, &q), OK, "quota");
    tap_ok(q.max_products == 77 && q.max_platforms == 1, "wins over the tier");
    tap_is_int(tenant_quota_by_id(auth, a, 999, &q), ERR_NOT_FOUND, "no such");
}

static void walls(struct db *db, struct arena *a, int64_t one, int64_t other)
{
    PGresult *res;
    const char *const red[] = {"\"red\""};
    tap_is_int(tenant_begin(db, a, one, true), OK, "one");
    tap_is_int(db_exec(db, a, &write_it, 1, red), OK, "writes");
    tap_is_int(db_commit(db), OK, "commit");
    tap_is_int(tenant_begin(db, a, other, true), OK, "the other");
    tap_is_int(db_many(db, a, &read_it, 0, NULL, &res), OK, "reads");
    tap_is_int(PQntuples(res), 0, "nothing of it");
    tap_is_int(db_commit(db), OK, "commit");
    tap_is_int(tenant_begin(db, a, one, true), OK, "one");
    tap_is_int(db_one(db, a, &read_it, 0, NULL, &res), OK, "reads its own");
    tap_is_str(PQgetvalue(res, 0, 0), "\"red\"", "value");
    db_rollback(db);
    tap_is_int(db_one(db, a, &path, 0, NULL, &res), OK, "afterwards");
    tap_ok(!str_starts(PQgetvalue(res, 0, 0), "user_"), "nothing stays set");
    tap_is_int(tenant_begin(db, a, one, false), OK, "without the schema");
    tap_is_int(db_one(db, a, &path, 0, NULL, &res), OK, "path");
    tap_ok(!str_starts(PQgetvalue(res, 0, 0), "user_"), "it is not searched");
    db_rollback(db);
    tap_is_int(tenant_begin(db, a, 0, true), ERR_FORBIDDEN, "no id");
    tap_is_int(tenant_begin(db, a, -7, false), ERR_FORBIDDEN, "none either");
    tap_is_int(tenant_begin(db, a, 999, true), ERR_TENANT_CAPACITY, "no such");
    tap_is_int(db_begin(db), OK, "no transaction is left open");
    db_rollback(db);
}

static void capacity(struct db *owner, struct db *auth, struct db *db,
                     struct arena *a)
{
    struct tenant t;
    tap_is_int(db_exec(owner, a, &cap, 0, NULL), OK, "the cap is reached");
    const int64_t id = create(auth, a, "late", "pro");
    tap_is_int(tenant_by_id(auth, a, id, &t), OK, "is made");
    tap_ok(!t.has_schema, "without a schema");
    tap_is_int(tenant_begin(db, a, id, true), ERR_TENANT_CAPACITY,
               "what needs one says so");
    tap_is_int(tenant_begin(db, a, id, false), OK, "the rest works");
    tap_is_int(db_commit(db), OK, "commit");
}

int main(void)
{
    const char *url = getenv("COMPTOIR_TEST_TENANT");
    struct arena *a = arena_new(4096);
    struct db *none = db_open("host=/nonexistent dbname=x", "account");
    tap_is_int(tenant_begin(none, a, 1, true), ERR_UNAVAILABLE, "no database");
    db_close(none);
    if (url) {
        struct db *owner = db_open(url, "ctl"), *auth = db_open(url, "auth"),
                  *db = db_open(url, "account");
        const int64_t one = create(auth, a, "first", NULL);
        const int64_t other = create(auth, a, "second", "starter");
        rows(auth, a, one);
        walls(db, a, one, other);
        capacity(owner, auth, db, a);
        db_close(owner);
        db_close(auth);
        db_close(db);
    }
    arena_free(a);
    return tap_done();
}
