/* The operator's logo: which JPEGs are taken, which report shows them. */
#include "invoice/report_logo.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/conf.h"
#include "invoice/report_pdf.h"
#include "sample_result.h"
#include "scan.h"
#include "tap.h"

static struct arena *a;
static char path[] = "/tmp/report_logo_XXXXXX";

static struct bytes jpeg(int w, int h, int depth)
{
    PIX *pix = pixCreate(w, h, depth);
    pixSetAllArbitrary(pix, depth == 32 ? 0xCC330000 : 0x80);
    struct bytes out = scan_file(a, pix, IFF_JFIF_JPEG);
    pixDestroy(&pix);
    return out;
}

/* NULL when the start would go on. */
static const char *load(struct bytes data)
{
    FILE *f = fopen(path, "wb");
    const bool written = f && fwrite(data.p, 1, data.n, f) == data.n;
    if (f)
        fclose(f);
    return written ? report_logo_load() : "not written";
}

static bool has_picture(bool anonymous)
{
    const struct audit_request req = {.confidence_min = 500};
    struct reference *ref = sample_reference();
    struct audit_result *r = sample_result(a, ref, "S2", false);
    struct report_model *m = report_model_new(a, ref, &req, r);
    struct bytes pdf = {NULL, 0};
    m->anonymous = anonymous;
    const bool drawn = report_pdf(a, m, &pdf) == OK;
    reference_free(ref);
    return drawn && memmem(pdf.p, pdf.n, "/DCTDecode", 10) != NULL;
}

static void measures(void)
{
    struct report_logo l;
    struct bytes b = jpeg(320, 120, 32);
    tap_ok(report_logo_measure(b, &l), "a colour JPEG");
    tap_is_int(l.width, 320, "its width");
    tap_is_int(l.height, 120, "its height");
    tap_ok(report_logo_measure(jpeg(1, 1, 8), &l), "one grey pixel");
    tap_ok(!report_logo_measure(jpeg(4001, 2, 8), &l), "too wide");
    tap_ok(!report_logo_measure((struct bytes){b.p, b.n - 1}, &l), "cut");
    int refused = 0;
    for (size_t n = 0; n < b.n; n++)
        refused += !report_logo_measure((struct bytes){b.p, n}, &l);
    tap_is_int(refused, (int)b.n, "cut anywhere");
    uint8_t *same = arena_alloc(a, b.n);
    memcpy(same, b.p, b.n);
    same[4] = 0xFF; /* the first segment is longer than the file */
    tap_ok(!report_logo_measure((struct bytes){same, b.n}, &l),
           "a segment that leaves the file");
    tap_ok(
        !report_logo_measure((struct bytes){(const uint8_t *)"\x89PNG", 4}, &l),
        "a PNG");
}

static void loads(void)
{
    setenv("REPORT_LOGO", path, 1);
    if (conf_init() != NULL)
        return;
    tap_ok(load((struct bytes){(const uint8_t *)"no", 2}) != NULL,
           "what is no JPEG ends the start");
    tap_ok(report_logo() == NULL && !has_picture(false), "and is not shown");
    uint8_t *large = arena_alloc(a, 70000);
    tap_ok(load((struct bytes){large, 70000}) != NULL, "so does a large file");
    tap_ok(load(jpeg(320, 120, 32)) == NULL, "a JPEG is taken");
    tap_ok(has_picture(false), "the full report shows it");
    tap_ok(!has_picture(true), "the anonymised one does not");
    unlink(path);
    tap_ok(report_logo_load() != NULL && !report_logo(), "no such file");
    setenv("REPORT_LOGO", "", 1);
    tap_ok(conf_init() == NULL && report_logo_load() == NULL && !report_logo(),
           "none configured");
}

int main(void)
{
    const int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    a = arena_new(65536);
    measures();
    loads();
    arena_free(a);
    return tap_done();
}
