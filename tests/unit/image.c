#include "document/image.h"
#include "scan.h"
#include "tap.h"

static const struct document_limits limits = {.max_pages = 20,
                                              .max_scanned_pages = 10,
                                              .page_mpixels = 4,
                                              .request_mpixels = 20};

static PIX *picture(int w, int h)
{
    PIX *pix = pixCreate(w, h, 8);
    pixSetAll(pix);
    for (int x = 0; x < w / 2; x++) /* dark top left corner */
        for (int y = 0; y < h / 2; y++)
            pixSetPixel(pix, x, y, 0);
    return pix;
}

static struct bytes file(struct arena *a, int w, int h, int format)
{
    PIX *pix = picture(w, h);
    struct bytes b = scan_file(a, pix, format);
    pixDestroy(&pix);
    return b;
}

static void kinds(struct arena *a)
{
    static const struct {
        const char *name;
        int format;
        enum file_kind kind;
    } rows[] = {
        {"PNG", IFF_PNG, FILE_PNG},    {"JPEG", IFF_JFIF_JPEG, FILE_JPEG},
        {"BMP", IFF_BMP, FILE_BMP},    {"TIFF", IFF_TIFF_LZW, FILE_TIFF},
        {"WebP", IFF_WEBP, FILE_WEBP},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct bytes b = file(a, 827, 1170, rows[i].format);
        struct image_size size;
        tap_is_int(image_measure(b, rows[i].kind, &limits, &size), OK,
                   "%s is measured", rows[i].name);
        tap_ok(size.frames == 1 && size.pixels == 827 * 1170, "its size");
        PIX *pix = NULL;
        float dpi = 0;
        tap_is_int(image_load(b, rows[i].kind, 0, &limits, &pix, &dpi), OK,
                   "%s is decoded", rows[i].name);
        tap_ok(pix && pixGetDepth(pix) == 8 && dpi > 150 && dpi < 310,
               "grey at a good resolution: %.0f dpi", (double)dpi);
        pixDestroy(&pix);
        b.n /= 3;
        enum err e = image_measure(b, rows[i].kind, &limits, &size);
        if (e == OK)
            e = image_load(b, rows[i].kind, 0, &limits, &pix, &dpi);
        tap_ok(e == OK || e == ERR_DOCUMENT_UNREADABLE,
               "%s cut short: an answer", rows[i].name);
        if (e == OK)
            pixDestroy(&pix);
    }
}

static void sizes(struct arena *a)
{
    struct image_size size;
    tap_is_int(
        image_measure(file(a, 2500, 2000, IFF_PNG), FILE_PNG, &limits, &size),
        ERR_IMAGE_TOO_LARGE, "5 megapixels where 4 are allowed");
    struct bytes jpeg = file(a, 2500, 2000, IFF_JFIF_JPEG);
    tap_is_int(image_measure(jpeg, FILE_JPEG, &limits, &size), OK,
               "a JPEG is shrunk while it is decoded");
    PIX *pix = NULL;
    float dpi;
    tap_is_int(image_load(jpeg, FILE_JPEG, 0, &limits, &pix, &dpi), OK,
               "and read");
    tap_ok(pix && pixGetWidth(pix) * pixGetHeight(pix) <= 4000000,
           "within the limit");
    pixDestroy(&pix);
}

static void frames(struct arena *a)
{
    PIXA *pages = pixaCreate(3);
    for (int i = 0; i < 3; i++)
        pixaAddPix(pages, picture(800 + 100 * i, 1100), L_INSERT);
    l_uint8 *p = NULL;
    size_t n = 0;
    pixaWriteMemMultipageTiff(&p, &n, pages);
    struct bytes b = {(uint8_t *)arena_strndup(a, (char *)p, n), n};
    lept_free(p);
    pixaDestroy(&pages);
    struct image_size size;
    tap_is_int(image_measure(b, FILE_TIFF, &limits, &size), OK,
               "a TIFF of several pages");
    tap_is_int(size.frames, 3, "three of them");
    PIX *pix = NULL;
    float dpi;
    tap_is_int(image_load(b, FILE_TIFF, 2, &limits, &pix, &dpi), OK,
               "the third is decoded");
    tap_ok(pix && pixGetWidth(pix) > pixGetHeight(pix) * 0.9,
           "it is the third");
    pixDestroy(&pix);
    tap_is_int(image_load(b, FILE_TIFF, 3, &limits, &pix, &dpi),
               ERR_DOCUMENT_UNREADABLE, "there is no fourth");
    struct document_limits two = limits;
    two.max_pages = 2;
    tap_is_int(image_measure(b, FILE_TIFF, &two, &size), ERR_TOO_MANY_PAGES,
               "three pages where two are allowed");
}

