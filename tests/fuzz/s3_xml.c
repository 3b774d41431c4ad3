/* Any bytes as an answer of an S3 server: an error, then a list. */
#include <string.h>
#include "base/str.h"
#include "fuzz.h"
#include "wire/s3_xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(4096);
    const struct bytes xml = {data, size};
    const char *code, *message;
    struct s3_page page;
    s3_xml_error(a, xml, &code, &message);
    FUZZ_CHECK(strlen(code) <= 64 && !strpbrk(code, " <>&\"\n"));
    FUZZ_CHECK(strlen(message) <= 800 && !strpbrk(message, "\r\n\t\x1b"));
    FUZZ_CHECK(str_utf8_ok(message, strlen(message)));
    if (s3_xml_list(a, xml, &page))
        for (size_t i = 0; i < page.n; i++)
            FUZZ_CHECK(*page.entries[i].key && page.entries[i].size >= 0);
    arena_free(a);
    return 0;
}
