/* A user as the API shows one. */
#pragma once
#include <jansson.h>
#include "base/buf.h"
#include "store/db.h"

/* Appends the JSON object of a user. The row's columns are found by name;
 * those that the statement did not select are left out, NULLs are null; what
 * is sealed is opened where the id was selected too. */
void user_write(struct buf *b, const PGresult *res, int row);
/* The same as a value, the caller's. */
json_t *user_to_json(struct arena *a, const PGresult *res, int row);
