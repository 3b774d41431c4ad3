/* Rows of text make the profile of a page jagged along one axis: that tells
 * lying pages. Ascenders outnumber descenders: that tells upside down. */
#include "document/upright.h"
#include <leptonica/allheaders.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/banned.h"

enum { SMALL_SIDE = 1100 };
static const float LEAST_SKEW = 0.35f; /* Tesseract copes with less */
static const float MOST_SKEW = 15.0f;

/* A black and white copy no larger than finding needs; rules and frames are
 * taken out, because they are as long along one axis as along the other. */
static PIX *sketch(PIX *grey)
{
    int side = pixGetWidth(grey) < pixGetHeight(grey) ? pixGetWidth(grey)
                                                      : pixGetHeight(grey);
    int factor = side >= 2 * SMALL_SIDE ? 4 : side >= SMALL_SIDE ? 2 : 1;
    PIX *small = factor == 4   ? pixScaleAreaMap(grey, 0.25f, 0.25f)
                 : factor == 2 ? pixScaleAreaMap2(grey)
                               : pixClone(grey);
    PIX *bw = NULL;
    if (small)
        pixOtsuAdaptiveThreshold(small, 400, 400, 0, 0, 0.1f, NULL, &bw);
    pixDestroy(&small);
    return bw;
}

static PIX *without_rules(PIX *bw)
{
    PIX *lines_h = pixMorphSequence(bw, "o50.1", 0);
    PIX *lines_v = pixMorphSequence(bw, "o1.50", 0);
    PIX *out = pixCopy(NULL, bw);
    if (out && lines_h)
        pixSubtract(out, out, lines_h);
    if (out && lines_v)
        pixSubtract(out, out, lines_v);
    pixDestroy(&lines_h);
    pixDestroy(&lines_v);
    return out;
}

/* Sum of squared steps between neighbouring sums, over their scale. */
static double jaggedness(NUMA *sums)
{
    int n = sums ? numaGetCount(sums) : 0;
    double steps = 0, before = 0;
    for (int i = 0; i < n; i++) {
        float v = 0;
        numaGetFValue(sums, i, &v);
        if (i)
            steps += ((double)v - before) * ((double)v - before);
        before = v;
    }
    return n ? steps / n : 0;
}

static bool is_lying(PIX *bw)
{
    NUMA *rows = pixCountPixelsByRow(bw, NULL);
    NUMA *columns = pixCountPixelsByColumn(bw);
    double h = jaggedness(rows) / fmax(pixGetWidth(bw), 1);
    double v = jaggedness(columns) / fmax(pixGetHeight(bw), 1);
    numaDestroy(&rows);
    numaDestroy(&columns);
    return v > 1.6 * h;
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

static float find_skew(PIX *bw)
{
    float angle = 0, conf = 0;
    if (pixFindSkewSweepAndSearch(bw, &angle, &conf, 2, 1, 7.0f, 1.0f, 0.02f) !=
            0 ||
        conf < 2.5f)
        return 0;
    return fabsf(angle) <= MOST_SKEW ? angle : 0;
}

static void straighten(PIX **pix, PIX **bw, float *skew)
{
    float angle = find_skew(*bw);
    if (fabsf(angle) < LEAST_SKEW)
        return;
    const float rad = angle * (float)M_PI / 180;
    become(pix,
           pixRotate(*pix, rad, L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0));
    become(bw, pixRotate(*bw, rad, L_ROTATE_SAMPLING, L_BRING_IN_WHITE, 0, 0));
    *skew = angle;
}

static bool is_upside_down(PIX *bw)
{
    float conf = 0;
    return pixUpDownDetect(bw, &conf, 20, 0, 0) == 0 && conf < -6.0f;
}

void upright_turn(PIX **pix, int *rotation, float *skew)
{
    *rotation = 0;
    *skew = 0;
    PIX *full = sketch(*pix);
    PIX *bw = full ? without_rules(full) : NULL;
    pixDestroy(&full);
    if (!bw)
        return;
    if (is_lying(bw))
        turn(pix, &bw, 1, rotation);
    straighten(pix, &bw, skew);
    if (is_upside_down(bw))
        turn(pix, &bw, 2, rotation);
    pixDestroy(&bw);
}