/* The JPEG with an EXIF block that says how the camera was held. */
static struct bytes held(struct arena *a, struct bytes jpeg, int orientation)
{
    static const uint8_t exif[] = {0xFF, 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0,
                                   'M',  'M',  0, 42, 0,   0,   0,   8,   0, 1,
                                   0x01, 0x12, 0, 3,  0,   0,   0,   1,   0, 0,
                                   0,    0,    0, 0,  0,   0};
    uint8_t *p = arena_alloc(a, jpeg.n + sizeof exif);
    memcpy(p, jpeg.p, 2);
    memcpy(p + 2, exif, sizeof exif);
    p[2 + 29] = (uint8_t)orientation;
    memcpy(p + 2 + sizeof exif, jpeg.p + 2, jpeg.n - 2);
    return (struct bytes){p, jpeg.n + sizeof exif};
}

static bool is_dark(PIX *pix, int right, int bottom)
{
    uint32_t v = 255;
    int w = pixGetWidth(pix), h = pixGetHeight(pix);
    pixGetPixel(pix, right ? w * 3 / 4 : w / 4, bottom ? h * 3 / 4 : h / 4, &v);
    return v < 100;
}

static void orientations(struct arena *a)
{
    /* Where the dark corner ends up, and whether the sides are exchanged. */
    static const struct {
        int right, bottom, turned;
    } want[9] = {{0},       {0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0},
                 {0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {0, 1, 1}};
    struct bytes jpeg = file(a, 900, 1200, IFF_JFIF_JPEG);
    for (int o = 1; o <= 8; o++) {
        struct bytes b = held(a, jpeg, o);
        tap_is_int(image_exif_orientation(b), o, "orientation %d is read", o);
        PIX *pix = NULL;
        float dpi;
        enum err e = image_load(b, FILE_JPEG, 0, &limits, &pix, &dpi);
        tap_ok(e == OK &&
                   (pixGetWidth(pix) > pixGetHeight(pix)) == want[o].turned &&
                   is_dark(pix, want[o].right, want[o].bottom),
               "and obeyed");
        pixDestroy(&pix);
    }
    struct bytes b = held(a, jpeg, 6);
    for (size_t n = 0; n < 60; n++)
        (void)image_exif_orientation((struct bytes){b.p, n});
    tap_is_int(image_exif_orientation((struct bytes){b.p, 20}), 1,
               "a cut EXIF block says nothing");
}

/* See-through parts are paper, not ink. */
static void alpha(struct arena *a)
{
    PIX *pix = pixCreate(400, 600, 32);
    pixSetSpp(pix, 4);
    for (int y = 0; y < 600; y++)
        for (int x = 0; x < 400; x++)
            pixSetPixel(pix, x, y, x < 200 ? 0x000000FF : 0x00000000);
    struct bytes b = scan_file(a, pix, IFF_PNG);
    pixDestroy(&pix);
    float dpi;
    tap_is_int(image_load(b, FILE_PNG, 0, &limits, &pix, &dpi), OK,
               "a picture one can see through");
    uint32_t left = 9, right = 9;
    pixGetPixel(pix, pixGetWidth(pix) / 4, 50, &left);
    pixGetPixel(pix, pixGetWidth(pix) * 3 / 4, 50, &right);
    tap_ok(left == 0 && right == 255, "ink is black, nothing is white");
    pixDestroy(&pix);
}

int main(void)
{
    setMsgSeverity(L_SEVERITY_NONE);
    struct arena *a = arena_new(65536);
    kinds(a);
    sizes(a);
    frames(a);
    orientations(a);
    alpha(a);
    arena_free(a);
    return tap_done();
}
