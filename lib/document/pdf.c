/* Words of a PDF's text layer. Poppler may print warnings or run for very
 * long on hostile files: the sandbox around us answers for both. */
#include "document/pdf.h"
#include <cairo.h>
#include <poppler.h>
#include <string.h>
#include "document/attached.h"
#include "document/pdf_draw.h"
#include "document/words.h"
#include "base/banned.h"

enum { FEW_WORDS = 4 };

static void unref(void *object)
{
    g_object_unref(object);
}

enum err pdf_open(struct arena *a, struct bytes data, struct pdf *out)
{
    GBytes *bytes = g_bytes_new_static(data.p, data.n);
    GError *error = NULL;
    PopplerDocument *doc = poppler_document_new_from_bytes(bytes, NULL, &error);
    g_bytes_unref(bytes);
    if (!doc) {
        bool locked = error && error->domain == POPPLER_ERROR &&
                      error->code == POPPLER_ERROR_ENCRYPTED;
        g_clear_error(&error);
        return locked ? ERR_DOCUMENT_ENCRYPTED : ERR_DOCUMENT_UNREADABLE;
    }
    arena_defer(a, unref, doc);
    int n = poppler_document_get_n_pages(doc);
    if (n <= 0)
        return ERR_DOCUMENT_UNREADABLE;
    *out = (struct pdf){.doc = doc, .n_pages = (uint32_t)n};
    return OK;
}

PopplerPage *pdf_page(const struct pdf *pdf, uint32_t index)
{
    return poppler_document_get_page(pdf->doc, (int)index);
}

void pdf_page_free(PopplerPage *page)
{
    g_object_unref(page);
}

/* Boxes arrive as x1,y1-x2,y2 from the top left of the page as shown. */
static struct box *boxes_of(struct arena *a, const PopplerRectangle *r, guint n)
{
    struct box *b = ARENA_ARRAY(a, n, struct box);
    for (guint i = 0; i < n; i++) {
        double x0 = MIN(r[i].x1, r[i].x2), x1 = MAX(r[i].x1, r[i].x2);
        double y0 = MIN(r[i].y1, r[i].y2), y1 = MAX(r[i].y1, r[i].y2);
        b[i] = (struct box){(float)x0, (float)y0, (float)x1, (float)y1};
    }
    return b;
}

static bool read_words(struct arena *a, PopplerPage *page, struct page *out)
{
    char *text = poppler_page_get_text(page);
    PopplerRectangle *rects = NULL;
    guint n = 0;
    bool some = text && *text &&
                poppler_page_get_text_layout(page, &rects, &n) && n > 0;
    if (some)
        some = words_group(a, text, boxes_of(a, rects, n), n, out);
    g_free(rects);
    g_free(text);
    return some;
}

/* Images are streams, and the dictionaries of streams are never packed away:
 * a file without the name holds none, and need not be drawn to find out. */
static bool may_hold_images(struct bytes d)
{
    static const char name[] = "/Image";
    const uint8_t *end = d.p + d.n, *at = d.p;
    while ((at = memmem(at, (size_t)(end - at), name, sizeof name - 1))) {
        at += sizeof name - 1;
        if (at == end || !g_ascii_isalnum(*at))
            return true;
    }
    return false;
}

/* Text that counts: more than a stray mark, and seen by who looks at the
 * page. A scan that carries an invisible text layer is read again. */
static bool is_usable(PopplerPage *page, const struct page *p, bool images)
{
    if (!images && p->n_words >= FEW_WORDS)
        return true;
    float covered = pdf_draw_image_cover(page);
    if (p->n_words < FEW_WORDS && covered > 0.3f)
        return false;
    return covered < 0.6f || pdf_draw_has_glyphs(page);
}

static void read_page(struct arena *a, PopplerPage *page, bool images,
                      struct page *out)
{
    double w, h;
    poppler_page_get_size(page, &w, &h);
    out->width = (float)CLAMP(w, 1, 90000);
    out->height = (float)CLAMP(h, 1, 90000);
    if (read_words(a, page, out) && is_usable(page, out, images)) {
        out->conf = 100;
        return;
    }
    out->n_words = 0;
    if (pdf_draw_image_cover(page) < 0.01f && pdf_draw_is_blank(page)) {
        out->conf = 100; /* an empty back page is no work for OCR */
        return;
    }
    out->source = PAGE_OCR;
    out->rotation = 0;
    out->width = (float)CLAMP(w, 1, 90000);
    out->height = (float)CLAMP(h, 1, 90000);
}

enum err pdf_read(struct arena *a, struct bytes data,
                  const struct document_limits *lim, struct document **out)
{
    struct pdf pdf;
    enum err e = pdf_open(a, data, &pdf);
    if (e != OK)
        return e;
    if (pdf.n_pages > lim->max_pages)
        return ERR_TOO_MANY_PAGES;
    const bool images = may_hold_images(data);
    struct document *d = ARENA_NEW(a, struct document);
    d->pages = ARENA_ARRAY(a, pdf.n_pages, struct page);
    for (uint32_t i = 0; i < pdf.n_pages; i++) {
        PopplerPage *page = pdf_page(&pdf, i);
        if (!page)
            continue; /* a damaged page does not spoil the others */
        struct page *p = &d->pages[d->n_pages++];
        p->number = (int)i + 1;
        read_page(a, page, images, p);
        g_object_unref(page);
        d->ocr_pages += p->source == PAGE_OCR;
        if (d->ocr_pages > lim->max_scanned_pages)
            return ERR_USE_JOBS;
    }
    if (d->n_pages == 0)
        return ERR_DOCUMENT_UNREADABLE;
    d->has_javascript = poppler_document_has_javascript(pdf.doc);
    d->einvoice = attached_read(a, &pdf, lim);
    *out = d;
    return OK;
}
