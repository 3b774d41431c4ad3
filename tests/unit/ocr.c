#include "document/ocr.h"
#include <math.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/conf.h"
#include "scan.h"
#include "tap.h"

static bool has_word(const struct page *p, const char *text, struct box *at)
{
    for (uint32_t i = 0; i < p->n_words; i++)
        if (strcmp(p->words[i].text, text) == 0) {
            *at = p->words[i].box;
            return true;
        }
    return false;
}

/* Reads the sample turned by quarters and skewed by degrees. */
static void reads(struct arena *a, int quarters, float degrees)
{
    PIX *pix = scan_draw(scan_lines, ARRAY_LEN(scan_lines), 200);
    if (degrees != 0) {
        PIX *t = pixRotate(pix, degrees * (float)M_PI / 180, L_ROTATE_AREA_MAP,
                           L_BRING_IN_WHITE, 0, 0);
        pixDestroy(&pix);
        pix = t;
    }
    if (quarters) {
        PIX *t = pixRotateOrth(pix, quarters);
        pixDestroy(&pix);
        pix = t;
    }
    struct page p = {.number = 1};
    struct box at = {0};
    tap_is_int(ocr_read(a, &pix, 200, &p), OK,
               "a scan turned %d times, skewed %.1f degrees", quarters,
               (double)degrees);
    tap_ok(p.rotation == (4 - quarters) % 4, "is turned back (%d)", p.rotation);
    tap_ok(fabsf(p.skew + degrees) < 0.4f, "and straightened (%.2f)",
           (double)p.skew);
    tap_ok(p.conf > 80 && p.source == PAGE_OCR && strcmp(p.lang, "fra") == 0,
           "confidence %d in %s", p.conf, p.lang);
    tap_ok(has_word(&p, "14502369874512", &at), "a long number is read");
    tap_ok(fabsf(at.y0 - 112) < 12 && at.x0 > 120 && at.x1 < 320,
           "at its place in points: %.0f %.0f %.0f %.0f", (double)at.x0,
           (double)at.y0, (double)at.x1, (double)at.y1);
    tap_ok(has_word(&p, "204,38", &at) && has_word(&p, "118,47", &at) &&
               has_word(&p, "24,62", &at),
           "amounts keep their commas");
    pixDestroy(&pix);
}

static void english(struct arena *a)
{
    static const char *const garbled[] = {"xq zvw kjh qpt wfg bnm rtz plk"};
    PIX *pix = scan_draw(garbled, 1, 200);
    struct page p = {.number = 1};
    tap_is_int(ocr_read(a, &pix, 200, &p), OK, "letters without meaning");
    tap_ok(strcmp(p.lang, "fra") == 0 || strcmp(p.lang, "eng") == 0,
           "some language is named");
    pixDestroy(&pix);
    pix = scan_draw(NULL, 0, 100);
    tap_is_int(ocr_read(a, &pix, 100, &p), OK, "an empty page");
    tap_is_int(p.n_words, 0, "has no words");
    pixDestroy(&pix);
    pix = pixCreate(1, 1, 8);
    tap_is_int(ocr_read(a, &pix, 200, &p), OK, "one pixel");
    pixDestroy(&pix);
}

int main(void)
{
    /* libgomp reads it while it is loaded. */
    if (!getenv("OMP_THREAD_LIMIT") && setenv("OMP_THREAD_LIMIT", "1", 1) == 0)
        execl("/proc/self/exe", "ocr", (char *)NULL);
    if (conf_init() || !ocr_init())
        tap_skip_all("the French model is not installed");
    struct arena *a = arena_new(65536);
    reads(a, 0, 0);
    reads(a, 0, 1.5f);
    reads(a, 1, -2);
    reads(a, 2, 0);
    reads(a, 3, 3);
    english(a);
    ocr_end();
    arena_free(a);
    return tap_done();
}
