/* Refreshing a session, and ending it. */
#pragma once
#include "web/route.h"

extern const struct route session_routes[];
