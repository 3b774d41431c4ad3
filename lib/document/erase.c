/* A rule is dark, long in one direction and thin in the other. */
#include "document/erase.h"
#include <leptonica/allheaders.h>
#include <math.h>
#include "base/banned.h"

enum { DARK = 170 };

/* Long dark runs along one axis, without what is thick or near thick. */
static PIX *thin_runs(PIX *bw, int length, int thick, int along_x)
{
    PIX *runs = along_x ? pixOpenBrick(NULL, bw, length, 1)
                        : pixOpenBrick(NULL, bw, 1, length);
    PIX *broad = !runs     ? NULL
                 : along_x ? pixOpenBrick(NULL, runs, 1, thick)
                           : pixOpenBrick(NULL, runs, thick, 1);
    int empty = 1;
    if (broad)
        pixZero(broad, &empty);
    if (!empty) {
        pixDilateBrick(broad, broad, 4 * thick + 1, 4 * thick + 1);
        pixSubtract(runs, runs, broad);
    }
    pixDestroy(&broad);
    return runs;
}

/* Paints where the runs are, a pixel further on each side: scanners blur. */
static void paint(PIX *pix, PIX *runs)
{
    int empty = 1;
    pixZero(runs, &empty);
    if (empty)
        return;
    pixDilateBrick(runs, runs, 3, 3);
    pixSetMasked(pix, runs, 255);
}

void erase_rules(PIX *pix, float dpi)
{
    const int length = (int)lroundf(dpi * 0.4f);
    const int thick = (int)fmaxf(lroundf(dpi / 28), 4);
    PIX *bw = pixThresholdToBinary(pix, DARK);
    PIX *rows = bw ? thin_runs(bw, length, thick, 1) : NULL;
    PIX *columns = bw ? thin_runs(bw, length, thick, 0) : NULL;
    if (rows)
        paint(pix, rows);
    if (columns)
        paint(pix, columns);
    pixDestroy(&rows);
    pixDestroy(&columns);
    pixDestroy(&bw);
}
