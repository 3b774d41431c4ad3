#include "web/openapi.h"
#include <stdlib.h>
#include <unistd.h>
#include "base/conf.h"
#include "base/str.h"
#include "web/limit.h"
#include "tap.h"

static enum err none(struct req *r)
{
    (void)r;
    return OK;
}

static const struct field in[] = {
    {.name = "file", .kind = IN_FILE, .required = true, .doc = "A file."},
    {.name = "share", .kind = IN_DECIMAL, .max = 1000, .fallback = "0.5",
     .doc = "A share."},
    {.name = "kind", .kind = IN_ENUM, .choices = "a|b", .fallback = "a",
     .doc = "A word."},
    {0}};
static const struct field out[] = {
    {.name = "id", .kind = OUT_INT, .required = true, .nullable = true,
     .doc = "An id."},
    {.name = "list", .kind = OUT_ARRAY, .min = 3, .max = 4, .doc = "Lines."},
    {0}};
static const enum err errors[] = {ERR_FILE_TYPE, OK};
static ROUTES(rows,
    {.method = "POST", .path = "/v1/x/{id}", .handler = none, .access = KEY,
     .limit = "x", .body_limit = -1, .summary = "Do x", .in = in, .out = out,
     .errors = errors},
    {.method = "GET", .path = "/", .handler = none, .access = ANON,
     .summary = "Say hello"});
static const struct route *const groups[] = {rows, NULL};

static json_t *at(json_t *o, const char *path)
{
    char key[64];
    while (o && *path) {
        size_t n = strcspn(path, ">");
        snprintf(key, sizeof key, "%.*s", (int)n, path);
        o = json_is_array(o) ? json_array_get(o, (size_t)strtoul(key, NULL, 10))
                             : json_object_get(o, key);
        path += n + (path[n] == '>');
    }
    return o;
}

static const char *text_at(json_t *o, const char *path)
{
    return json_string_value(at(o, path));
}

static void an_operation(json_t *op)
{
    tap_is_str(text_at(op, "operationId"), "post_v1_x_id", "operationId");
    tap_is_str(text_at(op, "parameters>0>name"), "id", "path parameter");
    tap_ok(at(op, "security>0>apiKey") && at(op, "security>1>bearer") &&
               json_array_size(at(op, "security"))
               == 2, "a key or a token is required");
    tap_is_int(json_integer_value(at(op, "x-rate-limit>count")), 7, "limit");
    tap_is_int(json_integer_value(at(op, "x-body-limit")), 16777216,
               "body limit");
    json_t *body = at(op, "requestBody>content>multipart/form-data>schema");
    tap_ok(json_is_false(at(body, "additionalProperties")), "closed body");
    tap_is_str(text_at(body, "required>0"), "file", "required field");
    tap_ok(json_real_value(at(body, "properties>share>maximum")) == 1.0 &&
               json_real_value(at(body, "properties>share>default")) == 0.5,
           "thousandths are shown as they are sent");
    tap_is_str(text_at(body, "properties>kind>enum>1"), "b", "choices");
    json_t *ok = at(op, "responses>200>content>application/json>schema");
    tap_is_str(text_at(ok, "properties>id>type>1"), "null", "nullable");
    tap_is_int(json_integer_value(at(ok, "properties>list>minItems")), 3,
               "array bounds");
    tap_ok(at(op, "responses>429>headers>Retry-After") &&
               at(op, "responses>200>headers>RateLimit"), "limit headers");
    static const char *const statuses[] = {"400", "401", "403", "411", "413",
                                           "415", "422", "429", "500",
                                           "503"};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        tap_ok(json_object_get(at(op, "responses"), statuses[i]),
               "response %s", statuses[i]);
}

int main(void)
{
    char path[] = "/tmp/openapi-unit-XXXXXX";
    int fd = mkstemp(path);
    const char text[] = "default\t60\t60\topen\tx\nx\t7\t60\topen\tx\n";
    const char *bad = conf_init();
    tap_ok(!bad && write(fd, text, sizeof text - 1) > 0, "conf");
    tap_ok(!limit_load(path), "limits");
    json_t *part = openapi_family("unit", groups);
    json_t *paths = json_object_get(part, "paths");
    an_operation(at(json_object_get(paths, "/v1/x/{id}"), "post"));
    json_t *root = at(json_object_get(paths, "/"), "get");
    tap_is_str(text_at(root, "operationId"), "get_root", "the root's id");
    tap_ok(!at(root, "requestBody") && !at(root, "responses>401") &&
               !at(root, "responses>413"), "only what can happen");
    tap_ok(at(root, "responses>429>headers>Retry-After") &&
               at(root, "responses>503>headers>Retry-After"),
           "and what nginx may say anywhere");
    json_decref(part);
    close(fd);
    unlink(path);
    return tap_done();
}
