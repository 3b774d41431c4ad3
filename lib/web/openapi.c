/* Rows in, OpenAPI 3.1 out. Whatever the gate does by itself (keys, limits,
 * hosts) is described here once for every route. */
#include "web/openapi.h"
#include <stdio.h>
#include <string.h>
#include "base/conf.h"
#include "base/str.h"
#include "version.h"
#include "web/limit.h"

static void put(json_t *o, const char *key, const char *text)
{
    json_object_set_new(o, key, json_string(text));
}

/* ---- fields ------------------------------------------------------------- */

static json_t *number_or_null(int64_t v, bool thousandths)
{
    return thousandths ? json_real((double)v / 1000) : json_integer(v);
}

static void put_fallback(json_t *o, const struct field *f)
{
    int64_t v;
    if (!f->fallback)
        return;
    json_t *value = json_string(f->fallback);
    if (f->kind == IN_BOOL) {
        json_decref(value);
        value = json_boolean(f->fallback[0] == 't');
    } else if (f->kind == IN_DECIMAL && str_to_scaled(f->fallback, 3, &v)) {
        json_decref(value);
        value = json_real((double)v / 1000);
    } else if (f->kind == IN_INT && str_to_i64(f->fallback, &v)) {
        json_decref(value);
        value = json_integer(v);
    }
    json_object_set_new(o, "default", value);
}

static json_t *choices_array(const char *choices)
{
    json_t *list = json_array();
    while (*choices) {
        size_t n = strcspn(choices, "|");
        json_array_append_new(list, json_stringn(choices, n));
        choices += n + (choices[n] == '|');
    }
    return list;
}

static const char *type_name(enum field_kind k)
{
    switch (k) {
    case IN_INT:
    case OUT_INT:
        return "integer";
    case IN_DECIMAL:
    case OUT_NUMBER:
        return "number";
    case IN_BOOL:
    case OUT_BOOL:
        return "boolean";
    case OUT_OBJECT:
        return "object";
    case IN_FILES:
    case IN_TEXTS:
    case OUT_ARRAY:
    case OUT_NUMBERS:
        return "array";
    case IN_JSON:
    case OUT_ANY:
        return NULL;
    default:
        return "string";
    }
}

static void put_type(json_t *o, const struct field *f)
{
    const char *type = type_name(f->kind);
    if (!type)
        return;
    if (f->nullable)
        json_object_set_new(o, "type", json_pack("[s,s]", type, "null"));
    else
        put(o, "type", type);
}

static json_t *object_schema(const struct field *fields, bool closed);

static bool takes_token(enum access who)
{
    return who == KEY || who == KEY_OPT || who == USER || who == TENANT_ADMIN ||
           who == OPERATOR || who == ANY || who == LOCAL;
}

static void put_array(json_t *o, const struct field *f)
{
    if (f->min)
        json_object_set_new(o, "minItems", json_integer(f->min));
    if (f->max)
        json_object_set_new(o, "maxItems", json_integer(f->max));
    json_object_set_new(o, "items",
                        f->sub ? object_schema(f->sub, false)
                               : json_pack("{s:s}", "type", "string"));
}

static void put_range(json_t *o, const struct field *f)
{
    bool text = f->kind == IN_TEXT;
    json_object_set_new(o, text ? "minLength" : "minimum",
                        number_or_null(f->min, f->kind == IN_DECIMAL));
    json_object_set_new(o, text ? "maxLength" : "maximum",
                        number_or_null(f->max, f->kind == IN_DECIMAL));
}

static json_t *binary_schema(void)
{
    return json_pack("{s:s,s:s}", "type", "string", "contentMediaType",
                     "application/octet-stream");
}

static json_t *field_schema(const struct field *f)
{
    json_t *o = json_object();
    put_type(o, f);
    if (f->kind == IN_FILE)
        json_object_update_new(o, binary_schema());
    if (f->kind == IN_FILES) {
        put_array(o, f);
        json_object_set_new(o, "items", binary_schema());
    }
    if (f->kind == OUT_ARRAY || f->kind == OUT_NUMBERS || f->kind == IN_TEXTS)
        put_array(o, f);
    if (f->kind == IN_TEXTS && f->choices)
        json_object_set_new(
            o, "items", json_pack("{s:o}", "enum", choices_array(f->choices)));
    if (f->kind == OUT_NUMBERS)
        json_object_set_new(o, "items", json_pack("{s:s}", "type", "number"));
    if (f->kind == OUT_OBJECT && f->sub)
        json_object_update_new(o, object_schema(f->sub, false));
    if (f->kind == OUT_OBJECT && f->nullable)
        put_type(o, f); /* the members' schema said plain object */
    if (f->kind == IN_ENUM || (f->kind == OUT_TEXT && f->choices))
        json_object_set_new(o, "enum", choices_array(f->choices));
    if (f->kind == IN_INT || f->kind == IN_DECIMAL || f->kind == IN_TEXT)
        put_range(o, f);
    put_fallback(o, f);
    put(o, "description", f->doc ? f->doc : "");
    return o;
}

