/* Any quote on any page: the first line is the quote, the rest the page; the
 * lowest bit of its first byte makes it an OCR page. What is found must be
 * there: in a text layer letter by letter, after OCR with its digits. */
#include "invoice/quote.h"
#include "invoice/redact.h"
#include <string.h>
#include "base/str.h"
#include "fuzz.h"
#include "invoice/french.h"
#include "paper.h"

/* The digits of a text, in order. */
static char *digits_of(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, strlen(s) + 1);
    size_t n = 0;
    for (; *s; s++)
        if (*s >= '0' && *s <= '9')
            out[n++] = *s;
    return out;
}

static void check(struct arena *a, const char *quote, const char *page,
                  bool ocr)
{
    struct layout *l = layout_build(a, paper_read(a, page, ocr));
    struct quotes *q = quote_index(a, l);
    struct quote_place at;
    for (int n = 0; n < 3; n++) {
        if (!quote_find(a, q, n, quote, &at))
            continue;
        FUZZ_CHECK(at.row < l->n_rows && l->rows[at.row].page == n);
        FUZZ_CHECK(at.from < at.to && at.to <= l->rows[at.row].len);
        FUZZ_CHECK(at.ocr_pm >= 0 && at.ocr_pm <= 1000);
        const char *row = l->rows[at.row].text;
        const char *found = arena_strndup(a, row + at.from, at.to - at.from);
        FUZZ_CHECK(str_utf8_ok(found, at.to - at.from));
        if (!ocr) /* of the first row only, so its beginning */
            FUZZ_CHECK(str_starts(digits_of(a, french_normalise(a, quote)),
                                  digits_of(a, found)));
    }
}

/* What is replaced before sending comes back as it was, and is not there in
 * between. */
static void there_and_back(struct arena *a, const char *name, const char *page)
{
    struct invoice inv = {.n_lines = 0};
    struct redact *r = redact_new(a, &inv, name);
    const char *sent = redact_text(r, page);
    if (strchr(page, '['))
        return; /* a mark of the page itself */
    FUZZ_CHECK(strcmp(redact_restore(r, sent), page) == 0);
    FUZZ_CHECK(strcmp(redact_text(r, page), sent) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size > 1 ? memchr(data + 1, '\n', size - 1) : NULL;
    if (!end || size > 20000 || !str_utf8_ok((const char *)data + 1, size - 1))
        return 0;
    struct arena *a = arena_new(65536);
    size_t n = (size_t)(end - data - 1);
    const char *quote = arena_strndup(a, (const char *)data + 1, n);
    const char *page = arena_strndup(a, (const char *)end + 1, size - n - 2);
    check(a, quote, page, data[0] & 1);
    there_and_back(a, quote, page);
    for (int type = 0; type <= FIELD_BOOL; type++) {
        bool says = quote_says(a, (enum field_type)type, quote, 0, page);
        FUZZ_CHECK(!says || type != FIELD_BOOL);
    }
    arena_free(a);
    return 0;
}
