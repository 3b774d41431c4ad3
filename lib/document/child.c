/* Everything here runs in a sandboxed process that lives for one answer. */
#include "document/child.h"
#include <string.h>
#include <leptonica/allheaders.h>
#include "base/buf.h"
#include "document/image.h"
#include "document/leak.h"
#include "document/ocr.h"
#include "document/pdf.h"
#include "document/pdf_draw.h"
#include "document/sandbox.h"
#include "einvoice/einvoice.h"
#include "base/banned.h"

enum { ARENA_BLOCK = 256 << 10, SCAN_DPI = 200, MEGA = 1000000 };

/* The result under construction. */
struct answer {
    struct arena *a;
    struct wire_result head;
    struct buf body;
    uint64_t pixels;
    struct einvoice *einvoice; /* of the first PDF that has one */
};

static void add_page(struct answer *r, const struct page *p)
{
    struct buf one;
    buf_init(&one, r->a, WIRE_OUT_BYTES);
    page_pack(&one, p);
    uint32_t n = (uint32_t)one.n;
    buf_add(&r->body, &n, sizeof n);
    buf_add(&r->body, one.p, one.n);
    r->body.failed |= one.failed;
    r->head.n_pages++;
}

/* ---- looking at the files: text layers, and which pages are scans ------ */

static enum err add_scan(struct answer *r, const struct child_work *w,
                         uint32_t file, uint32_t index)
{
    if (r->head.n_ocr >= w->lim.max_scanned_pages ||
        r->head.n_ocr >= WIRE_OCR_MAX)
        return ERR_USE_JOBS;
    r->head.ocr[r->head.n_ocr++] =
        (struct wire_ocr){file, index, r->head.n_pages};
    return OK;
}

static enum err inspect_pdf(struct answer *r, const struct child_work *w,
                            uint32_t file)
{
    struct document *d;
    enum err e = pdf_read(r->a, w->files[file], &w->lim, &d);
    if (e != OK)
        return e;
    r->head.has_javascript |= d->has_javascript;
    r->einvoice = r->einvoice ? r->einvoice : d->einvoice;
    for (uint32_t i = 0; i < d->n_pages; i++) {
        struct page *p = &d->pages[i];
        uint32_t index = (uint32_t)p->number - 1;
        p->number = (int)r->head.n_pages + 1;
        add_page(r, p);
        if (p->source == PAGE_OCR)
            e = add_scan(r, w, file, index);
        if (e != OK)
            return e;
    }
    return OK;
}

static enum err inspect_image(struct answer *r, const struct child_work *w,
                              uint32_t file)
{
    struct image_size size;
    enum err e = image_measure(w->files[file], w->kinds[file], &w->lim, &size);
    if (e != OK)
        return e;
    r->pixels += size.pixels;
    if (r->pixels > (uint64_t)w->lim.request_mpixels * MEGA)
        return ERR_IMAGE_TOO_LARGE;
    for (uint32_t i = 0; i < size.frames && e == OK; i++) {
        struct page p = {.number = (int)r->head.n_pages + 1,
                         .width = 1,
                         .height = 1,
                         .source = PAGE_OCR};
        add_page(r, &p);
        e = add_scan(r, w, file, i);
    }
    return e;
}

static void add_einvoice(struct answer *r)
{
    struct buf one;
    buf_init(&one, r->a, WIRE_OUT_BYTES);
    einvoice_pack(&one, r->einvoice);
    buf_add(&r->body, one.p, one.n);
    r->body.failed |= one.failed;
    r->head.xml_bytes = (uint32_t)one.n;
}

static enum err inspect(struct answer *r, const struct child_work *w)
{
    enum err e = OK;
    for (uint32_t i = 0; i < w->n_files && e == OK; i++) {
        e = w->kinds[i] == FILE_PDF ? inspect_pdf(r, w, i)
                                    : inspect_image(r, w, i);
        if (e == OK && r->head.n_pages > w->lim.max_pages)
            e = ERR_TOO_MANY_PAGES;
    }
    if (e == OK && r->einvoice)
        add_einvoice(r);
    return e;
}

/* ---- one scanned page -------------------------------------------------- */

static enum err load_scan(struct answer *r, const struct child_work *w,
                          PIX **pix, float *dpi)
{
    uint32_t file = w->scan->file;
    if (w->kinds[file] != FILE_PDF)
        return image_load(w->files[file], w->kinds[file], w->scan->index,
                          &w->lim, pix, dpi);
    struct pdf pdf;
    enum err e = pdf_open(r->a, w->files[file], &pdf);
    if (e != OK)
        return e;
    struct _PopplerPage *page = pdf_page(&pdf, w->scan->index);
    if (!page)
        return ERR_DOCUMENT_UNREADABLE;
    *dpi = SCAN_DPI;
    *pix = pdf_draw_grey(page, (uint64_t)w->lim.page_mpixels * MEGA, dpi);
    pdf_page_free(page);
    return *pix ? OK : ERR_DOCUMENT_UNREADABLE;
}

static enum err scan(struct answer *r, const struct child_work *w)
{
    PIX *pix = NULL;
    float dpi = 0;
    enum err e = load_scan(r, w, &pix, &dpi);
    if (e != OK)
        return e;
    struct page p = {.number = (int)w->scan->number};
    e = ocr_read(r->a, &pix, dpi, &p);
    pixDestroy(&pix);
    if (e == OK)
        add_page(r, &p);
    return e;
}

/* ---- the proof of an anonymised report --------------------------------- */

static enum err prove(struct answer *r, const struct child_work *w)
{
    const char *neutral, *found = NULL;
    struct needle *needles;
    size_t n;
    if (w->n_files != 2 ||
        !wire_needles_unpack(r->a, w->files[1], &neutral, &needles, &n))
        return ERR_ANONYMISATION_FAILED;
    if (!leak_find(r->a, w->files[0], neutral, needles, n, &found))
        return OK;
    if (found)
        memcpy(r->head.found, found, strnlen(found, sizeof r->head.found - 1));
    return ERR_ANONYMISATION_FAILED;
}

int child_run(const struct child_work *w)
{
    struct answer r = {.a = arena_new(ARENA_BLOCK)};
    buf_init(&r.body, r.a, WIRE_OUT_BYTES - sizeof r.head);
    enum err e = w->op == WIRE_PROVE ? prove(&r, w)
                 : w->scan           ? scan(&r, w)
                                     : inspect(&r, w);
    if (!buf_ok(&r.body))
        return SANDBOX_TOO_MUCH;
    r.head.magic = WIRE_MAGIC;
    r.head.err = e;
    r.head.bytes = (uint32_t)r.body.n;
    if (r.body.n)
        memcpy(w->out + sizeof r.head, r.body.p, r.body.n);
    memcpy(w->out, &r.head, sizeof r.head);
    if (w->op == WIRE_PROVE)
        arena_free(r.a); /* its process may go on; any other ends here */
    return SANDBOX_DONE;
}