/* Inputs are closed (unknown fields are refused); answers may grow. */
static json_t *object_schema(const struct field *fields, bool closed)
{
    json_t *props = json_object(), *required = json_array();
    for (const struct field *f = fields; f->name; f++) {
        json_object_set_new(props, f->name, field_schema(f));
        if (f->required)
            json_array_append_new(required, json_string(f->name));
    }
    json_t *o = json_pack("{s:s,s:o}", "type", "object", "properties", props);
    if (json_array_size(required))
        json_object_set(o, "required", required);
    json_decref(required);
    if (closed)
        json_object_set_new(o, "additionalProperties", json_false());
    return o;
}

/* ---- errors ------------------------------------------------------------- */

static bool takes(const struct route *r, int way)
{
    return (r->takes ? r->takes : TAKES_MULTIPART) & way;
}

static bool takes_key(const struct route *r)
{
    return r->access == KEY || r->access == KEY_OPT || r->access == ANY ||
           (r->scope && takes_token(r->access));
}

/* What the gate says of callers. */
static void mark_access(const struct route *r, bool can[ERR_MAX])
{
    const enum access who = r->access;
    if (takes_token(who))
        can[ERR_TOKEN_INVALID] = can[ERR_TOKEN_EXPIRED] = true;
    if (takes_token(who) && who != KEY_OPT && who != LOCAL)
        can[ERR_UNAUTHORIZED] = true;
    if (takes_key(r))
        can[ERR_INVALID_API_KEY] = true;
    if (takes_key(r) && who != KEY_OPT && who != ANY)
        can[ERR_SCOPE_MISSING] = true;
    if (who == LICENSE || who == ANY)
        can[ERR_LICENSE_INVALID] = can[ERR_LICENSE_EXPIRED] =
            can[ERR_LICENSE_SUSPENDED] = can[ERR_LICENSE_ADDRESS] = true;
    if (who == LOCAL || who == TENANT_ADMIN || who == OPERATOR)
        can[ERR_FORBIDDEN] = true;
}

/* Which errors a caller of the row can meet, marked by their number. */
static void mark_errors(const struct route *r, bool can[ERR_MAX])
{
    can[ERR_BAD_HOST] = can[ERR_HTTPS_REQUIRED] = can[ERR_INTERNAL] = true;
    can[ERR_UNSUPPORTED_MEDIA] = true;
    /* nginx's own: its limits by address, and no process within reach */
    can[ERR_RATE_LIMITED] = can[ERR_OVERLOADED] = can[ERR_UNAVAILABLE] = true;
    mark_access(r, can);
    if (r->body_limit)
        can[ERR_BAD_REQUEST] = can[ERR_TOO_LARGE] = true;
    if (r->body_limit && !r->takes)
        can[ERR_LENGTH_REQUIRED] = true;
    if (r->in)
        can[ERR_INVALID_FIELD] = true;
    if (r->in && r->body_limit && takes(r, TAKES_MULTIPART))
        can[ERR_BAD_MULTIPART] = true;
    if (r->in && takes(r, TAKES_JSON))
        can[ERR_BAD_JSON] = true;
    if (route_is_idempotent(r))
        can[ERR_IDEMPOTENCY_MISMATCH] = can[ERR_IDEMPOTENCY_RUNNING] =
            can[ERR_IDEMPOTENCY_TOO_LARGE] = can[ERR_INVALID_FIELD] = true;
    for (const struct field *f = r->in; f && f->name; f++) {
        if (f->kind == IN_FILE || f->kind == IN_FILES)
            can[ERR_FILE_MISSING] = can[ERR_FILE_EMPTY] = true;
        if (f->kind == IN_FILES)
            can[ERR_TOO_MANY_FILES] = true;
    }
    for (const enum err *e = r->errors; e && *e; e++)
        can[*e] = true;
}

static json_t *limit_headers(bool refused)
{
    static const struct {
        const char *name, *doc;
        bool on_refusal_only;
    } rows[] = {
        {"X-RateLimit-Limit", "The limit, e.g. 60/minute.", false},
        {"X-RateLimit-Remaining", "Requests left.", false},
        {"X-RateLimit-Reset", "Seconds until more are given.", false},
        {"RateLimit-Policy", "IETF form of the limit.", false},
        {"RateLimit", "IETF form of what is left.", false},
        {"Retry-After", "Seconds until a request can succeed.", true},
    };
    json_t *o = json_object();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (refused || !rows[i].on_refusal_only)
            json_object_set_new(o, rows[i].name,
                                json_pack("{s:s,s:{s:s}}", "description",
                                          rows[i].doc, "schema", "type",
                                          "string"));
    return o;
}

