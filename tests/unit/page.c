#include "document/page.h"
#include <math.h>
#include "base/buf.h"
#include "tap.h"

static struct bytes packed(struct arena *a, const struct page *p)
{
    struct buf b;
    buf_init(&b, a, 1 << 20);
    page_pack(&b, p);
    return buf_bytes(&b);
}

static bool unpacks(struct arena *a, struct bytes in)
{
    struct page out;
    return page_unpack(a, in, &out);
}

static struct word words[2];
static struct page sample(void)
{
    words[0] = (struct word){"Montant", {10, 20, 50, 30}, 100};
    words[1] = (struct word){"1 234,56€" + 2, {60, 20, 90, 30}, 87};
    return (struct page){.number = 3,
                         .width = 595,
                         .height = 842,
                         .source = PAGE_OCR,
                         .rotation = 1,
                         .skew = -1.5f,
                         .conf = 91,
                         .lang = "fra",
                         .words = words,
                         .n_words = 2};
}

static void round_trip(struct arena *a)
{
    struct page in = sample(), out;
    tap_ok(page_unpack(a, packed(a, &in), &out), "a packed page is read");
    tap_is_int(out.number, 3, "number");
    tap_ok(out.width == 595 && out.height == 842, "size");
    tap_ok(out.source == PAGE_OCR && out.rotation == 1, "source, rotation");
    tap_ok(out.skew == -1.5f && out.conf == 91, "skew, confidence");
    tap_is_str(out.lang, "fra", "language");
    tap_is_int(out.n_words, 2, "words");
    tap_is_str(out.words[1].text, "234,56€", "text");
    tap_ok(out.words[1].box.x1 == 90 && out.words[1].conf == 87, "box");
    in.n_words = 0;
    tap_ok(page_unpack(a, packed(a, &in), &out) && !out.n_words, "no words");
}

static void refused(struct arena *a)
{
    struct page p = sample();
    struct bytes good = packed(a, &p);
    size_t bad = 0;
    for (size_t n = 0; n < good.n; n++)
        bad += unpacks(a, (struct bytes){good.p, n});
    tap_is_int(bad, 0, "no shorter form is taken");
    struct buf more;
    buf_init(&more, a, 4096);
    page_pack(&more, &p);
    buf_char(&more, 'x');
    tap_ok(!unpacks(a, buf_bytes(&more)), "one byte more is refused");

    static const char *const texts[] = {"a b", "", "\x01", "\xff", "\xe2\x82"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        p = sample();
        p.words[0].text = texts[i];
        tap_ok(!unpacks(a, packed(a, &p)), "word text %zu refused", i);
    }
    p = sample();
    p.words[0].box.x0 = NAN;
    tap_ok(!unpacks(a, packed(a, &p)), "box that is no number");
    p = sample();
    p.words[0].box.x1 = 5;
    tap_ok(!unpacks(a, packed(a, &p)), "box turned inside out");
    p = sample();
    p.width = INFINITY;
    tap_ok(!unpacks(a, packed(a, &p)), "endless page");
    p = sample();
    p.rotation = 4;
    tap_ok(!unpacks(a, packed(a, &p)), "rotation");
    p = sample();
    memcpy(p.lang, "fraX", 4);
    tap_ok(!unpacks(a, packed(a, &p)), "language without end");
    p = sample();
    p.number = 0;
    tap_ok(!unpacks(a, packed(a, &p)), "page 0");
    p = sample();
    p.words[1].conf = 101;
    tap_ok(!unpacks(a, packed(a, &p)), "confidence over 100");
}

/* Whatever one flipped byte makes of it: refused or within the limits. */
static void flips(struct arena *a)
{
    struct page p = sample(), out;
    struct bytes good = packed(a, &p);
    char *copy = arena_strndup(a, (const char *)good.p, good.n);
    size_t odd = 0;
    for (size_t i = 0; i < good.n; i++)
        for (int v = 1; v < 256; v *= 2) {
            copy[i] ^= (char)v;
            if (page_unpack(a, (struct bytes){(uint8_t *)copy, good.n}, &out))
                odd += out.n_words != 2 || !isfinite(out.width) ||
                       out.number < 1 || strlen(out.words[0].text) > 512;
            copy[i] ^= (char)v;
        }
    tap_is_int(odd, 0, "a flipped bit never gets past the limits");
}

int main(void)
{
    struct arena *a = arena_new(65536);
    round_trip(a);
    refused(a);
    flips(a);
    struct page p = sample();
    char *huge = arena_alloc(a, 1000);
    memset(huge, 'x', 999);
    p.words[0].text = huge;
    struct buf b;
    buf_init(&b, a, 1 << 20);
    page_pack(&b, &p);
    tap_ok(!buf_ok(&b), "a word too long to read back is not packed");
    arena_free(a);
    return tap_done();
}
