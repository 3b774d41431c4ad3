/* The routes of /api/auth/me. */
#pragma once
#include "web/route.h"

extern const struct route me_routes[];
