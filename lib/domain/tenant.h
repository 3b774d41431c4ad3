/* Tenants: who owns users, keys and a schema, and what its tier allows. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "store/db.h"

struct tenant {
    int64_t id;
    const char *name, *email, *tier, *status;
    bool is_active, has_schema;
};

struct tenant_new {
    const char *name, *email;
    const char *tier; /* of subscription_quotas; NULL: free */
};

/* What a tenant may use: its own agreement, else its tier's row. */
struct tenant_quota {
    int64_t max_users, max_api_keys, max_products, max_platforms;
    int64_t ai_credits_monthly, invoices_monthly;
};

/* Adds the tenant and its schema in the transaction that is open. At the cap
 * of schemas (TENANT_MAX_SCHEMAS) it gets none and is made all the same. For
 * roles that may make tenants: auth, admin. */
MUST_CHECK enum err tenant_create(struct db *db, struct arena *a,
                                  const struct tenant_new *t, int64_t *id);
/* ERR_NOT_FOUND when there is none of that id; texts live in a. */
MUST_CHECK enum err tenant_by_id(struct db *db, struct arena *a, int64_t id,
                                 struct tenant *out);
/* ERR_NOT_FOUND when there is none of that id. */
MUST_CHECK enum err tenant_quota_by_id(struct db *db, struct arena *a,
                                       int64_t id, struct tenant_quota *out);
