/* Rows of text make the profile of a page jagged, most of all along the true
 * axis at the true angle: that tells lying pages and skew. Ascenders
 * outnumber descenders: that tells upside down. */
#include "document/upright.h"
#include <leptonica/allheaders.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/banned.h"

enum { SMALL_SIDE = 1100, LEAST_MARKS = 40 };
static const float LEAST_SKEW = 0.5f; /* Tesseract copes with less */
static const float RANGE = 9.0f;      /* degrees looked at either way */
static const float SURE = 2.5f;       /* a lower confidence finds nothing */
static const float LYING = 0.6f;      /* upright pages score 3 and more */
static const float DOWN = -5.0f;      /* upright pages score 7 and more */

/* Black and white at full size, by the threshold of a smaller copy. */
static PIX *sketch(PIX *grey, PIX **small_bw)
{
    int w = pixGetWidth(grey), h = pixGetHeight(grey);
    int side = w < h ? w : h;
    PIX *small = side >= 2 * SMALL_SIDE ? pixScaleAreaMap(grey, 0.25f, 0.25f)
                 : side >= SMALL_SIDE   ? pixScaleAreaMap2(grey)
                                        : pixClone(grey);
    PIX *levels = NULL;
    uint32_t level = 128;
    *small_bw = NULL;
    if (small &&
        pixOtsuAdaptiveThreshold(small, pixGetWidth(small), pixGetHeight(small),
                                 0, 0, 0.1f, &levels, small_bw) == 0 &&
        levels)
        pixGetPixel(levels, 0, 0, &level);
    pixDestroy(&levels);
    pixDestroy(&small);
    return pixThresholdToBinary(grey, (int)level);
}

struct axis {
    float angle, conf, score;
};

static struct axis measure(PIX *bw)
{
    struct axis x = {0};
    if (pixFindSkewSweepAndSearchScore(bw, &x.angle, &x.conf, &x.score, 4, 2, 0,
                                       RANGE, 1, 0.01f) != 0)
        return (struct axis){0};
    return x;
}

static void become(PIX **pix, PIX *made)
{
    if (made) {
        pixDestroy(pix);
        *pix = made;
    }
}

static void turn(PIX **pix, PIX **bw, int quarters, int *rotation)
{
    become(pix, pixRotateOrth(*pix, quarters));
    become(bw, pixRotateOrth(*bw, quarters));
    *rotation = (*rotation + quarters) % 4;
}

/* Turns a lying page by a quarter; the axis of the text either way. */
static struct axis stand_up(PIX **pix, PIX **bw, PIX *small_bw, int *rotation)
{
    struct axis rows = measure(small_bw);
    PIX *other = pixRotateOrth(small_bw, 1);
    struct axis columns = other ? measure(other) : (struct axis){0};
    pixDestroy(&other);
    if (columns.conf < SURE || rows.score >= LYING * columns.score)
        return rows;
    turn(pix, bw, 1, rotation);
    return columns;
}

static void straighten(PIX **pix, PIX **bw, struct axis text, float *skew)
{
    if (text.conf < SURE || fabsf(text.angle) < LEAST_SKEW)
        return;
    const float rad = text.angle * (float)M_PI / 180;
    become(pix,
           pixRotate(*pix, rad, L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0));
    become(bw, pixRotate(*bw, rad, L_ROTATE_SHEAR, L_BRING_IN_WHITE, 0, 0));
    *skew = text.angle;
}

static bool is_upside_down(PIX *bw)
{
    float conf = 0;
    return pixUpDownDetect(bw, &conf, LEAST_MARKS, 0, 0) == 0 && conf < DOWN;
}

void upright_turn(PIX **pix, int *rotation, float *skew)
{
    *rotation = 0;
    *skew = 0;
    PIX *small_bw = NULL;
    PIX *bw = sketch(*pix, &small_bw);
    if (bw && small_bw) {
        struct axis text = stand_up(pix, &bw, small_bw, rotation);
        straighten(pix, &bw, text, skew);
        if (is_upside_down(bw))
            turn(pix, &bw, 2, rotation);
    }
    pixDestroy(&small_bw);
    pixDestroy(&bw);
}
