#include "document/leaders.h"
#include <stdbool.h>
#include "tap.h"

static PIX *page(void)
{
    PIX *p = pixCreate(1000, 200, 8);
    pixSetAll(p);
    return p;
}

static void dot(PIX *p, int x, int y, int size)
{
    for (int i = 0; i < size; i++)
        for (int k = 0; k < size; k++)
            pixSetPixel(p, x + i, y + k, 20);
}

static bool white(PIX *p)
{
    l_float32 mean;
    pixGetAverageMasked(p, NULL, 0, 0, 1, L_MEAN_ABSVAL, &mean);
    return mean > 254.9f;
}

int main(void)
{
    PIX *p = page();
    for (int i = 0; i < 30; i++)
        dot(p, 100 + 16 * i, 100 + i / 12, 3);
    tap_is_int(leaders_erase(p, 200), 30, "a leader goes, also a sloping one");
    tap_ok(white(p), "and leaves nothing");
    for (int i = 0; i < 5; i++)
        dot(p, 100 + 16 * i, 100, 3);
    tap_is_int(leaders_erase(p, 200), 0, "an ellipsis stays");
    pixDestroy(&p);
    p = page();
    static const int dots[] = {100, 117, 160, 171, 215, 250, 258, 300, 341};
    for (int i = 0; i < 9; i++)
        dot(p, dots[i], 100, 3);
    tap_is_int(leaders_erase(p, 200), 0, "dots of i stay");
    pixDestroy(&p);
    p = page();
    for (int i = 0; i < 30; i++)
        dot(p, 100 + 16 * i, 100, 9);
    tap_is_int(leaders_erase(p, 200), 0, "letters stay");
    pixDestroy(&p);
    tap_is_int(leaders_erase(NULL, 200), 0, "no page");
    return tap_done();
}
