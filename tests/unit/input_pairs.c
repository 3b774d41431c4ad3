/* Forms (application/x-www-form-urlencoded) against declared fields. */
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
    {.name = "name", .kind = IN_TEXT, .min = 1, .max = 20, .required = true},
    {.name = "a b", .kind = IN_TEXT, .max = 20},
    {.name = "on", .kind = IN_BOOL},
    {.name = "words", .kind = IN_TEXTS, .min = 1, .max = 3},
    {.name = "page", .kind = IN_INT, .max = 9, .in_query = true},
    {0}};
static const struct route row = {.method = "POST", .path = "/x",
                                 .handler = none, .body_limit = 9999,
                                 .takes = TAKES_FORM, .summary = "x",
                                 .in = in};
static struct arena *a;

static enum err read_form(struct fake *f, const char *query, const char *body,
                          json_t **errors)
{
    fake_init(f, a);
    fake_param(f, "CONTENT_TYPE", "application/x-www-form-urlencoded");
    f->r.route = &row;
    f->r.query = query;
    f->r.body = (struct bytes){(const uint8_t *)body, strlen(body)};
    return input_read(&f->r, errors);
}

/* The field's value, "-" without; "!name type" of the first error. */
static const char *got(const char *query, const char *body, const char *field)
{
    struct fake f;
    json_t *errors;
    const char *where, *name, *type;
    const enum err e = read_form(&f, query, body, &errors);
    if (errors) {
        json_unpack(json_array_get(errors, 0), "{s:[s,s],s:s}", "loc", &where,
                    &name, "type", &type);
        const char *s = arena_printf(a, "!%s %s", name, type);
        json_decref(errors);
        return s;
    }
    if (e)
        return err_code(e);
    return req_has(&f.r, field) ? req_text(&f.r, field) : "-";
}

int main(void)
{
    static const struct {
        const char *body, *field, *want;
    } rows[] = {
        {"name=Zo%C3%AB", "name", "Zo\xc3\xab"},
        {"name=a+b%2Bc", "name", "a b+c"},
        {"name=a%26b%3Dc=d", "name", "a&b=c=d"},
        {"na%6De=x", "name", "x"},
        {"a+b=x&name=y", "a b", "x"},
        {"&&name=x&", "name", "x"},
        {"name=%", "name", "%"},
        {"name=%4", "name", "%4"},
        {"name=%zz", "name", "%zz"},
        {"name=%4%31", "name", "%41"},
        {"name=x&on=off", "on", "off"},
        {"name=x&on=", "on", "-"},
        {"name=x&words=a+b", "words", "a b"},
        {"name=x&page=3", "page", "3"},
        {"", "name", "!name missing"},
        {"name=", "name", "!name missing"},
        {"name", "name", "!name missing"},
        {"name=x&name=y", "name", "!name duplicate"},
        {"name=x&who=1", "name", "!who unknown_field"},
        {"name=x&=1", "name", "! unknown_field"},
        {"name=%FF", "name", "!name bad_text"},
        {"name=%00", "name", "!name bad_text"},
        {"name=x&%FF=1", "name", "! bad_text"},
        {"name=a%0Ab", "name", "!name bad_text"},
        {"name=x&on=perhaps", "name", "!on not_a_boolean"},
        {"name=x&words=a+b+c+d", "name", "!words bad_count"},
        {"{\"name\":\"x\"}", "name", "!{\"name\":\"x\"} unknown_field"},
    };
    const char *bad = conf_init();
    tap_ok(!bad, "conf");
    a = arena_new(65536);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        tap_is_str(got("", rows[i].body, rows[i].field), rows[i].want, "%s",
                   rows[i].body);
    tap_is_str(got("page=4", "name=x", "page"), "4", "a query beside a form");
    tap_is_str(got("name=q&x=1", "name=x", "name"), "x",
               "of a query only what may stand there");
    tap_is_str(got("page=4", "name=x&page=4", "page"), "!page duplicate",
               "not in both");
    arena_free(a);
    return tap_done();
}
