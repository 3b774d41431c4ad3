/* JPEG alone: libharu puts its bytes into the PDF as they are, so nothing is
 * decoded in a responder (a damaged PNG ended the process). */
#include "invoice/report_logo.h"

#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/conf.h"
#include "print/canvas.h"
#include "base/banned.h"

enum {
    LOGO_BYTES = 64 << 10, /* each full report carries it */
    SIDE_MAX = 4000,
    SOI = 0xD8,
    EOI = 0xD9,
    SOS = 0xDA,
    SOF_BASELINE = 0xC0,
    SOF_PROGRESSIVE = 0xC2
};

static uint8_t file[LOGO_BYTES + 1];
static struct report_logo logo;

static int two(const uint8_t *p)
{
    return p[0] << 8 | p[1];
}

/* A frame header: length, precision, height, width, components. */
static bool take_frame(const uint8_t *p, int n, struct report_logo *out)
{
    if (n < 8 || p[2] != 8 || (p[7] != 1 && p[7] != 3))
        return false;
    out->height = two(p + 3);
    out->width = two(p + 5);
    return out->width > 0 && out->width <= SIDE_MAX && out->height > 0 &&
           out->height <= SIDE_MAX;
}

bool report_logo_measure(struct bytes jpeg, struct report_logo *out)
{
    const uint8_t *p = jpeg.p;
    const size_t n = jpeg.n;
    *out = (struct report_logo){.jpeg = jpeg};
    if (n < 4 || p[0] != 0xFF || p[1] != SOI || p[n - 2] != 0xFF ||
        p[n - 1] != EOI)
        return false;
    for (size_t at = 2; at + 4 <= n && p[at] == 0xFF;) {
        const int kind = p[at + 1], length = two(p + at + 2);
        if (kind == SOS || length < 2 || at + 2 + (size_t)length > n)
            return false;
        if (kind >= SOF_BASELINE && kind <= SOF_PROGRESSIVE)
            return take_frame(p + at + 2, length, out);
        at += 2 + (size_t)length;
    }
    return false;
}

/* The whole way once, so that no report fails because of its logo. */
static bool can_be_drawn(const struct report_logo *l)
{
    const struct canvas_info info = {.title = "", .author = ""};
    struct arena *a = arena_new(65536);
    struct canvas *c = canvas_open(a, &info);
    if (c)
        canvas_jpeg(c, l->jpeg, 0, 0, 10, 10);
    const bool fine = c && canvas_close(c).n > 0;
    arena_free(a);
    return fine;
}

const char *report_logo_load(void)
{
    const char *path = conf_str(CONF_REPORT_LOGO);
    struct report_logo found;
    logo = (struct report_logo){.width = 0};
    if (!*path)
        return NULL;
    AUTO_FILE f = fopen(path, "rbe");
    if (!f)
        return "REPORT_LOGO cannot be read";
    const size_t n = fread(file, 1, sizeof file, f);
    if (n > LOGO_BYTES)
        return "REPORT_LOGO is larger than 64 KiB";
    if (!report_logo_measure((struct bytes){file, n}, &found) ||
        !can_be_drawn(&found))
        return "REPORT_LOGO is not a JPEG that reports can show (baseline or "
               "progressive, grey or RGB, up to 4,000 pixels a side)";
    logo = found;
    return NULL;
}

const struct report_logo *report_logo(void)
{
    return logo.width ? &logo : NULL;
}
