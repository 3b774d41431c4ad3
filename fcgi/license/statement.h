/* The routes of /api/v1/license/statement. */
#pragma once
#include "web/route.h"

extern const struct route statement_routes[];
