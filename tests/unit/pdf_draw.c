#include "document/pdf_draw.h"
#include <leptonica/allheaders.h>
#include "document/pdf.h"
#include "rawpdf.h"
#include "tap.h"

#define TEXT "BT /F1 12 Tf 72 700 Td (Facture) Tj ET "
#define HALF "q 595 0 0 421 0 0 cm /Im1 Do Q "

static struct _PopplerPage *page(struct arena *a, const char *content,
                                 const char *extra)
{
    struct pdf pdf;
    if (pdf_open(a, rawpdf_page(a, content, extra), &pdf) != OK)
        return NULL;
    return pdf_page(&pdf, 0);
}

static void seen(struct arena *a)
{
    struct _PopplerPage *p = page(a, TEXT HALF, NULL);
    float cover = pdf_draw_image_cover(p);
    tap_ok(cover > 0.48f && cover < 0.52f, "half the page is picture: %.2f",
           (double)cover);
    tap_ok(pdf_draw_has_glyphs(p), "its text is seen");
    tap_ok(!pdf_draw_is_blank(p), "it is not blank");
    pdf_page_free(p);
    p = page(a, "3 Tr " TEXT, NULL);
    tap_ok(!pdf_draw_has_glyphs(p), "invisible text is not seen");
    tap_ok(pdf_draw_is_blank(p), "and leaves the page blank");
    tap_ok(pdf_draw_image_cover(p) == 0, "no picture");
    pdf_page_free(p);
}

static void pixels(struct arena *a)
{
    struct _PopplerPage *p = page(a, TEXT, NULL);
    float dpi = 200;
    PIX *pix = pdf_draw_grey(p, 40000000, &dpi);
    tap_ok(pix && dpi == 200 && pixGetWidth(pix) == 1652 &&
               pixGetHeight(pix) == 2338 && pixGetDepth(pix) == 8,
           "A4 at 200 dpi");
    pixDestroy(&pix);
    pix = pdf_draw_grey(p, 500000, &dpi);
    tap_ok(pix && dpi < 100 && pixGetWidth(pix) * pixGetHeight(pix) <= 500000,
           "no more pixels than allowed: %.0f dpi", (double)dpi);
    pixDestroy(&pix);
    pdf_page_free(p);
    p = page(a, TEXT, "/MediaBox[0 0 14400 14400]");
    dpi = 200;
    pix = pdf_draw_grey(p, 40000000, &dpi);
    tap_ok(pix && dpi < 40, "a page of five metres: %.0f dpi", (double)dpi);
    pixDestroy(&pix);
    if (p)
        pdf_page_free(p);
}

int main(void)
{
    struct arena *a = arena_new(65536);
    seen(a);
    pixels(a);
    arena_free(a);
    return tap_done();
}
