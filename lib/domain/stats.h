/* Figures of the whole desk, for operators. */
#pragma once
#include "store/db.h"

/* The JSON object that GET /admin/stats answers, as text owned by a. */
MUST_CHECK enum err stats_read(struct db *db, struct arena *a,
                               const char **json);
