#include "document/upright.h"
#include <math.h>
#include "scan.h"
#include "tap.h"

static void turned(int quarters, float degrees)
{
    PIX *pix = scan_draw(scan_lines, ARRAY_LEN(scan_lines), 200);
    PIX *t = pixRotate(pix, degrees * (float)M_PI / 180, L_ROTATE_AREA_MAP,
                       L_BRING_IN_WHITE, 0, 0);
    pixDestroy(&pix);
    pix = pixRotateOrth(t, quarters);
    pixDestroy(&t);
    int rotation = -1;
    float skew = 99;
    upright_turn(&pix, &rotation, &skew);
    tap_ok(rotation == (4 - quarters) % 4 && fabsf(skew + degrees) < 0.4f,
           "%d quarters and %.1f degrees: found %d and %.2f", quarters,
           (double)degrees, rotation, (double)skew);
    tap_ok(pixGetHeight(pix) > pixGetWidth(pix), "the page stands");
    pixDestroy(&pix);
}

int main(void)
{
    setMsgSeverity(L_SEVERITY_NONE);
    const float degrees[] = {0, 1.5f, -1.5f, 4, -6};
    for (int q = 0; q < 4; q++)
        for (size_t i = 0; i < ARRAY_LEN(degrees); i++)
            turned(q, degrees[i]);
    PIX *pix = pixCreate(1654, 2339, 8);
    pixSetAll(pix);
    int rotation;
    float skew;
    upright_turn(&pix, &rotation, &skew);
    tap_ok(rotation == 0 && skew == 0, "an empty page stays as it is");
    pixDestroy(&pix);
    pix = pixCreate(1, 1, 8);
    upright_turn(&pix, &rotation, &skew);
    tap_ok(pix != NULL, "one pixel is no trouble");
    pixDestroy(&pix);
    return tap_done();
}
