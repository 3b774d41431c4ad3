/* Leptonica decodes; this file decides whether and at what size. */
#include "document/image.h"
#include <leptonica/allheaders.h>
#include <math.h>
#include <string.h>
#include "base/banned.h"

enum {
    MEGA = 1000000,
    MAX_SIDE = 65000,
    A4_SHORT_IN100 = 827, /* hundredths of an inch */
    GOOD_DPI = 200,
    MAX_DPI = 300
};

struct header {
    int w, h, bps, spp, format, cmap;
};

static bool read_header(struct bytes d, enum file_kind kind, uint32_t frame,
                        struct header *out)
{
    struct header h = {0};
    int bad;
    if (kind == FILE_TIFF)
        bad = readHeaderMemTiff(d.p, d.n, (int)frame, &h.w, &h.h, &h.bps,
                                &h.spp, NULL, &h.cmap, &h.format);
    else
        bad = frame > 0 || pixReadHeaderMem(d.p, d.n, &h.format, &h.w, &h.h,
                                            &h.bps, &h.spp, &h.cmap);
    *out = h;
    return !bad && h.w > 0 && h.h > 0;
}

/* How much a JPEG must shrink while it is decoded to fit; 0 = never fits. */
static int reduction_for(const struct header *h, enum file_kind kind,
                         uint64_t max_pixels)
{
    int most = kind == FILE_JPEG ? 8 : 1;
    if (h->w > MAX_SIDE || h->h > MAX_SIDE)
        return 0;
    for (int r = 1; r <= most; r *= 2)
        if ((uint64_t)h->w * (uint64_t)h->h / (uint64_t)(r * r) <= max_pixels)
            return r;
    return 0;
}

enum err image_measure(struct bytes data, enum file_kind kind,
                       const struct document_limits *lim,
                       struct image_size *out)
{
    const uint64_t max_pixels = (uint64_t)lim->page_mpixels * MEGA;
    struct header h;
    *out = (struct image_size){0};
    while (read_header(data, kind, out->frames, &h)) {
        int r = reduction_for(&h, kind, max_pixels);
        if (r == 0)
            return ERR_IMAGE_TOO_LARGE;
        out->pixels += (uint64_t)h.w * (uint64_t)h.h / (uint64_t)(r * r);
        if (++out->frames > lim->max_pages)
            return ERR_TOO_MANY_PAGES;
        if (kind != FILE_TIFF)
            break;
    }
    return out->frames ? OK : ERR_DOCUMENT_UNREADABLE;
}

/* ---- EXIF -------------------------------------------------------------- */

static uint32_t number(const uint8_t *p, int n, bool big)
{
    uint32_t v = 0;
    for (int i = 0; i < n; i++)
        v |= (uint32_t)p[i] << 8 * (big ? n - 1 - i : i);
    return v;
}

/* Tag 0x0112 of the first directory of a TIFF header of n bytes. */
static int tiff_orientation(const uint8_t *p, size_t n)
{
    if (n < 8 || (p[0] != 'M' && p[0] != 'I'))
        return 1;
    bool big = p[0] == 'M';
    size_t at = number(p + 4, 4, big);
    if (at > n - 2 || n < 10)
        return 1;
    uint32_t count = number(p + at, 2, big);
    at += 2;
    for (uint32_t i = 0; i < count && at + 12 <= n; i++, at += 12)
        if (number(p + at, 2, big) == 0x0112) {
            uint32_t v = number(p + at + 8, 2, big);
            return v >= 1 && v <= 8 ? (int)v : 1;
        }
    return 1;
}

int image_exif_orientation(struct bytes d)
{
    size_t at = 2;
    while (at + 4 <= d.n && d.p[at] == 0xFF) {
        uint8_t marker = d.p[at + 1];
        size_t len = number(d.p + at + 2, 2, true);
        if (marker == 0xDA || len < 2 || at + 2 + len > d.n)
            return 1;
        if (marker == 0xE1 && len >= 16 &&
            memcmp(d.p + at + 4, "Exif\0\0", 6) == 0)
            return tiff_orientation(d.p + at + 10, len - 8);
        at += 2 + len;
    }
    return 1;
}

/* Replaces *pix by made; a failed step keeps the old one. */
static void become(PIX **pix, PIX *made)
{
    if (made) {
        pixDestroy(pix);
        *pix = made;
    }
}

