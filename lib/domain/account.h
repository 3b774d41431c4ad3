/* A tenant as its own users see it: name, plan, quotas and their use. */
#pragma once
#include "domain/principal.h"

/* One row for row_to_json, of the caller's tenant. */
MUST_CHECK enum err account_show(struct db *db, struct arena *a,
                                 const struct principal *who, PGresult **out);
/* Another name or address (NULL: as it is), noted in the audit trail. */
MUST_CHECK enum err account_change(struct db *db, struct arena *a,
                                   const struct principal *who,
                                   const char *name, const char *email);
