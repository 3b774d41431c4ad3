/* Whole numbers on their way into statements and out of answers. */
#pragma once
#include <libpq-fe.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

/* The number as a parameter's text, owned by a. */
RETURNS_NONNULL const char *db_value_text(struct arena *a, int64_t v);
/* The whole number of a cell; 0 where it is NULL or no such column is there. */
int64_t db_value_i64(const PGresult *res, int row, int column);
/* Bytes as a parameter's text, owned by a. */
RETURNS_NONNULL const char *db_value_bytes(struct arena *a, struct bytes b);
/* The bytes of a cell, owned by a; ERR_UNAVAILABLE without memory. */
MUST_CHECK enum err db_value_to_bytes(struct arena *a, const PGresult *res,
                                      int row, int column, struct bytes *out);
