/* The routes of a licence's own state. */
#pragma once
#include "web/route.h"

extern const struct route status_routes[];
