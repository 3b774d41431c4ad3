/* The tables of this family. */
#pragma once
#include "web/route.h"

extern const struct route order_routes[], task_routes[], report_routes[],
    webhooks_routes[];
