/* Text of bills that exist only as text is read as every PDF is. */
#include "typewriter.h"
#include <hpdf.h>
#include <string.h>
#include "base/str.h"

static const char face[] =
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf";
static const float size = 8, leading = 9.6f, column = 8 * 0.602f, margin = 24;

static void ignore(HPDF_STATUS error, HPDF_STATUS detail, void *data)
{
    (void)error;
    (void)detail;
    (void)data;
}

/* Letters of the longest line, and how many lines there are. */
static void measure(const char *text, const char *end, size_t *wide,
                    size_t *lines)
{
    size_t n = 0;
    *wide = 60;
    *lines = 1;
    for (; text < end; text++) {
        n = *text == '\n' ? 0 : n + (((unsigned char)*text & 0xC0) != 0x80);
        *wide = n > *wide ? n : *wide;
        *lines += *text == '\n';
    }
}

static void draw_page(struct arena *a, HPDF_Doc pdf, HPDF_Font font,
                      const char *text, const char *end)
{
    size_t wide, lines;
    measure(text, end, &wide, &lines);
    HPDF_Page page = HPDF_AddPage(pdf);
    const float height = (float)lines * leading + 2 * margin;
    HPDF_Page_SetWidth(page, (float)wide * column + 2 * margin);
    HPDF_Page_SetHeight(page, height);
    HPDF_Page_BeginText(page);
    HPDF_Page_SetFontAndSize(page, font, size);
    for (float y = height - margin - size; text < end; y -= leading) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t n = (size_t)((stop ? stop : end) - text);
        const char *line = arena_strndup(a, text, n);
        HPDF_Page_TextOut(page, margin, y, line);
        text += n + 1;
    }
    HPDF_Page_EndText(page);
}

static struct bytes finished(struct arena *a, HPDF_Doc pdf)
{
    HPDF_SaveToStream(pdf);
    HPDF_UINT32 n = HPDF_GetStreamSize(pdf);
    uint8_t *p = arena_alloc(a, n + 1);
    HPDF_ReadFromStream(pdf, p, &n);
    return (struct bytes){p, n};
}

struct bytes typewriter_pdf(struct arena *a, const char *text)
{
    struct bytes out = {0};
    HPDF_Doc pdf = HPDF_New(ignore, NULL);
    if (!pdf)
        return out;
    HPDF_UseUTFEncodings(pdf);
    const char *name = HPDF_LoadTTFontFromFile(pdf, face, HPDF_TRUE);
    HPDF_Font font = name ? HPDF_GetFont(pdf, name, "UTF-8") : NULL;
    while (font && *text) {
        size_t n = strcspn(text, "\f");
        draw_page(a, pdf, font, text, text + n);
        text += n + (text[n] == '\f');
    }
    if (font)
        out = finished(a, pdf);
    HPDF_Free(pdf);
    return out;
}
