/* A JSON object against declared fields: types are strict. */
#include <stdlib.h>
#include "base/conf.h"
#include "base/str.h"
#include "fake_req.h"
#include "tap.h"
#include "web/input.h"

static enum err none(struct req *r)
{
    (void)r;
    return OK;
}

static const struct field in[] = {
    {.name = "name", .kind = IN_TEXT, .min = 1, .max = 10, .required = true},
    {.name = "note", .kind = IN_TEXT, .max = 10, .nullable = true},
    {.name = "n", .kind = IN_INT, .min = -5, .max = 1000},
    {.name = "share", .kind = IN_DECIMAL, .max = 1000},
    {.name = "on", .kind = IN_BOOL},
    {.name = "kind", .kind = IN_ENUM, .choices = "a|b"},
    {.name = "words", .kind = IN_TEXTS, .min = 1, .max = 3, .choices = "x|y"},
    {.name = "any", .kind = IN_JSON, .max = 30},
    {0}};
static const struct route row = {.method = "POST", .path = "/x",
                                 .handler = none, .body_limit = 9999,
                                 .takes = TAKES_JSON, .summary = "x",
                                 .in = in};
static struct arena *a;

static enum err read_json(struct fake *f, const char *body, json_t **errors)
{
    fake_init(f, a);
    fake_param(f, "CONTENT_TYPE", "application/json; charset=utf-8");
    f->r.route = &row;
    f->r.body = (struct bytes){(const uint8_t *)body, strlen(body)};
    return input_read(&f->r, errors);
}

/* "field type" of the first error, "ok", or the error's code. */
static const char *told(const char *body)
{
    struct fake f;
    json_t *errors;
    const enum err e = read_json(&f, body, &errors);
    const char *name = "", *type = "", *where;
    if (!errors)
        return e ? err_code(e) : "ok";
    json_unpack(json_array_get(errors, 0), "{s:[s,s],s:s}", "loc", &where,
                &name, "type", &type);
    const char *s = arena_printf(a, "%s %s%s", name, type,
                                 json_array_size(errors) > 1 ? " +" : "");
    json_decref(errors);
    return s;
}

static void reads(void)
{
    struct fake f;
    json_t *errors;
    size_t n;
    tap_is_int(read_json(&f,
                         "{\"name\":\"\\u00e9\\\"x\",\"n\":-5,\"share\":0.25,"
                         "\"on\":true,\"kind\":\"b\",\"words\":[\"x\",\"y\"],"
                         "\"any\":{\"b\":[1,null]},\"note\":null}",
                         &errors),
               OK, "one of each kind");
    tap_is_str(req_text(&f.r, "name"), "\xc3\xa9\"x", "a text");
    tap_is_int(req_int(&f.r, "n"), -5, "a whole number");
    tap_is_int(req_milli(&f.r, "share"), 250, "thousandths");
    tap_ok(req_bool(&f.r, "on"), "true");
    tap_is_str(req_text(&f.r, "kind"), "b", "a choice");
    const char *const *words = req_texts(&f.r, "words", &n);
    tap_ok(n == 2 && str_eq(words[1], "y"), "a list");
    tap_is_str(req_text(&f.r, "any"), "{\"b\":[1,null]}", "any JSON");
    tap_ok(req_is_null(&f.r, "note") && !req_has(&f.r, "note") &&
               !req_text(&f.r, "note"),
           "null where it is allowed");
    tap_is_int(read_json(&f, "{\"name\":\"a\",\"n\":null,\"on\":false}",
                         &errors),
               OK, "null where it is not");
    tap_ok(!req_has(&f.r, "n") && !req_is_null(&f.r, "n"), "is not there");
    tap_ok(req_has(&f.r, "on") && !req_bool(&f.r, "on"), "false is there");
    tap_is_int(read_json(&f, "{\"name\":\"a\",\"note\":\"\"}", &errors), OK,
               "an empty text");
    tap_ok(req_is_null(&f.r, "note"), "is null where that is allowed");
}

