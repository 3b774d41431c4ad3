/* Proving an e-mail address. */
#pragma once
#include "web/route.h"

extern const struct route verify_routes[];
