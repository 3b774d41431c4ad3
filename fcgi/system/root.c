/* GET /: what is this, which version, where is the documentation. */
#include "routes.h"
#include "version.h"
#include "web/req.h"

static enum err root_show(struct req *r)
{
    return req_json(r, 200,
                    json_pack("{s:s,s:s,s:s,s:s}", "name", "comptoir",
                              "version", COMPTOIR_VERSION, "status", "online",
                              "documentation", "/docs"));
}

/* clang-format off */
static const struct field root_out[] = {
    {.name = "name", .kind = OUT_TEXT, .required = true,
     .doc = "Name of the platform."},
    {.name = "version", .kind = OUT_TEXT, .required = true,
     .doc = "Version of this responder."},
    {.name = "status", .kind = OUT_TEXT, .required = true,
     .doc = "Always online."},
    {.name = "documentation", .kind = OUT_TEXT, .required = true,
     .doc = "Path of the documentation page."},
    {0}};

ROUTES(root_routes,
    {.method = "GET", .path = "/", .handler = root_show, .access = ANON,
     .limit = "default",
     .summary = "Say what this is", .out = root_out});
