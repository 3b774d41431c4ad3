/* What a responder tells of itself instead of serving. */
#pragma once
#include "web/serve.h"

/* One line a row on standard output: method, path, access, scope, limit, body
 * limit, summary. Returns the exit status, as does the next. */
int serve_print_routes(const struct family *f);
/* The paths of OpenAPI as JSON. */
int serve_print_openapi(const struct family *f);
