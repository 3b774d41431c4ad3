#include "web/input.h"
#include <stdlib.h>
#include "base/conf.h"
#include "base/str.h"
#include "fake_req.h"
#include "tap.h"

static enum err none(struct req *r)
{
    (void)r;
    return OK;
}

static const char *even(struct arena *memory, const char *text,
                        const char **clean)
{
    if (strlen(text) % 2)
        return "must be even";
    *clean = arena_printf(memory, "<%s>", text);
    return NULL;
}

static const struct field in[] = {
    {.name = "file", .kind = IN_FILE, .required = true},
    {.name = "files", .kind = IN_FILES, .min = 1, .max = 2},
    {.name = "kind", .kind = IN_ENUM, .choices = "auto|gaz|gazoil",
     .fallback = "auto"},
    {.name = "share", .kind = IN_DECIMAL, .max = 1000, .fallback = "0.5"},
    {.name = "strict", .kind = IN_BOOL, .fallback = "true"},
    {.name = "user", .kind = IN_INT, .min = -5, .max = 1000},
    {.name = "note", .kind = IN_TEXT, .min = 1, .max = 8, .in_query = true},
    {.name = "pair", .kind = IN_TEXT, .max = 8, .check = even},
    {0}};
static const struct route row = {.method = "POST", .path = "/x",
                                 .handler = none, .body_limit = -1,
                                 .summary = "x", .in = in};
static struct arena *a;

static bool good(const char *name, const char *text)
{
    const struct field *f = in;
    const char *type;
    while (!str_eq(f->name, name))
        f++;
    return !input_problem(
        a, f, (struct bytes){(const uint8_t *)text, strlen(text)}, &type);
}

