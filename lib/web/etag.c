#include "web/etag.h"
#include <string.h>
#include "base/encode.h"

const char *etag_of(struct arena *a, struct bytes body)
{
    return arena_printf(a, "\"%.32s\"", encode_sha256(a, body.p, body.n));
}

bool etag_allows(const struct req *r, const char *etag)
{
    const char *sent = req_param(r, "HTTP_IF_MATCH");
    if (!sent || !*sent)
        return true;
    sent += strspn(sent, " \t");
    return strcmp(sent, "*") == 0 || strstr(sent, etag) != NULL;
}
