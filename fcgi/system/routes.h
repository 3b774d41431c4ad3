/* The route tables of the family's files. */
#pragma once
#include "web/route.h"

extern const struct route root_routes[], health_routes[],
    prometheus_routes[], page_routes[];
