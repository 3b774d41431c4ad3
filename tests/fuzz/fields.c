/* Any text for a declared field of each kind: the first byte picks it. */
#include <string.h>
#include "base/str.h"
#include "fuzz.h"
#include "web/input.h"

static const struct field fields[] = {
    {.name = "text", .kind = IN_TEXT, .min = 1, .max = 40},
    {.name = "count", .kind = IN_INT, .min = -5, .max = 1000},
    {.name = "confidence_min", .kind = IN_DECIMAL, .min = 0, .max = 1000},
    {.name = "wide",
     .kind = IN_DECIMAL,
     .min = INT64_MIN / 2000000,
     .max = INT64_MAX / 2000000},
    {.name = "strict", .kind = IN_BOOL},
    {.name = "type", .kind = IN_ENUM, .choices = "auto|electricite|gaz|dual"},
    {.name = "file", .kind = IN_FILE},
};

/* What is accepted must be what the kind says. */
static void check(const struct field *f, const char *s, size_t n)
{
    int64_t v;
    FUZZ_CHECK(str_utf8_ok(s, n) && f->kind != IN_FILE);
    if (f->kind == IN_INT)
        FUZZ_CHECK(str_to_i64(s, &v) && v >= f->min && v <= f->max);
    if (f->kind == IN_TEXT)
        FUZZ_CHECK(n >= 1 && n <= 40);
    if (f->kind == IN_ENUM)
        FUZZ_CHECK(n >= 3 && !strchr(s, '|') && strstr(f->choices, s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    const struct field *f = &fields[data[0] % ARRAY_LEN(fields)];
    struct arena *a = arena_new(4096);
    struct bytes text = {data + 1, size - 1};
    const char *type = NULL;
    const char *problem = input_problem(a, f, text, &type);
    if (problem)
        FUZZ_CHECK(*problem && type && *type);
    else
        check(f, arena_strndup(a, (const char *)data + 1, size - 1), size - 1);
    arena_free(a);
    return 0;
}
