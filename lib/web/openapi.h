/* The description of a family's routes, made from its tables. */
#pragma once
#include <jansson.h>
#include "web/route.h"

/* {"paths"} of one family; limits must be loaded. The caller's. */
json_t *openapi_family(const char *family, route_groups groups);
