/* The first document a process opens costs several times the second. */
#include "warm.h"
#include <leptonica/allheaders.h>
#include "base/buf.h"
#include "base/log.h"
#include "document/pdf.h"
#include "document/pdf_draw.h"
#include "base/banned.h"

static const char *const objects[] = {
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R"
    "/Resources<</Font<</F1 5 0 R>>>>>>",
    "<</Length 36>>\nstream\nBT /F1 8 Tf 9 50 Td (Bonjour) Tj ET \nendstream",
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
};

/* A page with one word. */
static struct bytes sample(struct arena *a)
{
    size_t at[ARRAY_LEN(objects)];
    struct buf b;
    buf_init(&b, a, 4096);
    buf_str(&b, "%PDF-1.4\n");
    for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
        at[i] = b.n;
        buf_printf(&b, "%zu 0 obj\n%s\nendobj\n", i + 1, objects[i]);
    }
    const size_t table = b.n;
    buf_printf(&b, "xref\n0 %zu\n0000000000 65535 f \n",
               ARRAY_LEN(objects) + 1);
    for (size_t i = 0; i < ARRAY_LEN(objects); i++)
        buf_printf(&b, "%010zu 00000 n \n", at[i]);
    buf_printf(&b,
               "trailer\n<</Root 1 0 R/Size %zu>>\nstartxref\n%zu\n%%%%EOF\n",
               ARRAY_LEN(objects) + 1, table);
    return buf_bytes(&b);
}

static void draw_once(struct arena *a, struct bytes data)
{
    struct pdf pdf;
    if (pdf_open(a, data, &pdf) != OK)
        return;
    struct _PopplerPage *page = pdf_page(&pdf, 0);
    float dpi = 40;
    PIX *pix = page ? pdf_draw_grey(page, 100000, &dpi) : NULL;
    pixDestroy(&pix);
    if (page)
        pdf_page_free(page);
}

void warm_up(void)
{
    struct arena *a = arena_new(65536);
    const struct bytes data = sample(a);
    const struct document_limits lim = {.max_pages = 1, .max_scanned_pages = 1};
    struct document *d;
    if (pdf_read(a, data, &lim, &d) != OK || d->pages[0].n_words != 1)
        log_warning("warm_up_failed", NULL);
    draw_once(a, data);
    /* Never freed: with its last document poppler forgets its tables, and
     * every child would read them again. */
}
