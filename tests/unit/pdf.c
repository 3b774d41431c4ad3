#include "document/pdf.h"
#include <hpdf.h>
#include "rawpdf.h"
#include "tap.h"

static const struct document_limits limits = {.max_pages = 200,
                                              .max_scanned_pages = 10};
#define LINE "BT /F1 12 Tf 72 700 Td (Facture numero 12345 du mois) Tj ET "
#define SCAN "q 595 0 0 842 0 0 cm /Im1 Do Q "

static struct document *read_ok(struct arena *a, struct bytes pdf,
                                const char *what)
{
    struct document *d = NULL;
    enum err e = pdf_read(a, pdf, &limits, &d);
    tap_ok(e == OK && d && d->n_pages == 1, "%s is read", what);
    return d;
}

static void words(struct arena *a)
{
    struct document *d = read_ok(a, rawpdf_page(a, LINE, NULL), "a page");
    const struct page *p = &d->pages[0];
    tap_ok(p->source == PAGE_TEXT && p->n_words == 5, "text layer");
    tap_ok(p->width == 595 && p->height == 842, "page size");
    tap_is_str(p->words[0].text, "Facture", "first word");
    tap_is_str(p->words[2].text, "12345", "third word");
    struct box b = p->words[0].box;
    tap_ok(b.x0 > 71 && b.x0 < 73 && b.x1 > 108 && b.x1 < 116,
           "box x %.1f-%.1f", b.x0, b.x1);
    tap_ok(b.y0 < 142 && b.y1 > 142 && b.y0 > 125 && b.y1 < 150,
           "box y from the top %.1f-%.1f", b.y0, b.y1);
    tap_ok(!d->has_javascript, "no script");
}

static void rotated(struct arena *a)
{
    static const char up[] = "BT /F1 12 Tf 0 1 -1 0 300 72 Tm (Facture "
                             "numero 12345 du mois) Tj ET";
    struct document *d =
        read_ok(a, rawpdf_page(a, up, "/Rotate 90"), "/Rotate 90");
    const struct page *p = &d->pages[0];
    tap_ok(p->width == 842 && p->height == 595, "shown lying");
    tap_ok(p->n_words == 5 && p->rotation == 0, "upright as shown");
    d = read_ok(a, rawpdf_page(a, LINE, "/Rotate 90"), "a wrong /Rotate");
    p = &d->pages[0];
    tap_ok(p->width == 595 && p->rotation == 3, "is turned back");
    tap_ok(p->words[0].box.x0 == 72, "with its boxes");
    d = read_ok(a, rawpdf_page(a, up, NULL), "text that runs up");
    p = &d->pages[0];
    tap_ok(p->width == 842 && p->rotation == 1, "turned upright");
    struct box b = p->words[0].box;
    tap_ok(b.x1 - b.x0 > b.y1 - b.y0 && b.x0 > 71 && b.x0 < 73,
           "words run right");
}

static void scans(struct arena *a)
{
    struct document *d = read_ok(a, rawpdf_page(a, SCAN, NULL), "a scan");
    tap_ok(d->pages[0].source == PAGE_OCR && d->ocr_pages == 1, "for OCR");
    d = read_ok(a, rawpdf_page(a, SCAN "3 Tr " LINE, NULL),
                "a scan under invisible text");
    tap_ok(d->pages[0].source == PAGE_OCR && !d->pages[0].n_words,
           "is read again");
    d = read_ok(a, rawpdf_page(a, SCAN LINE, NULL),
                "text on a background picture");
    tap_ok(d->pages[0].source == PAGE_TEXT, "is text");
    d = read_ok(a, rawpdf_page(a, " ", NULL), "a blank page");
    tap_ok(d->pages[0].source == PAGE_TEXT && !d->pages[0].n_words,
           "is no work for OCR");
    d = read_ok(a, rawpdf_page(a, "100 100 200 200 re f", NULL),
                "a page with a drawing only");
    tap_ok(d->pages[0].source == PAGE_OCR, "may hold drawn letters");
}

static void refused(struct arena *a)
{
    struct document *d;
    static const char junk[] = "%PDF-1.4 this is not a document at all";
    struct bytes bad = {(const uint8_t *)junk, sizeof junk - 1};
    tap_is_int(pdf_read(a, bad, &limits, &d), ERR_DOCUMENT_UNREADABLE,
               "junk is unreadable");
    struct document_limits few = {.max_pages = 3, .max_scanned_pages = 2};
    tap_is_int(pdf_read(a, rawpdf_many(a, 4, LINE), &few, &d),
               ERR_TOO_MANY_PAGES, "too many pages");
    tap_is_int(pdf_read(a, rawpdf_many(a, 3, SCAN), &few, &d), ERR_USE_JOBS,
               "too many scanned pages");
    tap_is_int(pdf_read(a, rawpdf_many(a, 3, LINE), &few, &d), OK,
               "as many as allowed");
    tap_is_int(pdf_read(a, rawpdf_many(a, 5000, LINE), &limits, &d),
               ERR_TOO_MANY_PAGES, "5,000 pages");
}

static void encrypted(struct arena *a)
{
    HPDF_Doc doc = HPDF_New(NULL, NULL);
    HPDF_Page page = HPDF_AddPage(doc);
    HPDF_Page_SetFontAndSize(page, HPDF_GetFont(doc, "Helvetica", NULL), 12);
    HPDF_SetPassword(doc, "owner", "user");
    HPDF_SaveToStream(doc);
    HPDF_UINT32 n = HPDF_GetStreamSize(doc);
    HPDF_BYTE *p = arena_alloc(a, n);
    HPDF_ResetStream(doc);
    HPDF_ReadFromStream(doc, p, &n);
    HPDF_Free(doc);
    struct document *d;
    tap_is_int(pdf_read(a, (struct bytes){p, n}, &limits, &d),
               ERR_DOCUMENT_ENCRYPTED, "a password is asked for");
}

int main(void)
{
    struct arena *a = arena_new(65536);
    words(a);
    rotated(a);
    scans(a);
    refused(a);
    encrypted(a);
    arena_free(a);
    return tap_done();
}