/* One response a status: the codes it can carry, and the shape. */
static json_t *error_response(int status, const bool can[ERR_MAX])
{
    char text[512] = "";
    size_t n = 0;
    json_t *codes = json_array();
    for (int e = 1; e < ERR_MAX; e++)
        if (can[e] && err_status((enum err)e) == status) {
            json_array_append_new(codes, json_string(err_code((enum err)e)));
            n += (size_t)snprintf(text + n, sizeof text - n, "%s`%s`",
                                  n ? ", " : "", err_code((enum err)e));
            if (n >= sizeof text)
                n = sizeof text - 1;
        }
    json_t *shape =
        json_pack("{s:[{s:s},{s:{s:{s:o}}}]}", "allOf", "$ref",
                  status == 422 ? "#/components/schemas/ValidationError"
                                : "#/components/schemas/Error",
                  "properties", "code", "enum", codes);
    json_t *o = json_pack("{s:s,s:{s:{s:o},s:{s:{s:s}}}}", "description", text,
                          "content", "application/json", "schema", shape,
                          "application/problem+json", "schema", "$ref",
                          "#/components/schemas/Problem");
    if (status == 429)
        json_object_set_new(o, "headers", limit_headers(true));
    if (status == 503)
        json_object_set_new(o, "headers",
                            json_pack("{s:{s:s,s:{s:s}}}", "Retry-After",
                                      "description",
                                      "Seconds after which to try again.",
                                      "schema", "type", "string"));
    return o;
}

static void put_errors(json_t *responses, const struct route *r)
{
    bool can[ERR_MAX] = {false};
    mark_errors(r, can);
    for (int e = 1; e < ERR_MAX; e++) {
        char status[8];
        snprintf(status, sizeof status, "%d", err_status((enum err)e));
        if (can[e] && !json_object_get(responses, status))
            json_object_set_new(responses, status,
                                error_response(err_status((enum err)e), can));
    }
}

/* ---- operations --------------------------------------------------------- */

static void put_also(json_t *content, const char *types)
{
    while (*types) {
        const size_t n = strcspn(types, "|");
        json_object_setn_new(
            content, types, n,
            json_pack("{s:{s:s}}", "schema", "type", "string"));
        types += n + (types[n] == '|');
    }
}

