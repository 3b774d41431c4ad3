/* What health.c needs before the first request. */
#pragma once
#include <stdbool.h>

/* Prepares the database connection; it is made when first needed. */
bool health_init(void);
