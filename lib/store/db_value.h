/* Whole numbers on their way into statements and out of answers. */
#pragma once
#include <libpq-fe.h>
#include <stdint.h>
#include "base/arena.h"

/* The number as a parameter's text, owned by a. */
RETURNS_NONNULL const char *db_value_text(struct arena *a, int64_t v);
/* The whole number of a cell; 0 where it is NULL or no such column is there. */
int64_t db_value_i64(const PGresult *res, int row, int column);
