/* The hashing is the database's (audit_append): an entry and what it tells
 * of are one transaction. */
#include "domain/audit.h"
#include <stdlib.h>
#include "sql/audit.h"

static uint64_t noted;

uint64_t audit_noted(void)
{
    return noted;
}

enum err audit_note(struct db *db, struct arena *a, const struct audit_event *e)
{
    char *facts = e->facts ? json_dumps(e->facts, JSON_COMPACT) : NULL;
    json_decref(e->facts);
    if (facts)
        arena_defer(a, free, facts);
    const char *const params[] = {
        e->tenant_id ? arena_printf(a, "%lld", (long long)e->tenant_id) : NULL,
        e->actor, e->event, e->subject ? e->subject : "", facts ? facts : "{}"};
    enum err err = db_exec(db, a, &SQL_AUDIT_APPEND, 5, params);
    noted += !err;
    return err;
}
