/* The members of a user as answers describe them (domain/user.c writes them).
 */
#pragma once
#include "web/route.h"

extern const struct field user_out[];
