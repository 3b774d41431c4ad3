/* Jobs that do nothing: an operator sees by them that a lane works, and how it
 * treats long ones. */
#pragma once
#include "kinds.h"

/* Child. Payload: {"ms": how long it takes, 0 to an hour, telling its progress;
 * "deaf": true, whatever its soft limit says}. */
MUST_CHECK enum err kind_noop_child(struct work *w, const struct job *j);
