/* multipart/form-data (RFC 7578, RFC 2046) as a pure function over bytes:
 * strict, bounded, and without copying what files hold. */
#pragma once
#include <stdbool.h>
#include "base/err.h"
#include "base/arena.h"

enum {
    MULTIPART_PARTS = 40,          /* most parts of a body */
    MULTIPART_HEADER_BYTES = 4096, /* most header bytes of a part */
    MULTIPART_NAME_BYTES = 255     /* longest name of a field or file */
};

struct multipart_part {
    const char *name;     /* field name */
    const char *filename; /* NULL for a plain field; last component only,
                             control and direction characters removed */
    const char *type;     /* media type in lower case without parameters, or
                             NULL */
    struct bytes data;    /* inside the body given to multipart_parse */
};

struct multipart {
    struct multipart_part *parts;
    size_t n;
};

/* True when a Content-Type says multipart/form-data (whatever follows). */
bool multipart_is(const char *content_type);
/* Splits the body; texts live in a. ERR_BAD_MULTIPART for anything that is
 * not a complete, well-formed body with that boundary. */
MUST_CHECK enum err multipart_parse(struct arena *a, const char *content_type,
                                    struct bytes body, struct multipart *out);
