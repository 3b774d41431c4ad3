/* Drawn pages as pictures, for tests of reading by OCR. */
#pragma once
#include <cairo.h>
#include <leptonica/allheaders.h>
#include "base/arena.h"

/* A grey A4 page at dpi with the lines of text, one under the other. */
static inline PIX *scan_draw(const char *const *lines, int n, double dpi)
{
    const double k = dpi / 72;
    int w = (int)(595 * k), h = (int)(842 * k);
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
    cairo_t *cr = cairo_create(s);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_set_source_rgb(cr, 0, 0, 0);
    cairo_scale(cr, k, k);
    cairo_select_font_face(cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                           CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cr, 11);
    for (int i = 0; i < n; i++) {
        cairo_move_to(cr, 60, 80 + 20 * i);
        cairo_show_text(cr, lines[i]);
    }
    cairo_destroy(cr);
    cairo_surface_flush(s);
    PIX *pix = pixCreate(w, h, 8);
    for (int y = 0; y < h; y++) {
        const uint32_t *row =
            (const uint32_t *)(cairo_image_surface_get_data(s) +
                               (size_t)y * (size_t)
                                   cairo_image_surface_get_stride(s));
        for (int x = 0; x < w; x++)
            pixSetPixel(pix, x, y, row[x] & 255);
    }
    cairo_surface_destroy(s);
    pixSetResolution(pix, (int)dpi, (int)dpi);
    return pix;
}

/* The picture as a file in memory, format as IFF_PNG, IFF_JFIF_JPEG ... */
static inline struct bytes scan_file(struct arena *a, PIX *pix, int format)
{
    l_uint8 *p = NULL;
    size_t n = 0;
    if (pixWriteMem(&p, &n, pix, format) != 0)
        return (struct bytes){NULL, 0};
    void *copy = arena_strndup(a, (const char *)p, n);
    lept_free(p);
    return (struct bytes){copy, n};
}

static const char *const scan_lines[] = {
    "Électricité de France - Facture numéro 2025-10-004821",
    "Date de facture : 14 octobre 2025",
    "Point de livraison : 14502369874512",
    "Abonnement (hors taxes)                 24,62 euros",
    "Consommation heures pleines            118,47 euros",
    "Taxes et contributions                  31,18 euros",
    "Total toutes taxes comprises           204,38 euros",
    "Vous disposez d'un droit d'accès et de rectification",
    "des données vous concernant. En cas de litige, vous",
    "pouvez saisir le médiateur national de l'énergie.",
    "La facture est payable sous quinze jours à compter de",
    "sa date d'émission ; tout retard donne lieu à pénalité.",
};

#ifdef COMPTOIR_SAN
/* What fontconfig never gives back. */
const char *__lsan_default_suppressions(void);
__attribute__((weak)) const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}
#endif
