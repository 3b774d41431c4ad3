/* Where a job and what belongs to it are found. */
#pragma once
#include <jansson.h>
#include "web/route.h"

/* {"self", "events"} and, with_reports, {"reports": {"full", "anonymous"}};
 * the caller's. */
json_t *links_json(const char *task_id, bool with_reports);
extern const struct field links_out[];
