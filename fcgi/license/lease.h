/* The routes for the time without the desk. */
#pragma once
#include "web/route.h"

extern const struct route lease_routes[];
