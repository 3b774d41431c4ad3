/* Any bytes as the flat page that a sandboxed child hands over. */
#include "document/page.h"
#include <string.h>
#include "base/buf.h"
#include "base/str.h"
#include "fuzz.h"

static void check(struct arena *a, const struct page *p)
{
    struct buf flat;
    struct page again;
    buf_init(&flat, a, 1 << 22);
    for (uint32_t i = 0; i < p->n_words; i++) {
        const struct word *w = &p->words[i];
        FUZZ_CHECK(w->text && *w->text && w->conf <= 100);
        FUZZ_CHECK(str_utf8_ok(w->text, strlen(w->text)));
        FUZZ_CHECK(w->box.x0 <= w->box.x1 && w->box.y0 <= w->box.y1);
    }
    page_pack(&flat, p);
    FUZZ_CHECK(buf_ok(&flat));
    FUZZ_CHECK(page_unpack(a, buf_bytes(&flat), &again));
    FUZZ_CHECK(again.n_words == p->n_words && again.number == p->number);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(4096);
    struct page p;
    if (page_unpack(a, (struct bytes){data, size}, &p))
        check(a, &p);
    arena_free(a);
    return 0;
}
