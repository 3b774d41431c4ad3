/* What the resources of operators share. */
#include "routes.h"
#include "base/str.h"

const char *routes_id(const struct req *r)
{
    int64_t id;
    return str_to_i64(r->params[0], &id) && id > 0 ? r->params[0] : NULL;
}
