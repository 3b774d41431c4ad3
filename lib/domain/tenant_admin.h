/* Tenants, for operators: the database's verb (0010) does the work and writes
 * the audit trail. */
#pragma once
#include <jansson.h>
#include "store/db.h"

/* NULL: whatever. */
struct tenant_admin_filter {
    const char *after; /* page_key of the row before, or NULL */
    const char *name;  /* a part of it */
    const char *tier, *active /* true or false */, *rows;
};

MUST_CHECK enum err tenant_admin_list(struct db *db, struct arena *a,
                                      const struct tenant_admin_filter *f,
                                      PGresult **out);
/* One row; ERR_NOT_FOUND. */
MUST_CHECK enum err tenant_admin_show(struct db *db, struct arena *a,
                                      const char *id, PGresult **out);
/* wanted (taken over): any of is_active, subscription_tier,
 * subscription_status, max_products, max_platforms, ai_credits_monthly (null:
 * as the tier says). Disabling ends the sessions of all its users.
 * ERR_NOT_FOUND: no such tenant, or tier. */
MUST_CHECK enum err tenant_admin_change(struct db *db, struct arena *a,
                                        const char *id, json_t *wanted,
                                        const char *actor);
