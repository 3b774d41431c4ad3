/* What health.c needs before the first request. */
#pragma once
#include <stdbool.h>
#include "store/db.h"

/* Prepares the database connection; it is made when first needed. */
bool health_init(struct db *connection);
