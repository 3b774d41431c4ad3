/* lib/llm/llm_schema.c: the schema that is sent takes a whole answer, and
 * nothing that lacks, adds or mistypes a member. */
#include "llm/llm_schema.h"
#include "base/auto.h"
#include "tap.h"

static bool fits(const json_t *schema, const char *text)
{
    AUTO_JSON v = json_loads(text, JSON_DECODE_ANY, NULL);
    return llm_schema_fits(schema, v);
}

static void small(void)
{
    static const struct {
        const char *value;
        bool want;
    } rows[] = {{"{\"a\":{\"v\":1.5},\"b\":[\"x\"],\"c\":null}", true},
                {"{\"a\":{\"v\":2},\"b\":[],\"c\":\"u\"}", true},
                {"{\"a\":{\"v\":null},\"b\":[],\"c\":\"u\"}", false},
                {"{\"a\":{\"v\":1},\"b\":[],\"c\":\"w\"}", false},
                {"{\"a\":{\"v\":1},\"b\":[1],\"c\":null}", false},
                {"{\"a\":{\"v\":1},\"b\":{},\"c\":null}", false},
                {"{\"a\":{\"v\":1},\"b\":[]}", false},
                {"{\"a\":{\"v\":1,\"w\":1},\"b\":[],\"c\":null}", false},
                {"{\"a\":[],\"b\":[],\"c\":null}", false},
                {"[]", false},
                {"\"a\"", false}};
    AUTO_JSON schema = json_loads(
        "{\"type\":\"object\",\"additionalProperties\":false,"
        "\"required\":[\"a\",\"b\",\"c\"],\"properties\":{"
        "\"a\":{\"$ref\":\"#/$defs/n\"},"
        "\"b\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
        "\"c\":{\"type\":[\"string\",\"null\"],\"enum\":[\"u\",null]}},"
        "\"$defs\":{\"n\":{\"type\":\"object\",\"additionalProperties\":false,"
        "\"required\":[\"v\"],\"properties\":{\"v\":{\"type\":\"number\"}}}}}",
        0, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        tap_ok(fits(schema, rows[i].value) == rows[i].want, "%s",
               rows[i].value);
    tap_ok(!llm_schema_fits(NULL, schema) && !llm_schema_fits(schema, NULL),
           "nothing fits nothing");
}

static void bounds(void)
{
    AUTO_JSON schema = json_loads(
        "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}", 0, NULL);
    AUTO_JSON list = json_array();
    for (int i = 0; i < 500; i++)
        json_array_append_new(list, json_string("x"));
    tap_ok(llm_schema_fits(schema, list), "500 elements");
    json_array_append_new(list, json_string("x"));
    tap_ok(!llm_schema_fits(schema, list), "not one more");
    char text[2002];
    memset(text, 'x', sizeof text - 1);
    text[2001] = 0;
    AUTO_JSON one = json_pack("[s]", text);
    tap_ok(!llm_schema_fits(schema, one), "a text of 2001 bytes");
    AUTO_JSON nul = json_pack("[s%]", "a\0b", (size_t)3);
    tap_ok(!llm_schema_fits(schema, nul), "a text with a NUL");
}

int main(void)
{
    small();
    bounds();
    return tap_done();
}
