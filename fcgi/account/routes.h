/* The route tables of this family. */
#pragma once
#include "web/route.h"

extern const struct route key_routes[], sessions_routes[], tenant_routes[],
    tenant_user_routes[], invitation_routes[], whoami_routes[],
    setting_routes[];
