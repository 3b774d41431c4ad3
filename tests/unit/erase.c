#include "document/erase.h"
#include <leptonica/allheaders.h>
#include "tap.h"

static void fill(PIX *pix, int x, int y, int w, int h)
{
    for (int j = y; j < y + h; j++)
        for (int i = x; i < x + w; i++)
            pixSetPixel(pix, i, j, 0);
}

static int is_dark(PIX *pix, int x, int y)
{
    uint32_t v = 0;
    pixGetPixel(pix, x, y, &v);
    return v < 128;
}

int main(void)
{
    PIX *pix = pixCreate(1000, 1000, 8);
    pixSetAll(pix);
    fill(pix, 100, 100, 800, 3);  /* a rule along the page */
    fill(pix, 100, 100, 3, 800);  /* and one down */
    fill(pix, 300, 300, 400, 50); /* a filled band */
    fill(pix, 500, 600, 10, 30);  /* the stem of a letter */
    fill(pix, 600, 600, 40, 4);   /* a dash */
    erase_rules(pix, 200);
    tap_ok(!is_dark(pix, 500, 101) && !is_dark(pix, 101, 500),
           "thin long rules go");
    tap_ok(is_dark(pix, 500, 325) && is_dark(pix, 302, 302),
           "a filled band stays whole");
    tap_ok(is_dark(pix, 505, 615), "letters stay");
    tap_ok(is_dark(pix, 620, 602), "dashes stay");
    pixDestroy(&pix);
    pix = pixCreate(1, 1, 8);
    erase_rules(pix, 72);
    tap_ok(1, "one pixel is no trouble");
    pixDestroy(&pix);
    return tap_done();
}
