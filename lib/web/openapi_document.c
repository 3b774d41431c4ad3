/* What all families share (schemas of errors, keys, general words) is said
 * here; the paths come from the parts. */
#include "web/openapi_document.h"
#include "base/buf.h"
#include "base/str.h"
#include "version.h"

enum { TABLE_BYTES = 256 * 1024 };

static const char about[] =
    "One desk for small businesses. Every answer carries `X-Request-Id`; "
    "every error has the same shape, and names a stable `code`. Send "
    "`Accept: application/problem+json` for RFC 9457. Limits are told by "
    "`X-RateLimit-*` and the IETF `RateLimit` fields. HEAD works wherever "
    "GET does; OPTIONS lists the methods of an address.";

static json_t *text_schema(const char *doc)
{
    return json_pack("{s:s,s:s}", "type", "string", "description", doc);
}

static json_t *error_properties(void)
{
    return json_pack("{s:o,s:o,s:o,s:o,s:{s:s,s:s},s:o}", "error",
                     text_schema("The stable code."), "code",
                     text_schema("The stable code; see docs/ERRORS.md."),
                     "message", text_schema("One sentence."), "detail",
                     text_schema("What to do, or the same sentence."),
                     "status_code", "type", "integer", "description",
                     "The HTTP status.", "request_id",
                     text_schema("Finds the request in the logs."));
}

static json_t *error_schema(void)
{
    return json_pack("{s:s,s:[s,s,s,s,s,s],s:o}", "type", "object", "required",
                     "error", "code", "message", "detail", "status_code",
                     "request_id", "properties", error_properties());
}

static json_t *validation_schema(void)
{
    json_t *item =
        json_pack("{s:s,s:[s,s,s],s:{s:{s:s,s:{s:s}},s:o,s:o}}", "type",
                  "object", "required", "loc", "msg", "type", "properties",
                  "loc", "type", "array", "items", "type", "string", "msg",
                  text_schema("What is wrong with the field."), "type",
                  text_schema("A stable word for it."));
    return json_pack("{s:[{s:s},{s:{s:{s:s,s:o}}}]}", "allOf", "$ref",
                     "#/components/schemas/Error", "properties", "errors",
                     "type", "array", "items", item);
}

static json_t *problem_schema(void)
{
    return json_pack("{s:[{s:s},{s:[s,s,s,s],s:{s:o,s:o,s:{s:s},s:o}}]}",
                     "allOf", "$ref", "#/components/schemas/Error", "required",
                     "type", "title", "status", "instance", "properties",
                     "type", text_schema("URI of the kind of problem."),
                     "title", text_schema("One sentence."), "status", "type",
                     "integer", "instance",
                     text_schema("URI of this occurrence."));
}

static json_t *components(void)
{
    json_t *schemas =
        json_pack("{s:o,s:o,s:o}", "Error", error_schema(), "ValidationError",
                  validation_schema(), "Problem", problem_schema());
    json_t *key = json_pack("{s:s,s:s,s:s,s:s}", "type", "apiKey", "in",
                            "header", "name", "X-API-Key", "description",
                            "A key of API_KEY, or a user's own key "
                            "(POST /api/auth/keys) with the scope of the "
                            "route (x-scope).");
    json_t *bearer = json_pack("{s:s,s:s,s:s,s:s}", "type", "http", "scheme",
                               "bearer", "bearerFormat", "JWT", "description",
                               "The access_token of POST /api/auth/login.");
    json_t *license = json_pack("{s:s,s:s,s:s,s:s}", "type", "apiKey", "in",
                                "header", "name", "X-License-Key",
                                "description", "The key of a licensed client.");
    return json_pack("{s:o,s:{s:o,s:o,s:o}}", "schemas", schemas,
                     "securitySchemes", "apiKey", key, "bearer", bearer,
                     "licenseKey", license);
}

