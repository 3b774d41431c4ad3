/* The route that waits. */
#pragma once
#include "web/route.h"

extern const struct route wait_routes[];
