/* Any body: first line the Content-Type, then the body. */
#include <string.h>
#include "base/str.h"
#include "fuzz.h"
#include "wire/multipart.h"

static void check(const struct multipart *m, struct bytes body)
{
    FUZZ_CHECK(m->n <= MULTIPART_PARTS);
    for (size_t i = 0; i < m->n; i++) {
        const struct multipart_part *p = &m->parts[i];
        FUZZ_CHECK(p->name && str_utf8_ok(p->name, strlen(p->name)));
        FUZZ_CHECK(strlen(p->name) <= MULTIPART_NAME_BYTES);
        if (p->filename)
            FUZZ_CHECK(!strpbrk(p->filename, "/\\\r\n"));
        if (p->data.n)
            FUZZ_CHECK(p->data.p >= body.p &&
                       p->data.p + p->data.n <= body.p + body.n);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
    if (!line)
        return 0;
    struct arena *a = arena_new(4096);
    struct multipart m = {0};
    const char *type =
        arena_strndup(a, (const char *)data, (size_t)(line - data));
    struct bytes body = {line + 1, size - (size_t)(line + 1 - data)};
    if (multipart_is(type) && multipart_parse(a, type, body, &m) == OK)
        check(&m, body);
    arena_free(a);
    return 0;
}
