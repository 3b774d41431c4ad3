/* Users of every tenant, for operators: the database's verbs (0010) do the work
 * and write the audit trail. */
#pragma once
#include "store/db.h"

/* NULL: whatever. */
struct user_admin_filter {
    const char *after;  /* page_key of the row before, or NULL */
    const char *email;  /* a part of it */
    const char *tenant; /* its number */
    const char *role, *active /* true or false */, *rows;
};

MUST_CHECK enum err user_admin_list(struct db *db, struct arena *a,
                                    const struct user_admin_filter *f,
                                    PGresult **out);
/* One row; ERR_NOT_FOUND. */
MUST_CHECK enum err user_admin_show(struct db *db, struct arena *a,
                                    const char *id, PGresult **out);
/* active NULL, role NULL: as it is. Disabling ends sessions and tokens at once,
 * a new role ends tokens. ERR_NOT_FOUND; ERR_CONFLICT for an operator, whose
 * role is first taken away by comptoirctl or psql. */
MUST_CHECK enum err user_admin_change(struct db *db, struct arena *a,
                                      const char *id, const bool *active,
                                      const char *role, const char *actor);
