/* Rows with .tx: what a request writes, it writes whole or not at all. */
#pragma once
#include "web/req.h"

/* Runs the row's handler in a transaction that knows the caller's tenant
 * (app.tenant_id). An answer of 400 or more takes back what was written; a
 * success is only answered once it is committed. */
MUST_CHECK enum err transact_run(struct req *r);
