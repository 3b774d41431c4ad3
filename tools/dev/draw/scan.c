/* From a drawn PDF to the images an office scanner would send. */
#include "scan.h"
#include <allheaders.h>
#include <cairo.h>
#include <err.h>
#include <glib.h>
#include <poppler.h>
#include <stdint.h>
#include <stdlib.h>
#include "paper.h"

enum { DPI = 200, QUALITY = 60, NOISE = 12 };

static const float skew = 1.5f * 3.14159265f / 180; /* radians, clockwise */

static PIX *render(PopplerPage *page)
{
    double width, height;
    poppler_page_get_size(page, &width, &height);
    int w = (int)(width * DPI / 72 + 0.5), h = (int)(height * DPI / 72 + 0.5);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_scale(cr, DPI / 72.0, DPI / 72.0);
    poppler_page_render_for_printing(page, cr);
    cairo_surface_flush(surface);
    const uint8_t *row = cairo_image_surface_get_data(surface);
    PIX *pix = pixCreate(w, h, 8);
    for (int y = 0; y < h;
         y++, row += cairo_image_surface_get_stride(surface)) {
        const uint32_t *in = (const uint32_t *)(const void *)row;
        for (int x = 0; x < w; x++) {
            uint32_t c = in[x];
            uint32_t gray = ((c >> 16 & 255) * 77 + (c >> 8 & 255) * 151 +
                             (c & 255) * 28) >>
                            8;
            pixSetPixel(pix, x, y, gray);
        }
    }
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return pix;
}

/* Noise of a fixed seed; paper is never quite white, ink never quite black. */
static void add_noise(PIX *pix, uint32_t seed)
{
    int w = pixGetWidth(pix), h = pixGetHeight(pix);
    for (int y = 0; y < h; y++) {
        l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
        for (int x = 0; x < w; x++) {
            seed = seed * 1664525u + 1013904223u;
            int v = 18 + (int)GET_DATA_BYTE(line, x) * 222 / 255 +
                    (int)(seed >> 24) * NOISE / 256 - NOISE / 2;
            SET_DATA_BYTE(line, x, v < 0 ? 0 : v > 255 ? 255 : v);
        }
    }
}

static void scan_page(PopplerPage *page, int number, const char *jpeg)
{
    PIX *flat = render(page);
    PIX *turned =
        pixRotate(flat, skew, L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0);
    if (!turned)
        errx(1, "%s: cannot rotate", jpeg);
    add_noise(turned, (uint32_t)number);
    pixSetResolution(turned, DPI, DPI);
    if (pixWriteJpeg(jpeg, turned, QUALITY, 0) != 0)
        errx(1, "%s: cannot write", jpeg);
    pixDestroy(&flat);
    pixDestroy(&turned);
}

void scan_write(const char *pdf_path, const char *base)
{
    GError *e = NULL;
    char *absolute = realpath(pdf_path, NULL);
    if (!absolute)
        err(1, "%s", pdf_path);
    char *uri = g_filename_to_uri(absolute, NULL, NULL);
    PopplerDocument *doc = poppler_document_new_from_file(uri, NULL, &e);
    if (!doc)
        errx(1, "%s: %s", pdf_path, e->message);
    struct paper p;
    paper_open(&p, FACE_NONE, NULL);
    for (int i = 0; i < poppler_document_get_n_pages(doc); i++) {
        PopplerPage *page = poppler_document_get_page(doc, i);
        char *jpeg = g_strdup_printf("%s-%d.jpg", base, i + 1);
        scan_page(page, i + 1, jpeg);
        paper_page(&p);
        paper_jpeg(&p, jpeg);
        g_free(jpeg);
        g_object_unref(page);
    }
    char *pdf = g_strdup_printf("%s.pdf", base);
    paper_save(&p, pdf);
    paper_close(&p);
    g_free(pdf);
    g_object_unref(doc);
    g_free(uri);
    free(absolute);
}
