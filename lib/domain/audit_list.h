/* Reading the audit trail, and the database's own check of it. */
#pragma once
#include "store/db.h"

/* NULL: whatever. */
struct audit_list_filter {
    const char *after; /* page_key of the row before, or NULL */
    const char *chain; /* a tenant's number; 0: the platform */
    const char *event, *actor, *subject;
    const char *since; /* RFC 3339 */
    const char *rows;
};

MUST_CHECK enum err audit_list(struct db *db, struct arena *a,
                               const struct audit_list_filter *f,
                               PGresult **out);
/* One row a chain (chain NULL: all): entries, head, and where it breaks. */
MUST_CHECK enum err audit_list_verify(struct db *db, struct arena *a,
                                      const char *chain, PGresult **out);
