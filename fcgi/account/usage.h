/* The routes of /api/tenant/usage. */
#pragma once
#include "web/route.h"

extern const struct route usage_routes[];
