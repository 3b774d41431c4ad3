#include "scans.h"
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../draw/random.h"
#include "../draw/scan.h"
#include "../draw/sheets.h"
#include "base/auto.h"
#include "base/buf.h"

enum { PAGES = 8, FILE_BYTES_MAX = 64 << 20 };

struct bytes scans_load(struct arena *a, const char *path)
{
    struct buf b;
    char chunk[1 << 16];
    buf_init(&b, a, FILE_BYTES_MAX);
    AUTO_FILE f = fopen(path, "rb");
    if (!f)
        err(1, "%s", path);
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        buf_add(&b, chunk, n);
    return buf_bytes(&b);
}

static struct document *load_words(struct arena *a, struct bytes in)
{
    struct document *doc = ARENA_NEW(a, struct document);
    doc->pages = ARENA_ARRAY(a, PAGES, struct page);
    while (in.n > 4 && doc->n_pages < PAGES) {
        uint32_t len;
        memcpy(&len, in.p, 4);
        if (len > in.n - 4 || !page_unpack(a, (struct bytes){in.p + 4, len},
                                           &doc->pages[doc->n_pages++]))
            return NULL;
        doc->ocr_pages += doc->pages[doc->n_pages - 1].source == PAGE_OCR;
        in.p += len + 4;
        in.n -= len + 4;
    }
    return doc;
}

static void save_words(struct arena *a, const char *path,
                       const struct document *doc)
{
    AUTO_FILE f = fopen(path, "wb");
    if (!f)
        err(1, "%s", path);
    for (uint32_t i = 0; i < doc->n_pages; i++) {
        struct buf b;
        buf_init(&b, a, 16 << 20);
        page_pack(&b, &doc->pages[i]);
        uint32_t len = (uint32_t)b.n;
        fwrite(&len, 4, 1, f);
        fwrite(b.p, 1, b.n, f);
    }
}

static void draw(struct arena *a, const struct reference *ref, uint32_t seed,
                 const char *base, size_t *n_pages)
{
    struct sample s;
    const char *text = arena_printf(a, "%s.text.pdf", base);
    random_sample(&s, a, ref, seed, RANDOM_NO_DEFECT);
    *n_pages = sample_n_pages(&s);
    sheets_draw(&s, random_layout(seed), NULL, text);
    scan_write(text, base);
    unlink(text);
    json_decref(s.file);
}

struct document *scans_read(struct arena *a, const struct reference *ref,
                            const char *dir, uint32_t seed)
{
    const char *base = arena_printf(a, "%s/R%u", dir, seed);
    const char *words = arena_printf(a, "%s.words", base);
    if (access(words, R_OK) == 0)
        return load_words(a, scans_load(a, words));
    size_t n_pages;
    draw(a, ref, seed, base, &n_pages);
    const char *pdf = arena_printf(a, "%s.pdf", base);
    struct upload file = {
        .name = "scan.pdf", .kind = FILE_PDF, .data = scans_load(a, pdf)};
    struct document_limits lim;
    struct document *doc = NULL;
    document_limits(&lim);
    enum err e = document_read(a, &file, 1, &lim, &doc);
    unlink(pdf);
    for (size_t i = 1; i <= n_pages; i++)
        unlink(arena_printf(a, "%s-%zu.jpg", base, i));
    if (e)
        return NULL;
    const char *fresh = arena_printf(a, "%s.new", words);
    save_words(a, fresh, doc);
    if (rename(fresh, words) != 0)
        err(1, "%s", words);
    return doc;
}
