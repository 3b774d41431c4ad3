/* Entity tags (RFC 9110 8.8.3): so that a change is of what was read. */
#pragma once
#include "web/req.h"

/* "\"3f2a…\"" of an answer's bytes, in a. */
RETURNS_NONNULL const char *etag_of(struct arena *a, struct bytes body);
/* False when the request's If-Match names other states than this one. Without
 * If-Match, with "*", and where a proxy made the tag weak, true. */
bool etag_allows(const struct req *r, const char *etag);
