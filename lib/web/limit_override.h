/* What single customers were granted in place of a row of the table of limits
 * (public.limit_override): read again every few seconds by each process. */
#pragma once
#include "web/limit.h"

/* Reads the rows in force when they were read more than five seconds ago.
 * Nothing happens without a database; while it is away the last ones stay,
 * and it is asked seldom, for a tenth of a second at most. */
void limit_override_refresh(struct db *db);
/* What this caller was granted of the named limit, or NULL: by its id first,
 * then as a user of its tenant. Valid until the next refresh. */
const struct limit *limit_override_find(const struct principal *who,
                                        const char *name);