static bool add_path(json_t *paths, const char *path, json_t *operations,
                     const char **clash)
{
    json_t *have = json_object_get(paths, path), *op;
    const char *method;
    if (!have) {
        have = json_object();
        json_object_set_new(paths, path, have);
    }
    json_object_foreach(operations, method, op)
    {
        if (json_object_get(have, method)) {
            *clash = path;
            return false;
        }
        json_object_set(have, method, op);
    }
    return true;
}

json_t *openapi_document_merge(json_t *const *parts, size_t n,
                               const char **clash)
{
    json_t *paths = json_object(), *operations;
    const char *path;
    for (size_t i = 0; i < n; i++)
        json_object_foreach(
            json_object_get(parts[i], "paths"), path,
            operations) if (!add_path(paths, path, operations, clash))
        {
            json_decref(paths);
            return NULL;
        }
    return json_pack("{s:s,s:s,s:{s:s,s:s,s:s,s:{s:s}},s:[{s:s}],s:o,s:o}",
                     "openapi", "3.1.0", "jsonSchemaDialect",
                     "https://json-schema.org/draft/2020-12/schema", "info",
                     "title", "comptoir", "version", COMPTOIR_VERSION,
                     "description", about, "license", "name", "MIT", "servers",
                     "url", "/", "paths", paths, "components", components());
}

/* Who may call, in words for people. */
static const char *access_word(struct arena *a, const json_t *op)
{
    static const struct {
        const char *access, *words;
    } rows[] = {{"anon", "anybody"},
                {"key", "key or token"},
                {"key_opt", "anybody, key optional"},
                {"local", "METRICS_ALLOW"},
                {"user", "user"},
                {"tenant_admin", "tenant admin"},
                {"operator", "operator"},
                {"license", "licence"},
                {"license_any", "anybody, licence in any state"},
                {"any", "any key, token or licence"}};
    const char *access = json_string_value(json_object_get(op, "x-access"));
    const char *scope = json_string_value(json_object_get(op, "x-scope"));
    const char *words = "anybody";
    for (size_t i = 0; access && i < ARRAY_LEN(rows); i++)
        if (str_eq(rows[i].access, access))
            words = rows[i].words;
    return scope ? arena_printf(a, "%s (key scope `%s`)", words, scope) : words;
}

static void put_row(struct arena *a, struct buf *b, const char *path,
                    const char *method, const json_t *op)
{
    const json_t *limit = json_object_get(op, "x-rate-limit");
    const json_t *body = json_object_get(op, "x-body-limit");
    const char *tag =
        json_string_value(json_array_get(json_object_get(op, "tags"), 0));
    buf_char(b, '|');
    buf_char(b, ' ');
    for (const char *p = method; *p; p++)
        buf_char(b, (char)(*p & ~0x20));
    buf_printf(b, " | `%s` | %s | ", path, access_word(a, op));
    if (limit)
        buf_printf(
            b, "%s: %lld in %lld s | ",
            json_string_value(json_object_get(limit, "name")),
            (long long)json_integer_value(json_object_get(limit, "count")),
            (long long)json_integer_value(json_object_get(limit, "window_s")));
    else
        buf_str(b, "nginx | ");
    buf_printf(b, "%lld | %s | %s |\n", (long long)json_integer_value(body),
               tag ? tag : "",
               json_string_value(json_object_get(op, "summary")));
}

const char *openapi_document_routes(struct arena *a, const json_t *document)
{
    const char *path, *method;
    json_t *operations, *op, *paths = json_object_get(document, "paths");
    struct buf b;
    buf_init(&b, a, TABLE_BYTES);
    buf_str(&b, "| method | path | who | limit | body bytes | family | what "
                "|\n|---|---|---|---|---|---|---|\n");
    json_object_foreach(paths, path, operations)
        json_object_foreach(operations, method, op)
            put_row(a, &b, path, method, op);
    return buf_cstr(&b);
}
