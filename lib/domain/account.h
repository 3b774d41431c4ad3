/* A tenant as its own users see it: name, plan, quotas and their use. */
#pragma once
#include <jansson.h>
#include "domain/principal.h"

/* One row for row_to_json, of the caller's tenant. */
MUST_CHECK enum err account_show(struct db *db, struct arena *a,
                                 const struct principal *who, PGresult **out);
/* Another name or address (NULL: as it is), noted in the audit trail. */
MUST_CHECK enum err account_change(struct db *db, struct arena *a,
                                   const struct principal *who,
                                   const char *name, const char *email);
/* Adds to an object of quotas by name what was used this month of those that
 * are metered: used (with what is set aside for work in hand), remaining and
 * resets_at, for the tenant ("invoices_monthly", "ai_credits_monthly") or the
 * licence ("uses_monthly") that calls. */
MUST_CHECK enum err account_add_usage(struct db *db, struct arena *a,
                                      const struct principal *who,
                                      json_t *quotas);
