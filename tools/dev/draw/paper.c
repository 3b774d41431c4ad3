/* Drawing for test documents: what every layout needs of libharu. */
#include "paper.h"
#include <err.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static const float pt_per_mm = 72.0f / 25.4f;

/* Liberation Sans has the widths of Arial, which most suppliers print with;
 * DejaVu squeezed to 88 % comes close where it is not installed. */
static const struct face {
    const char *path[2];
    float stretch;
} faces[] = {
    {{"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
      "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"},
     0.88f},
    {{"/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
      "/usr/share/fonts/truetype/dejavu/DejaVuSerif-Bold.ttf"},
     0.9f},
    {{"/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
      "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf"},
     1.0f},
    {{NULL, NULL}, 1.0f},
};

static void fail(HPDF_STATUS error, HPDF_STATUS detail, void *data)
{
    (void)data;
    errx(1, "libharu failed: error 0x%04lx, detail %lu", error, detail);
}

void paper_open(struct paper *p, enum paper_face face, const char *watermark)
{
    const struct face *f = &faces[face];
    if (face != FACE_NONE && access(f->path[0], R_OK) != 0)
        f = &faces[FACE_SANS];
    *p = (struct paper){.stretch = f->stretch, .watermark = watermark};
    p->pdf = HPDF_New(fail, NULL);
    if (!p->pdf)
        errx(1, "libharu: no memory");
    HPDF_SetCompressionMode(p->pdf, HPDF_COMP_ALL);
    HPDF_UseUTFEncodings(p->pdf);
    for (int i = 0; i < 2 && f->path[i]; i++) {
        const char *name =
            HPDF_LoadTTFontFromFile(p->pdf, f->path[i], HPDF_TRUE);
        p->font[i] = HPDF_GetFont(p->pdf, name, "UTF-8");
    }
    HPDF_Date day = {2025, 1, 1, 0, 0, 0, 'Z', 0, 0};
    HPDF_SetInfoDateAttr(p->pdf, HPDF_INFO_CREATION_DATE, day);
    HPDF_SetInfoDateAttr(p->pdf, HPDF_INFO_MOD_DATE, day);
}

void paper_close(struct paper *p)
{
    HPDF_Free(p->pdf);
}

void paper_save(struct paper *p, const char *path)
{
    HPDF_SaveToFile(p->pdf, path);
}

static void put(struct paper *p, float x, float y, float pt, bool bold,
                const char *text)
{
    HPDF_Page_BeginText(p->page);
    HPDF_Page_SetFontAndSize(p->page, p->font[bold], pt);
    HPDF_Page_SetHorizontalScalling(p->page, p->stretch * 100);
    HPDF_Page_TextOut(p->page, x * pt_per_mm, (PAPER_HEIGHT - y) * pt_per_mm,
                      text);
    HPDF_Page_EndText(p->page);
}

static void draw_watermark(struct paper *p)
{
    const float slope = 0.9f; /* radians: along the diagonal of the page */
    HPDF_Page_GSave(p->page);
    HPDF_Page_SetGrayFill(p->page, 0.94f);
    HPDF_Page_BeginText(p->page);
    HPDF_Page_SetFontAndSize(p->page, p->font[1], 88);
    HPDF_Page_SetTextMatrix(p->page, cosf(slope), sinf(slope), -sinf(slope),
                            cosf(slope), 48 * pt_per_mm, 55 * pt_per_mm);
    HPDF_Page_ShowText(p->page, p->watermark);
    HPDF_Page_EndText(p->page);
    HPDF_Page_GRestore(p->page);
}

void paper_page(struct paper *p)
{
    p->page = HPDF_AddPage(p->pdf);
    HPDF_Page_SetSize(p->page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
    HPDF_Page_SetLineWidth(p->page, 0.6f);
    if (p->watermark)
        draw_watermark(p);
}

float paper_width(const struct paper *p, const char *text, float pt, bool bold)
{
    HPDF_TextWidth w = HPDF_Font_TextWidth(
        p->font[bold], (const HPDF_BYTE *)text, (HPDF_UINT)strlen(text));
    return (float)w.width * pt / 1000 / pt_per_mm * p->stretch;
}

void paper_text(struct paper *p, float x, float y, float pt, bool bold,
                const char *text)
{
    if (*text)
        put(p, x, y, pt, bold, text);
}

void paper_right(struct paper *p, float x, float y, float pt, bool bold,
                 const char *text)
{
    paper_text(p, x - paper_width(p, text, pt, bold), y, pt, bold, text);
}

/* How many bytes of text fit on a line: up to a space when there is one. */
static size_t fit(const struct paper *p, const char *text, float width,
                  float pt, bool bold)
{
    char line[512];
    size_t best = 0;
    for (size_t n = 0; n < sizeof line - 1; n++) {
        if (text[n] != ' ' && text[n] != '\0')
            continue;
        memcpy(line, text, n);
        line[n] = '\0';
        if (best && paper_width(p, line, pt, bold) > width)
            break;
        best = n;
        if (text[n] == '\0')
            break;
    }
    return best;
}

float paper_wrap(struct paper *p, float x, float y, float width, float pt,
                 bool bold, const char *text)
{
    for (;;) {
        char line[512];
        size_t n = fit(p, text, width, pt, bold);
        memcpy(line, text, n);
        line[n] = '\0';
        paper_text(p, x, y, pt, bold, line);
        text += n;
        while (*text == ' ')
            text++;
        if (!*text)
            return y;
        y += paper_leading(pt);
    }
}

void paper_rect(struct paper *p, float x, float y, float width, float height)
{
    HPDF_Page_Rectangle(p->page, x * pt_per_mm,
                        (PAPER_HEIGHT - y - height) * pt_per_mm,
                        width * pt_per_mm, height * pt_per_mm);
    HPDF_Page_Stroke(p->page);
}

void paper_rule(struct paper *p, float x0, float x1, float y)
{
    HPDF_Page_MoveTo(p->page, x0 * pt_per_mm, (PAPER_HEIGHT - y) * pt_per_mm);
    HPDF_Page_LineTo(p->page, x1 * pt_per_mm, (PAPER_HEIGHT - y) * pt_per_mm);
    HPDF_Page_Stroke(p->page);
}

void paper_jpeg(struct paper *p, const char *path)
{
    HPDF_Image image = HPDF_LoadJpegImageFromFile(p->pdf, path);
    HPDF_Page_DrawImage(p->page, image, 0, 0, HPDF_Page_GetWidth(p->page),
                        HPDF_Page_GetHeight(p->page));
}

float paper_leading(float pt)
{
    return pt * 1.25f / pt_per_mm;
}
