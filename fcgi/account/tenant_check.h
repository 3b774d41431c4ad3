/* Checks that the rows about tenants share. */
#pragma once
#include "base/arena.h"

/* A field_check: an e-mail address as mails are sent to. */
const char *tenant_check_email(struct arena *a, const char *text,
                               const char **clean);
