/* The routes of operators. */
#pragma once
#include "web/req.h"

extern const struct route stats_routes[], users_routes[], tenants_routes[],
    licenses_routes[], logins_routes[], trail_routes[];

/* The {id} of the path when it is a number that a row may have, else NULL. */
const char *routes_id(const struct req *r);