static void refuses(void)
{
    static const struct {
        const char *body, *told;
    } rows[] = {
        {"{\"name\":\"a\"}", "ok"},
        {" {\"name\":\"a\"} ", "ok"},
        {"", "name missing"},
        {"{}", "name missing"},
        {"{\"name\":null}", "name missing"},
        {"{\"name\":\"\"}", "name too_short"},
        {"{\"name\":5}", "name wrong_type"},
        {"{\"name\":[\"a\"]}", "name wrong_type"},
        {"{\"name\":\"12345678901\"}", "name too_long"},
        {"{\"name\":\"a\\nb\"}", "name bad_text"},
        {"{\"name\":\"a\",\"n\":\"5\"}", "n wrong_type"},
        {"{\"name\":\"a\",\"n\":5.0}", "n wrong_type"},
        {"{\"name\":\"a\",\"n\":1001}", "n out_of_range"},
        {"{\"name\":\"a\",\"n\":99999999999999999999}", "bad_json"},
        {"{\"name\":\"a\",\"n\":true}", "n wrong_type"},
        {"{\"name\":\"a\",\"share\":\"0.5\"}", "share wrong_type"},
        {"{\"name\":\"a\",\"share\":1.001}", "share out_of_range"},
        {"{\"name\":\"a\",\"share\":1}", "ok"},
        {"{\"name\":\"a\",\"on\":\"true\"}", "on wrong_type"},
        {"{\"name\":\"a\",\"on\":1}", "on wrong_type"},
        {"{\"name\":\"a\",\"kind\":\"c\"}", "kind not_a_choice"},
        {"{\"name\":\"a\",\"kind\":\"a|b\"}", "kind not_a_choice"},
        {"{\"name\":\"a\",\"kind\":\"\"}", "kind too_short"},
        {"{\"name\":\"a\",\"words\":\"x\"}", "words wrong_type"},
        {"{\"name\":\"a\",\"words\":[\"x\",1]}", "words wrong_type"},
        {"{\"name\":\"a\",\"words\":[\"x y\"]}", "words wrong_type"},
        {"{\"name\":\"a\",\"words\":[\"z\"]}", "words not_a_choice"},
        {"{\"name\":\"a\",\"words\":[\"x\",\"x\",\"x\",\"x\"]}",
         "words bad_count"},
        {"{\"name\":\"a\",\"any\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14]}",
         "any too_long"},
        {"{\"name\":\"a\",\"who\":1}", "who unknown_field"},
        {"{\"name\":\"a\",\"NAME\":\"a\"}", "NAME unknown_field"},
        {"{\"x\":1,\"y\":2,\"name\":\"a\"}", "x unknown_field +"},
        {"{\"name\":\"a\",\"name\":\"b\"}", "bad_json"},
        {"[]", "bad_json"},
        {"\"name\"", "bad_json"},
        {"null", "bad_json"},
        {"{\"name\":\"a\"", "bad_json"},
        {"{\"name\":\"a\"} x", "bad_json"},
        {"{\"name\":\"a\",}", "bad_json"},
        {"{'name':'a'}", "bad_json"},
        {"{\"name\":\"\\u0000\"}", "bad_json"},
        {"{\"name\":\"\xff\"}", "bad_json"},
        {"{\"name\":NaN}", "bad_json"},
        {"name=a", "bad_json"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        tap_is_str(told(rows[i].body), rows[i].told, "%s", rows[i].body);
}

/* n opening brackets as the value of "any". */
static const char *deep(int n, bool closed)
{
    char *s = arena_alloc(a, (size_t)n * 2 + 64);
    strcpy(s, "{\"name\":\"a\",\"any\":");
    char *p = s + strlen(s);
    for (int i = 0; i < n; i++)
        *p++ = '[';
    for (int i = 0; closed && i < n; i++)
        *p++ = ']';
    *p = '}';
    return s;
}

static void depths(void)
{
    tap_is_str(told(deep(14, true)), "ok", "some levels");
    tap_is_str(told(deep(31, true)), "any too_long", "32 levels are read");
    tap_is_str(told(deep(32, true)), "bad_json", "33 are not");
    tap_is_str(told(deep(5000, true)), "bad_json", "nor 5,000");
    tap_is_str(told(deep(5000, false)), "bad_json", "that never end");
    tap_is_str(told("{\"name\":\"[[[[[[[[[\",\"any\":\"\\\"[[[[[[\"}"), "ok",
               "brackets in texts are no levels");
}

int main(void)
{
    const char *bad = conf_init();
    tap_ok(!bad, "conf");
    a = arena_new(65536);
    reads();
    refuses();
    depths();
    arena_free(a);
    return tap_done();
}