static void checks_values(void)
{
    static const struct {
        const char *field, *text;
        bool ok;
    } rows[] = {
        {"share", "0", true}, {"share", "1", true}, {"share", "0.5", true},
        {"share", "1.000", true}, {"share", "0.123456789012", true},
        {"share", "1.0001", false}, {"share", "1.000000001", false},
        {"share", "-0.001", false}, {"share", "2", false},
        {"share", "nan", false}, {"share", "inf", false},
        {"share", "1e-1", false}, {"share", "0,5", false},
        {"share", ".5", false}, {"share", "5.", false}, {"share", "+1", false},
        {"share", " 1", false}, {"share", "0x1", false},
        {"share", "0.5555555555x", false}, {"share", "", false},
        {"share", "0000000000000000000000000000000000000000000001", false},
        {"share", "99999999999999999999", false},
        {"user", "-5", true}, {"user", "1000", true}, {"user", "1001", false},
        {"user", "1.0", false}, {"user", "abc", false},
        {"user", "99999999999999999999", false},
        {"strict", "true", true}, {"strict", "FALSE", true},
        {"strict", "1", true}, {"strict", "off", true}, {"strict", "2", false},
        {"strict", "tru", false},
        {"kind", "auto", true}, {"kind", "gaz", true}, {"kind", "gazoil", true},
        {"kind", "gazo", false}, {"kind", "auto|gaz", false},
        {"kind", "Auto", false}, {"kind", "|", false},
        {"note", "été", true}, {"note", "123456789", false},
        {"note", "a\nb", false}, {"note", "\xff", false},
        {"file", "x", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        tap_ok(good(rows[i].field, rows[i].text) == rows[i].ok,
               "%s, value %zu is %s", rows[i].field, i,
               rows[i].ok ? "taken" : "refused");
    const char *type;
    tap_ok(input_problem(a, &in[6], (struct bytes){(const uint8_t *)"a\0b", 3},
                         &type) != NULL, "NUL inside a text is refused");
}

static const char *part(const char *name, const char *value)
{
    return arena_printf(a, "--X\r\nContent-Disposition: form-data; "
                           "name=\"%s\"\r\n\r\n%s\r\n", name, value);
}

static const char *file(const char *name, const char *value)
{
    return arena_printf(a, "--X\r\nContent-Disposition: form-data; "
                           "name=\"%s\"; filename=\"a.pdf\"\r\n\r\n%s\r\n",
                        name, value);
}

static enum err read_body(struct fake *f, const char *parts, json_t **errors)
{
    fake_init(f, a);
    fake_param(f, "CONTENT_TYPE", "multipart/form-data; boundary=X");
    f->r.route = &row;
    const char *body = arena_printf(a, "%s--X--\r\n", parts);
    f->r.body = (struct bytes){(const uint8_t *)body, strlen(body)};
    return input_read(&f->r, errors);
}

#define JOIN(...) join((const char *[]){__VA_ARGS__, NULL})
static const char *join(const char *const *s)
{
    const char *all = "";
    for (; *s; s++)
        all = arena_printf(a, "%s%s", all, *s);
    return all;
}

static void reads_values(void)
{
    struct fake f;
    json_t *errors;
    tap_is_int(read_body(&f, JOIN(part("kind", "gaz"), file("file", "%PDF"),
                                  part("share", "0.1239"), part("note", ""),
                                  part("strict", "off"), part("user", "-3")),
                         &errors), OK, "a good body");
    tap_is_str(req_text(&f.r, "kind"), "gaz", "text of a choice");
    tap_is_int(req_milli(&f.r, "share"), 123, "thousandths");
    tap_ok(!req_bool(&f.r, "strict"), "off is false");
    tap_is_int(req_int(&f.r, "user"), -3, "a whole number");
    tap_ok(!req_has(&f.r, "note") && !req_text(&f.r, "note"),
           "an empty field is absent");
    tap_is_int(f.r.n_files, 1, "one file");
    tap_is_str(f.r.files[0].name, "a.pdf", "with its name");
    tap_is_int(read_body(&f, JOIN(file("file", "x"), part("pair", "ab")),
                         &errors), OK, "a text that its check takes");
    tap_is_str(req_text(&f.r, "pair"), "<ab>", "is read as the check has it");
    tap_is_int(read_body(&f, file("file", "x"), &errors), OK, "file only");
    tap_is_int(req_milli(&f.r, "share"), 500, "the default of a number");
    tap_ok(req_bool(&f.r, "strict"), "the default of a boolean");
    tap_is_str(req_text(&f.r, "kind"), "auto", "the default of a choice");
}

static void names_every_bad_field(void)
{
    struct fake f;
    json_t *errors;
    enum err e = read_body(
        &f, JOIN(part("kind", "oil"), part("share", "2"), part("who", "me"),
                 part("pair", "abc"), part("strict", "maybe"), part("user", "1"),
                 part("user", "2"), file("note", "x")), &errors);
    tap_is_int(e, ERR_INVALID_FIELD, "bad fields");
    static const char *const want[][2] = {
        {"kind", "not_a_choice"}, {"share", "out_of_range"},
        {"who", "unknown_field"}, {"pair", "bad_value"}, {"strict", "not_a_boolean"},
        {"user", "duplicate"}, {"note", "unexpected_file"},
        {"file", "missing"}};
    tap_is_int(json_array_size(errors), 8, "each is named");
    for (size_t i = 0; i < 8; i++) {
        const char *body, *name, *type, *msg;
        json_unpack(json_array_get(errors, i), "{s:[s,s],s:s,s:s}", "loc",
                    &body, &name, "type", &type, "msg", &msg);
        tap_is_str(name, want[i][0], "field %zu", i);
        tap_is_str(type, want[i][1], "type of %s", name);
    }
    json_decref(errors);
}

static enum err read_query(struct fake *f, const char *query,
                           const char *parts, json_t **errors)
{
    fake_init(f, a);
    fake_param(f, "CONTENT_TYPE", "multipart/form-data; boundary=X");
    f->r.route = &row;
    f->r.query = query;
    const char *body = arena_printf(a, "%s--X--\r\n", parts);
    f->r.body = (struct bytes){(const uint8_t *)body, strlen(body)};
    return input_read(&f->r, errors);
}

static void reads_query(void)
{
    struct fake f;
    json_t *errors;
    const char *one = file("file", "x");
    tap_is_int(read_query(&f, "kind=gaz&x=1&note=a%20b%2B+c&", one, &errors),
               OK, "a query beside a body");
    tap_is_str(req_text(&f.r, "note"), "a b+ c", "with %%XX and +");
    tap_is_str(req_text(&f.r, "kind"), "auto",
               "only what may stand there is taken");
    tap_is_int(read_query(&f, "note=%4", one, &errors), OK, "half a %%XX");
    tap_is_str(req_text(&f.r, "note"), "%4", "is what it is");
    tap_is_int(read_query(&f, "note", one, &errors), OK, "no value");
    tap_ok(!req_has(&f.r, "note"), "is none");
    tap_is_int(read_query(&f, "note=%00", one, &errors), ERR_INVALID_FIELD,
               "bad text is refused");
    const char *where, *name;
    json_unpack(json_array_get(errors, 0), "{s:[s,s]}", "loc", &where, &name);
    tap_is_str(where, "query", "and told to be in the query");
    json_decref(errors);
    tap_is_int(read_query(&f, "note=a", JOIN(one, part("note", "b")), &errors),
               ERR_INVALID_FIELD, "given in both");
    json_decref(errors);
}

static void counts_files(void)
{
    struct fake f;
    json_t *errors;
    const char *two = JOIN(file("files", "1"), file("files", "2"));
    tap_is_int(read_body(&f, part("kind", "gaz"), &errors), ERR_FILE_MISSING,
               "no file");
    tap_is_int(read_body(&f, JOIN(file("file", "1"), two), &errors), OK,
               "two files of two");
    tap_is_int(read_body(&f, JOIN(file("file", "1"), two, file("files", "3")),
                         &errors), ERR_TOO_MANY_FILES, "three of two");
    tap_is_int(read_body(&f, JOIN(file("file", "1"), file("file", "2")),
                         &errors), ERR_INVALID_FIELD, "one file given twice");
    json_decref(errors);
    tap_is_int(read_body(&f, file("file", ""), &errors), ERR_FILE_EMPTY,
               "an empty file");
    tap_is_int(read_body(&f, part("file", "text"), &errors),
               ERR_INVALID_FIELD, "text where a file belongs");
    json_decref(errors);
    char *big = arena_alloc(a, 2000);
    memset(big, 'x', 1025);
    tap_is_int(read_body(&f, file("file", big), &errors), ERR_TOO_LARGE,
               "more bytes than MAX_CONTENT_LENGTH");
    big[1024] = '\0';
    tap_is_int(read_body(&f, file("file", big), &errors), OK,
               "exactly MAX_CONTENT_LENGTH");
    fake_init(&f, a);
    f.r.route = &row;
    fake_param(&f, "CONTENT_TYPE", "application/json");
    tap_is_int(input_read(&f.r, &errors), ERR_UNSUPPORTED_MEDIA,
               "another content type");
}

static void times(void)
{
    static const struct {
        const char *text;
        bool good;
    } cases[] = {{"2026-11-21", true},
                 {"2024-02-29", true},
                 {"2026-11-21T10:07:26Z", true},
                 {"2026-11-21T10:07:26.123456Z", true},
                 {"2026-11-21T10:07:26+02:00", true},
                 {"2026-02-29", false},
                 {"2026-13-01", false},
                 {"2026-11-00", false},
                 {"1969-01-01", false},
                 {"2026-11-21T", false},
                 {"2026-11-21T10:07", false},
                 {"2026-11-21T24:00:00Z", false},
                 {"2026-11-21T10:07:26", false},
                 {"2026-11-21T10:07:26.Z", false},
                 {"2026-11-21T10:07:26+2:00", false},
                 {"2026-11-21T10:07:26+02:00x", false},
                 {"2026-11-21 10:07:26Z", false},
                 {"yesterday", false},
                 {"infinity", false},
                 {"now", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *clean = NULL;
        const bool good = !input_time(a, cases[i].text, &clean);
        tap_ok(good == cases[i].good, "%s: %s", cases[i].text,
               cases[i].good ? "taken" : "refused");
    }
    const char *clean;
    tap_ok(!input_time(a, "2026-11-21T10:07:26+02:00", &clean), "an offset");
    tap_is_str(clean, "2026-11-21T08:07:26.000Z", "is kept as UTC");
}

int main(void)
{
    setenv("MAX_CONTENT_LENGTH", "1024", 1);
    const char *bad = conf_init();
    tap_ok(!bad, "conf");
    a = arena_new(65536);
    checks_values();
    reads_values();
    names_every_bad_field();
    reads_query();
    counts_files();
    times();
    arena_free(a);
    return tap_done();
}
