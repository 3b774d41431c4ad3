/* Any bytes as the body of a row that takes JSON or a form: what is read into
 * a field must be what the field says. The first byte picks the way. */
#include <string.h>
#include "base/str.h"
#include "fake_req.h"
#include "fuzz.h"
#include "web/input.h"

static const struct field fields[] = {
    {.name = "name", .kind = IN_TEXT, .min = 1, .max = 10},
    {.name = "note", .kind = IN_TEXT, .max = 20, .nullable = true},
    {.name = "n", .kind = IN_INT, .min = -5, .max = 1000, .in_query = true},
    {.name = "share", .kind = IN_DECIMAL, .max = 1000},
    {.name = "on", .kind = IN_BOOL, .nullable = true},
    {.name = "kind", .kind = IN_ENUM, .choices = "a|bc"},
    {.name = "words", .kind = IN_TEXTS, .min = 1, .max = 3, .choices = "x|y"},
    {.name = "any", .kind = IN_JSON, .max = 100, .nullable = true},
    {.name = "file", .kind = IN_FILE},
    {0}};
static const struct route row = {.method = "POST",
                                 .path = "/x",
                                 .body_limit = 65536,
                                 .takes = TAKES_JSON | TAKES_FORM,
                                 .in = fields};

static void check(struct arena *a, const struct field *f, const char *s)
{
    const char *type;
    const struct bytes text = {(const uint8_t *)s, strlen(s)};
    FUZZ_CHECK(f->kind != IN_FILE && !input_problem(a, f, text, &type));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fake f;
    json_t *errors = NULL;
    if (!size)
        return 0;
    struct arena *a = arena_new(16384);
    fake_init(&f, a);
    fake_param(&f, "CONTENT_TYPE",
               data[0] & 1 ? "application/json"
                           : "application/x-www-form-urlencoded");
    f.r.route = &row;
    f.r.body = (struct bytes){data + 1, size - 1};
    if (data[0] & 2)
        f.r.query = arena_strndup(a, (const char *)data + 1, size - 1);
    const enum err e = input_read(&f.r, &errors);
    FUZZ_CHECK((e == ERR_INVALID_FIELD) == (errors != NULL));
    FUZZ_CHECK(!errors || json_array_size(errors) > 0);
    for (size_t i = 0; !e && fields[i].name; i++)
        if (f.r.values[i] && f.r.values[i] != req_null)
            check(a, &fields[i], f.r.values[i]);
        else
            FUZZ_CHECK(!f.r.values[i] || fields[i].nullable);
    json_decref(errors);
    arena_free(a);
    return 0;
}
