/* Drawing goes through cairo as poppler-glib does it. */
#include "document/pdf_draw.h"
#include <cairo.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <poppler.h>
#include "base/banned.h"

enum { CAIRO_SIDE = 32000, BLANK_SIDE = 120 };

float pdf_draw_image_cover(PopplerPage *page)
{
    double w, h, sum = 0;
    poppler_page_get_size(page, &w, &h);
    GList *list = poppler_page_get_image_mapping(page);
    for (GList *l = list; l; l = l->next) {
        const PopplerRectangle *r = &((PopplerImageMapping *)l->data)->area;
        /* Poppler 22 exchanges the sides of some pictures: their product
         * is right all the same. */
        sum += fabs(r->x2 - r->x1) * fabs(r->y2 - r->y1);
    }
    poppler_page_free_image_mapping(list);
    double share = w > 0 && h > 0 ? sum / (w * h) : 0;
    return share > 1 ? 1.0f : (float)share;
}

static void see_glyphs(cairo_surface_t *observer, cairo_surface_t *target,
                       void *data)
{
    (void)observer;
    (void)target;
    *(bool *)data = true;
}

bool pdf_draw_has_glyphs(PopplerPage *page)
{
    double w, h;
    poppler_page_get_size(page, &w, &h);
    double scale = BLANK_SIDE / fmax(fmax(w, h), 1);
    cairo_surface_t *target =
        cairo_image_surface_create(CAIRO_FORMAT_A8, BLANK_SIDE, BLANK_SIDE);
    cairo_surface_t *observer =
        cairo_surface_create_observer(target, CAIRO_SURFACE_OBSERVER_NORMAL);
    bool seen = false;
    cairo_surface_observer_add_glyphs_callback(observer, see_glyphs, &seen);
    cairo_t *cr = cairo_create(observer);
    cairo_scale(cr, scale, scale);
    poppler_page_render(page, cr);
    cairo_destroy(cr);
    cairo_surface_destroy(observer);
    cairo_surface_destroy(target);
    return seen;
}

static cairo_surface_t *draw(PopplerPage *page, int w, int h, double scale)
{
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
    cairo_t *cr = cairo_create(s);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_scale(cr, scale, scale);
    poppler_page_render_for_printing(page, cr);
    cairo_destroy(cr);
    cairo_surface_flush(s);
    if (cairo_surface_status(s) == CAIRO_STATUS_SUCCESS &&
        cairo_image_surface_get_data(s))
        return s;
    cairo_surface_destroy(s);
    return NULL;
}

bool pdf_draw_is_blank(PopplerPage *page)
{
    double w, h;
    poppler_page_get_size(page, &w, &h);
    double scale = BLANK_SIDE / fmax(fmax(w, h), 1);
    int pw = (int)fmax(w * scale, 1), ph = (int)fmax(h * scale, 1);
    cairo_surface_t *s = draw(page, pw, ph, scale);
    if (!s)
        return false;
    const unsigned char *px = cairo_image_surface_get_data(s);
    int stride = cairo_image_surface_get_stride(s);
    const uint32_t first = *(const uint32_t *)px & 0xFFFFFF;
    bool blank = true;
    for (int y = 0; y < ph && blank; y++) {
        const uint32_t *row = (const uint32_t *)(px + (size_t)y * stride);
        for (int x = 0; x < pw; x++)
            blank = blank && (row[x] & 0xFFFFFF) == first;
    }
    cairo_surface_destroy(s);
    return blank;
}

/* Leptonica keeps big-endian order inside 32-bit words. */
static void to_grey(cairo_surface_t *s, PIX *pix)
{
    const unsigned char *px = cairo_image_surface_get_data(s);
    size_t stride = (size_t)cairo_image_surface_get_stride(s);
    size_t wpl = (size_t)pixGetWpl(pix);
    int w = pixGetWidth(pix), h = pixGetHeight(pix);
    for (int y = 0; y < h; y++) {
        const uint32_t *row = (const uint32_t *)(px + (size_t)y * stride);
        uint8_t *out = (uint8_t *)(pixGetData(pix) + (size_t)y * wpl);
        for (int x = 0; x < w; x++) {
            uint32_t c = row[x];
            out[x ^ 3] = (uint8_t)(((c >> 16 & 255) * 77 +
                                    (c >> 8 & 255) * 151 + (c & 255) * 28) >>
                                   8);
        }
    }
}

PIX *pdf_draw_grey(PopplerPage *page, uint64_t max_pixels, float *dpi)
{
    double w, h;
    poppler_page_get_size(page, &w, &h);
    if (!(w > 0 && h > 0))
        return NULL;
    double scale = *dpi / 72.0;
    scale = fmin(scale, CAIRO_SIDE / fmax(w, h));
    scale = fmin(scale, sqrt((double)max_pixels / w / h));
    int pw = (int)fmax(w * scale, 1), ph = (int)fmax(h * scale, 1);
    cairo_surface_t *s = draw(page, pw, ph, scale);
    PIX *pix = s ? pixCreateNoInit(pw, ph, 8) : NULL;
    if (pix)
        to_grey(s, pix);
    if (s)
        cairo_surface_destroy(s);
    *dpi = (float)(scale * 72);
    return pix;
}

#ifdef COMPTOIR_SAN
/* What fontconfig and cairo's observer never give back. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n"
           "leak:cairo_surface_observer_add_glyphs_callback\n";
}
#endif
