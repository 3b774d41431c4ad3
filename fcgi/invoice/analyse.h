/* The routes that analyse an invoice while the caller waits. */
#pragma once
#include "web/route.h"

extern const struct route analyse_routes[];
