/* A tenant is a row of public.tenants, and most have a schema. */
#include "domain/tenant.h"
#include <jansson.h>
#include "base/log.h"
#include "base/str.h"
#include "sql/tenant.h"
#include "store/db_value.h"

static bool truth(const PGresult *res, int column)
{
    return str_eq(PQgetvalue(res, 0, column), "t");
}

static const char *text_of(struct arena *a, int64_t id)
{
    return arena_printf(a, "%lld", (long long)id);
}

enum err tenant_create(struct db *db, struct arena *a,
                       const struct tenant_new *t, int64_t *id)
{
    PGresult *res;
    const char *const params[] = {t->name, t->email, t->tier};
    enum err e = db_one(db, a, &SQL_TENANT_CREATE, 3, params, &res);
    if (e)
        return e;
    *id = db_value_i64(res, 0, 0);
    const char *const made[] = {text_of(a, *id)};
    e = db_one(db, a, &SQL_TENANT_CREATE_SCHEMA, 1, made, &res);
    if (!e && !truth(res, 0))
        log_warning("tenant_capacity_reached", "{s:I}", "tenant_id",
                    (json_int_t)*id);
    return e;
}

enum { ID, NAME, EMAIL, TIER, STATUS, IS_ACTIVE, HAS_SCHEMA };

static struct tenant tenant_from_row(struct arena *a, const PGresult *res)
{
    return (struct tenant){
        .id = db_value_i64(res, 0, ID),
        .name = arena_strdup(a, PQgetvalue(res, 0, NAME)),
        .email = arena_strdup(a, PQgetvalue(res, 0, EMAIL)),
        .tier = arena_strdup(a, PQgetvalue(res, 0, TIER)),
        .status = arena_strdup(a, PQgetvalue(res, 0, STATUS)),
        .is_active = truth(res, IS_ACTIVE),
        .has_schema = truth(res, HAS_SCHEMA),
    };
}

enum err tenant_by_id(struct db *db, struct arena *a, int64_t id,
                      struct tenant *out)
{
    PGresult *res;
    const char *const params[] = {text_of(a, id)};
    const enum err e = db_one(db, a, &SQL_TENANT_BY_ID, 1, params, &res);
    if (!e)
        *out = tenant_from_row(a, res);
    return e;
}

enum { USERS, API_KEYS, PRODUCTS, PLATFORMS, AI_CREDITS, INVOICES };

static struct tenant_quota quota_from_row(const PGresult *res)
{
    return (struct tenant_quota){
        .max_users = db_value_i64(res, 0, USERS),
        .max_api_keys = db_value_i64(res, 0, API_KEYS),
        .max_products = db_value_i64(res, 0, PRODUCTS),
        .max_platforms = db_value_i64(res, 0, PLATFORMS),
        .ai_credits_monthly = db_value_i64(res, 0, AI_CREDITS),
        .invoices_monthly = db_value_i64(res, 0, INVOICES),
    };
}

enum err tenant_quota_by_id(struct db *db, struct arena *a, int64_t id,
                            struct tenant_quota *out)
{
    PGresult *res;
    const char *const params[] = {text_of(a, id)};
    const enum err e = db_one(db, a, &SQL_TENANT_QUOTA, 1, params, &res);
    if (!e)
        *out = quota_from_row(res);
    return e;
}
