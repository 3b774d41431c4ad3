/* Which web pages may call: exact origins, said in one place. */
#pragma once
#include "web/req.h"

/* Adds Vary, and for a listed Origin the headers that let its page read the
 * answer. */
void cors_headers(struct req *r);
/* Answers OPTIONS: 204 with the methods of the path; for a preflight of a
 * listed origin also what it may send. */
void cors_preflight(struct req *r, const char *allow);
/* True when origin is exactly one of ALLOWED_ORIGINS; "*" and "null" never
 * match. */
bool cors_origin_ok(const char *origin);
