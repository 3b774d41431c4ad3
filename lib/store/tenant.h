/* Transactions in the name of one tenant: the rows of shared tables behind
 * the second wall (app.tenant_id), and the tables of its own schema. */
#pragma once
#include <stdint.h>
#include "store/db.h"

/* Begins a transaction as tenant_enter describes; ended by db_commit or
 * db_rollback. On any failure there is no transaction. */
MUST_CHECK enum err tenant_begin(struct db *db, struct arena *a,
                                 int64_t tenant_id, bool with_schema);
/* To the end of the transaction that is open, shared tables show the rows of
 * this tenant alone, and with_schema, names without a schema are its own
 * tables'. ERR_TENANT_CAPACITY when it has none (made at the cap);
 * ERR_FORBIDDEN for what is no tenant's id (below 1). */
MUST_CHECK enum err tenant_enter(struct db *db, struct arena *a,
                                 int64_t tenant_id, bool with_schema);
