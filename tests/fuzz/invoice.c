/* Any page text as an invoice: lines as pdftotext -layout prints them, a tab
 * jumps 40 points, a form feed begins a page. The bytes that are no UTF-8 end
 * a word, as page_unpack lets none through. */
#include "invoice/invoice.h"
#include <string.h>
#include "base/str.h"
#include "fuzz.h"
#include "invoice/audit.h"
#include "invoice/reference.h"

enum { PAGES_MAX = 8, WORDS_MAX = 4000 };

static struct reference *tables(void)
{
    static struct reference *ref;
    if (!ref)
        ref = reference_from_tsv("sql/seeds/energy",
                                 "tests/fixtures/suppliers_test.tsv");
    FUZZ_CHECK(ref);
    return ref;
}

struct pen {
    struct document *doc;
    struct page *page;
    float x, y;
};

static bool new_page(struct arena *a, struct pen *pen)
{
    if (pen->doc->n_pages == PAGES_MAX)
        return false;
    pen->page = &pen->doc->pages[pen->doc->n_pages++];
    *pen->page = (struct page){.number = (int)pen->doc->n_pages,
                               .width = 595,
                               .height = 842,
                               .conf = 100,
                               .words = ARENA_ARRAY(a, WORDS_MAX, struct word)};
    pen->x = pen->y = 40;
    return true;
}

static void put_word(struct arena *a, struct pen *pen, const char *s, size_t n)
{
    if (n == 0 || n > 500 || pen->page->n_words == WORDS_MAX ||
        !str_utf8_ok(s, n))
        return;
    float width = 5.0f * (float)n;
    pen->page->words[pen->page->n_words++] =
        (struct word){.text = arena_strndup(a, s, n),
                      .box = {pen->x, pen->y, pen->x + width, pen->y + 9},
                      .conf = 100};
    pen->x += width;
}

static void write_text(struct arena *a, struct pen *pen, const char *s,
                       size_t size)
{
    for (size_t at = 0; at < size;) {
        size_t n = 0;
        while (at + n < size && (unsigned char)s[at + n] > ' ')
            n++;
        put_word(a, pen, s + at, n);
        char c = at + n < size ? s[at + n] : '\n';
        at += n + 1;
        if (c == '\t')
            pen->x += 40;
        else if (c == ' ')
            pen->x += 3;
        else if (c == '\f' ? !new_page(a, pen) : false)
            return;
        else if (c == '\n') {
            pen->x = 40;
            pen->y += 12;
        }
    }
}

static void check(struct arena *a, const struct invoice *inv)
{
    for (int i = 0; i < F_MAX; i++) {
        const struct value *v = &inv->f[i];
        if (!v->present)
            continue;
        FUZZ_CHECK(v->ev.conf >= 0 && v->ev.conf <= 1000);
        bool text = field_infos[i].type == FIELD_TEXT ||
                    field_infos[i].type == FIELD_ENUM;
        FUZZ_CHECK(!text || (v->text && *v->text &&
                             str_utf8_ok(v->text, strlen(v->text))));
    }
    json_t *json = invoice_to_json(inv);
    FUZZ_CHECK(json);
    json_decref(json);
    struct audit_request req = {.request_id = "fuzz"};
    struct audit_result r = {.invoice = (struct invoice *)(uintptr_t)inv};
    market_compute(a, tables(), inv, 0, &r);
    checks_run(a, tables(), inv, &req, &r);
    highlights_write(a, tables(), &r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 15)
        return 0;
    struct arena *a = arena_new(1 << 16);
    struct document doc = {.pages = ARENA_ARRAY(a, PAGES_MAX, struct page)};
    struct pen pen = {.doc = &doc};
    new_page(a, &pen);
    write_text(a, &pen, (const char *)data, size);
    check(a, invoice_read(a, &doc, tables()));
    arena_free(a);
    return 0;
}
