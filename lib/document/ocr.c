/* Reading pictures: upright, straight, then Tesseract. Tesseract's order of
 * words is never used, only its boxes: lines are rebuilt by the reader. */
#include "document/ocr.h"
#include <leptonica/allheaders.h>
#include <math.h>
#include <string.h>
#include <tesseract/capi.h>
#include "base/log.h"
#include "base/str.h"
#include "document/leaders.h"
#include "document/erase.h"
#include "document/upright.h"
#include "document/words.h"
#include "base/banned.h"

enum {
    MAX_WORDS = 20000,
    MAX_TEXT = 480,
    POOR_CONF = 70, /* below: is it English, or upside down? */
    BAD_CONF = 55
};

static TessBaseAPI *french, *english;

static TessBaseAPI *load(const char *lang)
{
    TessBaseAPI *t = TessBaseAPICreate();
    if (!t)
        return NULL;
    if (TessBaseAPIInit2(t, NULL, lang, OEM_LSTM_ONLY) != 0) {
        TessBaseAPIDelete(t);
        return NULL;
    }
    /* Text wherever it stands, in no order: columns of different sizes keep
     * their own base lines. One block (6) loses decimal commas, automatic
     * layout (3, 4) whole cells: measured in docs/DOCUMENTS.md. */
    TessBaseAPISetPageSegMode(t, PSM_SPARSE_TEXT);
    return t;
}

bool ocr_init(void)
{
    setMsgSeverity(L_SEVERITY_NONE);
    french = load("fra");
    if (!french)
        log_error("ocr_model_missing", "{s:s}", "lang", "fra");
    return french != NULL;
}

static void drop(TessBaseAPI **t)
{
    if (*t) {
        TessBaseAPIEnd(*t);
        TessBaseAPIDelete(*t);
    }
    *t = NULL;
}

void ocr_end(void)
{
    drop(&french);
    drop(&english);
}

/* What one run of the recogniser found. */
struct reading {
    struct word *words;
    uint32_t n;
    uint8_t conf;
};

/* Spells the word into out; 0 when nothing readable is left of it. */
static size_t spell(const char *s, char out[MAX_TEXT + 8])
{
    size_t n = 0;
    uint32_t cp;
    while (n < MAX_TEXT && (cp = str_utf8_next(&s)) != 0)
        if (!words_is_space(cp))
            n += words_spell(out + n, cp);
    return n;
}

static void take_word(struct arena *a, TessResultIterator *it, float to_pt,
                      struct reading *r)
{
    int x0, y0, x1, y1;
    const TessPageIterator *at = TessResultIteratorGetPageIteratorConst(it);
    if (!TessPageIteratorBoundingBox(at, RIL_WORD, &x0, &y0, &x1, &y1))
        return;
    char *text = TessResultIteratorGetUTF8Text(it, RIL_WORD);
    char out[MAX_TEXT + 8];
    size_t n = text ? spell(text, out) : 0;
    if (text)
        TessDeleteText(text);
    float conf = TessResultIteratorConfidence(it, RIL_WORD);
    if (n == 0 || x1 < x0 || y1 < y0)
        return;
    r->words[r->n++] =
        (struct word){.text = arena_strndup(a, out, n),
                      .box = {(float)x0 * to_pt, (float)y0 * to_pt,
                              (float)x1 * to_pt, (float)y1 * to_pt},
                      .conf = (uint8_t)fminf(fmaxf(conf, 0), 100)};
}

/* Mean over characters: a row of dots must not outweigh the text. */
static uint8_t mean_conf(const struct reading *r)
{
    uint64_t sum = 0, chars = 0;
    for (uint32_t i = 0; i < r->n; i++) {
        size_t n = strlen(r->words[i].text);
        sum += n * r->words[i].conf;
        chars += n;
    }
    return chars ? (uint8_t)(sum / chars) : 0;
}

static struct reading recognise(struct arena *a, TessBaseAPI *t, PIX *pix,
                                float dpi)
{
    struct reading r = {.words = ARENA_ARRAY(a, MAX_WORDS, struct word)};
    TessBaseAPISetImage2(t, pix);
    TessBaseAPISetSourceResolution(t, (int)lroundf(fmaxf(dpi, 70)));
    TessResultIterator *it =
        TessBaseAPIRecognize(t, NULL) == 0 ? TessBaseAPIGetIterator(t) : NULL;
    if (it) {
        do {
            take_word(a, it, 72.0f / dpi, &r);
        } while (r.n < MAX_WORDS && TessResultIteratorNext(it, RIL_WORD));
        TessResultIteratorDelete(it);
    }
    TessBaseAPIClear(t);
    r.conf = mean_conf(&r);
    return r;
}

/* A page that reads badly upright may read well upside down. */
static void try_turned(struct arena *a, PIX **pix, float dpi,
                       struct reading *best, struct page *out)
{
    PIX *turned = pixRotate180(NULL, *pix);
    if (!turned)
        return;
    struct reading r = recognise(a, french, turned, dpi);
    if (r.conf > best->conf + 5) {
        *best = r;
        pixDestroy(pix);
        *pix = turned;
        out->rotation = (out->rotation + 2) % 4;
    } else {
        pixDestroy(&turned);
    }
}

static void try_english(struct arena *a, PIX *pix, float dpi,
                        struct reading *best, struct page *out)
{
    if (!english)
        english = load("eng");
    if (!english)
        return; /* not installed: the French reading stands */
    struct reading r = recognise(a, english, pix, dpi);
    if (r.conf <= best->conf)
        return;
    *best = r;
    memcpy(out->lang, "eng", 4);
}

enum err ocr_read(struct arena *a, PIX **pix, float dpi, struct page *out)
{
    out->source = PAGE_OCR;
    memcpy(out->lang, "fra", 4);
    upright_turn(pix, &out->rotation, &out->skew);
    leaders_erase(*pix, dpi);
    erase_rules(*pix, dpi);
    struct reading best = recognise(a, french, *pix, dpi);
    if (best.conf < BAD_CONF)
        try_turned(a, pix, dpi, &best, out);
    if (best.n > 0 && best.conf < POOR_CONF)
        try_english(a, *pix, dpi, &best, out);
    out->words = best.words;
    out->n_words = best.n;
    out->conf = best.conf;
    out->width = fmaxf((float)pixGetWidth(*pix) * 72 / dpi, 1);
    out->height = fmaxf((float)pixGetHeight(*pix) * 72 / dpi, 1);
    return OK;
}