static void apply_orientation(PIX **pix, int orientation)
{
    static const struct {
        int quarters;
        bool mirror;
    } how[9] = {{0, 0}, {0, 0}, {0, 1}, {2, 0}, {2, 1},
                {1, 1}, {1, 0}, {3, 1}, {3, 0}};
    if (how[orientation].quarters)
        become(pix, pixRotateOrth(*pix, how[orientation].quarters));
    if (how[orientation].mirror)
        become(pix, pixFlipLR(NULL, *pix));
}

/* ---- decoding ---------------------------------------------------------- */

static PIX *decode(struct bytes d, enum file_kind kind, uint32_t frame,
                   int reduction)
{
    switch (kind) {
    case FILE_JPEG:
        return pixReadMemJpeg(d.p, d.n, 0, reduction, NULL, 0);
    case FILE_TIFF:
        return pixReadMemTiff(d.p, d.n, (int)frame);
    case FILE_PNG:
        return pixReadMemPng(d.p, d.n);
    case FILE_BMP:
        return pixReadMemBmp(d.p, d.n);
    case FILE_WEBP:
        return pixReadMemWebP(d.p, d.n);
    default:
        return NULL;
    }
}

/* Grey over white paper, in one pass: leptonica's own way holds three
 * copies of the picture at once. */
static PIX *grey_over_white(PIX *rgba)
{
    int w = pixGetWidth(rgba), h = pixGetHeight(rgba);
    PIX *out = pixCreateNoInit(w, h, 8);
    for (int y = 0; out && y < h; y++) {
        const uint32_t *row =
            pixGetData(rgba) + (size_t)y * (size_t)pixGetWpl(rgba);
        uint8_t *to =
            (uint8_t *)(pixGetData(out) + (size_t)y * (size_t)pixGetWpl(out));
        for (int x = 0; x < w; x++) {
            uint32_t c = row[x];
            uint32_t grey = ((c >> 24) * 77 + (c >> 16 & 255) * 151 +
                             (c >> 8 & 255) * 28) >>
                            8;
            to[x ^ 3] = (uint8_t)(255 - (c & 255) * (255 - grey) / 255);
        }
    }
    return out;
}

static void make_grey(PIX **pix)
{
    bool alpha = pixGetDepth(*pix) == 32 && pixGetSpp(*pix) == 4;
    become(pix, alpha ? grey_over_white(*pix) : pixConvertTo8(*pix, 0));
}

/* Cameras and editors write 72 or 96 dpi whatever the page was: only a value
 * that makes a page of a believable size is believed. */
static float believable_dpi(const PIX *pix, int reduction)
{
    float w = (float)pixGetWidth((PIX *)pix);
    float h = (float)pixGetHeight((PIX *)pix);
    float dpi = (float)pixGetXRes((PIX *)pix) / (float)reduction;
    float side = fminf(w, h);
    if (dpi >= 120 && dpi <= 1300 && side / dpi > 1.5f && side / dpi < 14)
        return dpi;
    return side * 100 / A4_SHORT_IN100;
}

/* Tesseract reads best between 200 and 300 dpi; enlarging more than twice
 * only costs time. */
static void normalise(PIX **pix, float *dpi)
{
    float scale = 1;
    if (*dpi > MAX_DPI * 1.1f)
        scale = MAX_DPI / *dpi;
    else if (*dpi < GOOD_DPI * 0.75f)
        scale = fminf(GOOD_DPI / *dpi, 2.0f);
    if (scale == 1)
        return;
    become(pix, scale < 1 ? pixScaleAreaMap(*pix, scale, scale)
                          : pixScaleGrayLI(*pix, scale, scale));
    *dpi *= scale;
}

enum err image_load(struct bytes data, enum file_kind kind, uint32_t frame,
                    const struct document_limits *lim, PIX **out, float *dpi)
{
    struct header h;
    if (!read_header(data, kind, frame, &h))
        return ERR_DOCUMENT_UNREADABLE;
    int r = reduction_for(&h, kind, (uint64_t)lim->page_mpixels * MEGA);
    if (r == 0)
        return ERR_IMAGE_TOO_LARGE;
    PIX *pix = decode(data, kind, frame, r);
    if (!pix)
        return ERR_DOCUMENT_UNREADABLE;
    make_grey(&pix);
    if (kind == FILE_JPEG)
        apply_orientation(&pix, image_exif_orientation(data));
    *dpi = believable_dpi(pix, r);
    normalise(&pix, dpi);
    *out = pix;
    return pixGetDepth(pix) == 8 ? OK : ERR_DOCUMENT_UNREADABLE;
}