static json_t *success(const struct route *r)
{
    const char *type = r->out_type ? r->out_type : "application/json";
    json_t *schema =
        r->out
            ? object_schema(r->out, false)
            : json_pack("{s:s}", "type",
                        str_eq(type, "application/json") ? "object" : "string");
    json_t *o = json_pack("{s:s,s:{s:{s:o}}}", "description", r->summary,
                          "content", type, "schema", schema);
    if (r->also_type)
        put_also(json_object_get(o, "content"), r->also_type);
    json_t *headers =
        r->limit && !r->limit_outside ? limit_headers(false) : json_object();
    if (route_is_idempotent(r))
        json_object_set_new(
            headers, "Idempotent-Replayed",
            json_pack("{s:s,s:{s:s}}", "description",
                      "true: answered before, for the same Idempotency-Key.",
                      "schema", "type", "string"));
    if (json_object_size(headers))
        json_object_set(o, "headers", headers);
    json_decref(headers);
    return o;
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* get_health_ready from GET /health/ready. */
static json_t *operation_id(const struct route *r)
{
    char id[128];
    size_t n = 0;
    bool parted = true;
    for (const char *p = r->method; *p && n < 16; p++)
        id[n++] = (char)(*p | 0x20);
    for (const char *p = r->path; *p && n < sizeof id - 8; p++) {
        if (is_alnum(*p) && parted)
            id[n++] = '_';
        if (is_alnum(*p))
            id[n++] = *p;
        parted = !is_alnum(*p);
    }
    if (str_eq(r->path, "/")) {
        memcpy(id + n, "_root", 5);
        n += 5;
    }
    return json_stringn(id, n);
}

static json_t *path_parameters(const struct route *r)
{
    json_t *list = json_array();
    for (const char *p = r->path; (p = strchr(p, '{')) != NULL; p++) {
        json_t *name = json_stringn(p + 1, strcspn(p + 1, "}"));
        json_array_append_new(list, json_pack("{s:o,s:s,s:b,s:{s:s}}", "name",
                                              name, "in", "path", "required", 1,
                                              "schema", "type", "string"));
    }
    return list;
}

static void query_parameters(json_t *list, const struct route *r)
{
    for (const struct field *f = r->in; f && f->name; f++)
        if (f->in_query)
            json_array_append_new(list, json_pack("{s:s,s:s,s:o,s:s}", "name",
                                                  f->name, "in", "query",
                                                  "schema", field_schema(f),
                                                  "description", f->doc));
}

static void header_parameters(json_t *list, const struct route *r)
{
    if (!route_is_idempotent(r))
        return;
    json_array_append_new(
        list, json_pack("{s:s,s:s,s:b,s:{s:s,s:i,s:i},s:s}", "name",
                        "Idempotency-Key", "in", "header", "required", 0,
                        "schema", "type", "string", "minLength", 1, "maxLength",
                        255, "description",
                        "A text of your choice: the same request sent again "
                        "with it is answered again, not done again."));
}

static void put_security(json_t *op, const struct route *r)
{
    json_t *list = json_array();
    if (takes_key(r))
        json_array_append_new(list, json_pack("{s:[]}", "apiKey"));
    if (takes_token(r->access))
        json_array_append_new(list, json_pack("{s:[]}", "bearer"));
    if (r->access == LICENSE || r->access == LICENSE_ANY || r->access == ANY)
        json_array_append_new(list, json_pack("{s:[]}", "licenseKey"));
    if (r->access == ANON || r->access == KEY_OPT || r->access == LOCAL ||
        r->access == LICENSE_ANY)
        json_array_append_new(list, json_object());
    json_object_set_new(op, "security", list);
    if (r->handler)
        put(op, "x-access", route_access_name(r->access));
    if (r->scope)
        put(op, "x-scope", r->scope);
    if (r->access == LOCAL)
        put(op, "x-addresses", "METRICS_ALLOW");
}

static void put_limit(json_t *op, const struct route *r)
{
    const struct limit *l = r->limit ? limit_find(r->limit) : NULL;
    if (r->limit && !l)
        l = limit_find("default");
    if (l)
        json_object_set_new(op, "x-rate-limit",
                            json_pack("{s:s,s:I,s:I}", "name", l->name, "count",
                                      (json_int_t)l->count, "window_s",
                                      (json_int_t)l->window_s));
}

/* The same fields in each way that the row takes them. */
static json_t *request_body(const struct route *r)
{
    static const struct {
        int way;
        const char *type;
    } ways[] = {{TAKES_JSON, "application/json"},
                {TAKES_FORM, "application/x-www-form-urlencoded"},
                {TAKES_MULTIPART, "multipart/form-data"}};
    json_t *content = json_object();
    for (size_t i = 0; i < ARRAY_LEN(ways); i++)
        if (takes(r, ways[i].way))
            json_object_set_new(
                content, ways[i].type,
                json_pack("{s:o}", "schema", object_schema(r->in, true)));
    bool required = false;
    for (const struct field *f = r->in; f->name; f++)
        required |= f->required;
    return json_pack("{s:b,s:o}", "required", required, "content", content);
}

static const char *status_text(int status)
{
    static char text[12];
    snprintf(text, sizeof text, "%d", status ? status : 200);
    return text;
}

static json_t *operation(const char *family, const struct route *r)
{
    json_t *responses = json_object();
    json_object_set_new(responses, status_text(r->status), success(r));
    if (r->handler)
        put_errors(responses, r);
    json_t *op = json_pack("{s:o,s:s,s:[s],s:o}", "operationId",
                           operation_id(r), "summary", r->summary, "tags",
                           family, "responses", responses);
    json_t *params = path_parameters(r);
    query_parameters(params, r);
    header_parameters(params, r);
    if (json_array_size(params))
        json_object_set(op, "parameters", params);
    json_decref(params);
    if (r->in && r->body_limit)
        json_object_set_new(op, "requestBody", request_body(r));
    if (r->body_limit)
        json_object_set_new(
            op, "x-body-limit",
            json_integer(r->body_limit > 0
                             ? (json_int_t)r->body_limit
                             : (json_int_t)conf_int(CONF_MAX_CONTENT_LENGTH)));
    put_security(op, r);
    put_limit(op, r);
    return op;
}

json_t *openapi_family(const char *family, route_groups groups)
{
    json_t *paths = json_object();
    for (; *groups; groups++)
        for (const struct route *r = *groups; r->path; r++) {
            char method[8] = "";
            for (size_t i = 0; i < sizeof method - 1 && r->method[i]; i++)
                method[i] = (char)(r->method[i] | 0x20);
            json_t *path = json_object_get(paths, r->path);
            if (!path) {
                path = json_object();
                json_object_set_new(paths, r->path, path);
            }
            json_object_set_new(path, method, operation(family, r));
        }
    return json_pack("{s:o}", "paths", paths);
}
