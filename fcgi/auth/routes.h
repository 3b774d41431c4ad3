/* Route tables of this family. */
#pragma once
#include "web/route.h"

extern const struct route register_routes[];
extern const struct route login_routes[];
extern const struct route password_routes[];
extern const struct route email_routes[];
