#include "web/openapi_document.h"
#include "base/str.h"
#include "tap.h"

static json_t *part(const char *path, const char *method)
{
    return json_pack("{s:{s:{s:{s:s,s:[s],s:[{}],s:{s:s,s:i,s:i}}}}}",
                     "paths", path, method, "summary", "Do it", "tags",
                     "unit", "security", "x-rate-limit", "name", "default",
                     "count", 60, "window_s", 60);
}

int main(void)
{
    struct arena *a = arena_new(4096);
    const char *clash = NULL;
    json_t *parts[] = {part("/a", "get"), part("/a", "post"),
                       part("/a", "get")};
    json_t *all = openapi_document_merge(parts, 2, &clash);
    tap_ok(all && !clash, "two methods of one path come together");
    tap_is_str(json_string_value(json_object_get(all, "openapi")), "3.1.0",
               "OpenAPI 3.1");
    json_t *schemas = json_object_get(json_object_get(all, "components"),
                                      "schemas");
    tap_ok(json_object_get(schemas, "Error") &&
               json_object_get(schemas, "ValidationError") &&
               json_object_get(schemas, "Problem"), "shared schemas");
    const char *table = openapi_document_routes(a, all);
    tap_ok(strstr(table, "| GET | `/a` | anybody | default: 60 in 60 s | 0 | "
                         "unit | Do it |\n") != NULL, "the table's row");
    tap_ok(!openapi_document_merge(parts, 3, &clash), "a clash is refused");
    tap_is_str(clash, "/a", "and named");
    json_decref(all);
    for (int i = 0; i < 3; i++)
        json_decref(parts[i]);
    arena_free(a);
    return tap_done();
}
