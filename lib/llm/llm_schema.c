/* Walks the schema, whose depth is ours; the value only follows. */
#include "llm/llm_schema.h"
#include <string.h>
#include "base/str.h"
#include "base/attr.h"
#include "base/banned.h"

enum { ELEMENTS_MAX = 500, TEXT_BYTES = 2000 };

static bool is_type(const char *name, const json_t *v)
{
    static const struct {
        const char *name;
        json_type types[2];
    } rows[] = {{"object", {JSON_OBJECT, JSON_OBJECT}},
                {"array", {JSON_ARRAY, JSON_ARRAY}},
                {"string", {JSON_STRING, JSON_STRING}},
                {"number", {JSON_REAL, JSON_INTEGER}},
                {"integer", {JSON_INTEGER, JSON_INTEGER}},
                {"boolean", {JSON_TRUE, JSON_FALSE}},
                {"null", {JSON_NULL, JSON_NULL}}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (str_eq(rows[i].name, name))
            return json_typeof(v) == rows[i].types[0] ||
                   json_typeof(v) == rows[i].types[1];
    return false;
}

static bool type_fits(const json_t *type, const json_t *v)
{
    const json_t *one;
    size_t i;
    if (!type)
        return true;
    if (json_is_string(type))
        return is_type(json_string_value(type), v);
    json_array_foreach(type, i,
                       one) if (is_type(json_string_value(one), v)) return true;
    return false;
}

static bool enum_fits(const json_t *words, const json_t *v)
{
    const json_t *one;
    size_t i;
    if (!words)
        return true;
    json_array_foreach(words, i, one) if (json_equal(one, v)) return true;
    return false;
}

static const json_t *resolve(const json_t *root, const json_t *schema)
{
    static const char prefix[] = "#/$defs/";
    const char *ref = json_string_value(json_object_get(schema, "$ref"));
    if (!ref || !str_starts(ref, prefix))
        return schema;
    return json_object_get(json_object_get(root, "$defs"),
                           ref + sizeof prefix - 1);
}

static bool fits(const json_t *root, const json_t *schema, const json_t *v);

/* Every member is declared and fits; every required one is there. */
static bool object_fits(const json_t *root, const json_t *schema,
                        const json_t *v)
{
    const json_t *declared = json_object_get(schema, "properties"), *one;
    const char *name;
    size_t i;
    json_array_foreach(
        json_object_get(schema, "required"), i,
        one) if (!json_object_get(v, json_string_value(one))) return false;
    json_object_foreach((json_t *)v, name, one)
    {
        const json_t *sub = json_object_get(declared, name);
        if (sub ? !fits(root, sub, one)
                : json_is_false(
                      json_object_get(schema, "additionalProperties")))
            return false;
    }
    return true;
}

static bool fits(const json_t *root, const json_t *schema, const json_t *v)
{
    const json_t *one;
    size_t i;
    schema = resolve(root, schema);
    if (!schema || !type_fits(json_object_get(schema, "type"), v) ||
        !enum_fits(json_object_get(schema, "enum"), v))
        return false;
    if (json_is_string(v))
        return json_string_length(v) <= TEXT_BYTES &&
               strlen(json_string_value(v)) == json_string_length(v);
    if (json_is_object(v))
        return object_fits(root, schema, v);
    if (!json_is_array(v))
        return true;
    if (json_array_size(v) > ELEMENTS_MAX)
        return false;
    json_array_foreach(v, i,
                       one) if (!fits(root, json_object_get(schema, "items"),
                                      one)) return false;
    return true;
}

bool llm_schema_fits(const json_t *schema, const json_t *value)
{
    return schema && value && fits(schema, schema, value);
}
