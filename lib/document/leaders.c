/* A leader is a chain of small specks on one height at one distance. The
 * dots of i and accents sit on one height too, but at no regular distance. */
#include "document/leaders.h"
#include <stdbool.h>
#include <stdlib.h>
#include "base/banned.h"

enum {
    DARK = 150,       /* grey below this is ink */
    CHAIN_LEAST = 6,
    SPECKS_MAX = 60000
};

struct speck {
    int x, y, w, h; /* x and y of the centre, doubled */
    bool taken;
};

static int by_y_then_x(const void *p, const void *q)
{
    const struct speck *a = p, *b = q;
    return a->y != b->y ? (a->y < b->y ? -1 : 1)
                        : (a->x > b->x) - (a->x < b->x);
}

static struct speck *find_specks(PIX *pix, float dpi, int *n)
{
    *n = 0;
    PIX *ink = pixThresholdToBinary(pix, DARK);
    BOXA *boxes = ink ? pixConnCompBB(ink, 8) : NULL;
    pixDestroy(&ink);
    int count = boxes ? boxaGetCount(boxes) : 0;
    count = count < SPECKS_MAX ? count : SPECKS_MAX;
    struct speck *s = calloc((size_t)count + 1, sizeof *s);
    int most = (int)(dpi / 36);
    for (int i = 0; s && i < count; i++) {
        int x, y, w, h;
        boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
        if (w <= most && h <= most && w <= 2 * h && h <= 2 * w)
            s[(*n)++] = (struct speck){2 * x + w, 2 * y + h, w, h, false};
    }
    boxaDestroy(&boxes);
    if (s)
        qsort(s, (size_t)*n, sizeof *s, by_y_then_x);
    return s;
}

/* The nearest free speck to the right of s[from] at most reach away and on
 * the same height; -1 for none. */
static int next_speck(const struct speck *s, int n, int from, int reach)
{
    int best = -1;
    for (int dir = -1; dir <= 1; dir += 2)
        for (int i = from + dir; i >= 0 && i < n; i += dir) {
            int dy = abs(s[i].y - s[from].y), dx = s[i].x - s[from].x;
            if (dy > 5)
                break;
            if (!s[i].taken && dx > 2 && dx <= reach &&
                (best < 0 || s[i].x < s[best].x))
                best = i;
        }
    return best;
}

static int by_value(const void *p, const void *q)
{
    return *(const int *)p - *(const int *)q;
}

/* Most steps are one pitch, or two where a dot was lost. */
static bool is_regular(const struct speck *s, const int *chain, int n)
{
    int steps[512], sorted[512], regular = 0, k = n - 1;
    k = k < 512 ? k : 512;
    if (k < 1)
        return false;
    for (int i = 0; i < k; i++)
        sorted[i] = steps[i] = s[chain[i + 1]].x - s[chain[i]].x;
    qsort(sorted, (size_t)k, sizeof *sorted, by_value);
    int pitch = sorted[k / 2];
    for (int i = 0; i < k; i++)
        regular += abs(steps[i] - pitch) <= 4 ||
                   abs(steps[i] - 2 * pitch) <= 5;
    return regular * 10 >= k * 8;
}

static void whiten(PIX *pix, const struct speck *s)
{
    BOX *box = boxCreate((s->x - s->w) / 2 - 2, (s->y - s->h) / 2 - 2,
                         s->w + 4, s->h + 4);
    if (box)
        pixSetInRect(pix, box);
    boxDestroy(&box);
}

static int erase_chain(PIX *pix, struct speck *s, const int *chain, int n)
{
    if (n < CHAIN_LEAST || !is_regular(s, chain, n))
        return 0;
    for (int i = 0; i < n; i++) {
        s[chain[i]].taken = true;
        whiten(pix, &s[chain[i]]);
    }
    return n;
}

int leaders_erase(PIX *pix, float dpi)
{
    int n, erased = 0, reach = (int)(2 * dpi / 7);
    if (!pix || pixGetDepth(pix) != 8)
        return 0;
    struct speck *s = find_specks(pix, dpi, &n);
    int *chain = calloc((size_t)n + 1, sizeof *chain);
    for (int i = 0; s && chain && i < n; i++) {
        int len = 0;
        for (int at = i; at >= 0 && !s[at].taken && len < n;) {
            chain[len++] = at;
            at = next_speck(s, n, at, reach);
        }
        erased += erase_chain(pix, s, chain, len);
    }
    free(chain);
    free(s);
    return erased;
}
