/* A PDF to draw on: a thin layer over libharu. Texts are written in
 * Windows-1252 with embedded TrueType subsets: four times cheaper than
 * libharu's UTF-8 fonts and readable in the streams, so that the search for
 * leaks sees what is really written. */
#include "print/canvas.h"

#include <hpdf.h>
#include <string.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "base/banned.h"

enum {
    PDF_MAX = 4 << 20, /* larger than any report can become */
    RECORD_MAX = 1 << 20,
    FONT_MAX = 128 << 10, /* the subsets take some 20 kB */
    ELLIPSIS = 0x85,      /* "…" in Windows-1252 */
};

/* An encoded text: Windows-1252 bytes, NUL at the end. */
struct run {
    const char *p;
    size_t n;
};

struct canvas {
    struct arena *arena;
    HPDF_Doc doc; /* NULL when recording */
    HPDF_Page page;
    HPDF_Font fonts[CANVAS_FONT_MAX];
    uint16_t widths[CANVAS_FONT_MAX][256]; /* thousandths of the size */
    struct buf record;
    bool quiet;
    HPDF_STATUS error; /* first failure */
};

/* libharu calls this for every failure; drawing goes on harmlessly and
 * canvas_close refuses the result. */
static void on_error(HPDF_STATUS error, HPDF_STATUS detail, void *user)
{
    struct canvas *c = user;
    (void)detail;
    if (!c->error)
        c->error = error ? error : 1;
}

static void log_failure(const struct canvas *c)
{
    log_error("report_draw_failed", "{s:i}", "error", (int)c->error);
}

static void free_doc(void *p)
{
    struct canvas *c = p;
    if (c->doc)
        HPDF_Free(c->doc);
    c->doc = NULL;
}

/* ---- encoding ---------------------------------------------------------- */

/* Base letters of U+0100..U+017F. */
static const char latin_a_base[] =
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiJjJjKkkLlLlLlLlLl"
    "NnNnNnnNnOoOoOo\x8c\x9cRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYy\x9fZzZzZzs";
_Static_assert(sizeof latin_a_base == 0x80 + 1, "one letter a code point");

/* The Windows-1252 byte of a code point the fonts hold, the nearest letter
 * or '?'; 0 drops the character (a combining accent, a soft hyphen). */
static uint8_t encode_one(uint32_t cp)
{
    static const struct {
        uint16_t cp;
        uint8_t byte;
    } map[] = {{0x2013, 0x96}, {0x2014, 0x97}, {0x2018, 0x91}, {0x2019, 0x92},
               {0x201A, ','},  {0x201C, 0x93}, {0x201D, 0x94}, {0x201E, 0x93},
               {0x2022, 0x95}, {0x2026, 0x85}, {0x20AC, 0x80}, {0x202F, 0xA0},
               {0x2007, 0xA0}, {0x2009, 0xA0}, {0x2010, '-'},  {0x2011, '-'},
               {0x2212, '-'},  {0x00AD, 0},    {0x200B, 0},    {0xFEFF, 0}};
    if (cp < 0x20)
        return ' ';
    for (size_t i = 0; i < ARRAY_LEN(map); i++)
        if (map[i].cp == cp)
            return map[i].byte;
    if (cp < 0x7F || (cp >= 0xA0 && cp <= 0xFF))
        return (uint8_t)cp;
    if (cp >= 0x100 && cp <= 0x17F)
        return (uint8_t)latin_a_base[cp - 0x100];
    return cp >= 0x300 && cp <= 0x36F ? 0 : '?';
}

static struct run encode(struct canvas *c, const char *s)
{
    struct run r = {NULL, 0};
    char *out = arena_alloc(c->arena, strlen(s) + 1);
    for (uint32_t cp; (cp = str_utf8_next(&s)) != 0;) {
        uint8_t byte = encode_one(cp);
        if (byte)
            out[r.n++] = (char)byte;
    }
    r.p = out;
    return r;
}

static float run_width(const struct canvas *c, struct ink k, struct run r)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < r.n; i++)
        sum += c->widths[k.font][(uint8_t)r.p[i]];
    return (float)sum * k.size / 1000;
}

/* ---- documents --------------------------------------------------------- */

static void load_widths(struct canvas *c, int font)
{
    for (int i = 0x20; i < 0x100; i++) {
        HPDF_BYTE byte = (HPDF_BYTE)i;
        HPDF_TextWidth w = HPDF_Font_TextWidth(c->fonts[font], &byte, 1);
        c->widths[font][i] = (uint16_t)w.width;
    }
}

static struct bytes read_file(struct arena *a, const char *path)
{
    AUTO_FILE f = fopen(path, "rbe");
    uint8_t *p = arena_alloc(a, FONT_MAX);
    size_t n = f ? fread(p, 1, FONT_MAX, f) : 0;
    return (struct bytes){p, n < FONT_MAX ? n : 0};
}

/* HPDF_LoadTTFontFromFile() from memory. libharu reads a font glyph by glyph
 * and seeks before each: from a file that is 600 system calls a font. */
static const char *load_font(struct canvas *c, struct bytes font,
                             const char *tag)
{
    HPDF_Stream s =
        font.n ? HPDF_MemStream_New(c->doc->mmgr, (HPDF_UINT)font.n) : NULL;
    if (!s)
        return NULL;
    if (HPDF_Stream_Write(s, font.p, (HPDF_UINT)font.n) != HPDF_OK) {
        HPDF_Stream_Free(s);
        return NULL;
    }
    HPDF_FontDef def = HPDF_TTFontDef_Load(c->doc->mmgr, s, HPDF_TRUE);
    if (!def)
        return NULL;
    if (HPDF_List_Add(c->doc->fontdef_list, def) != HPDF_OK) {
        HPDF_FontDef_Free(def);
        return NULL;
    }
    HPDF_TTFontDef_SetTagName(def, (char *)tag);
    return def->base_font;
}

static bool load_fonts(struct canvas *c)
{
    static const struct {
        const char *file, *tag;
    } rows[CANVAS_FONT_MAX] = {{"sans.ttf", "HPDFAA"}, {"bold.ttf", "HPDFAB"}};
    for (int i = 0; i < CANVAS_FONT_MAX; i++) {
        const char *path =
            arena_printf(c->arena, "%s/share/fonts/%s",
                         conf_str(CONF_COMPTOIR_HOME), rows[i].file);
        const char *name = load_font(c, read_file(c->arena, path), rows[i].tag);
        c->fonts[i] =
            name ? HPDF_GetFont(c->doc, name, "WinAnsiEncoding") : NULL;
        if (!c->fonts[i]) {
            log_error("report_font_missing", "{s:s,s:i}", "path", path,
                      "error", (int)c->error);
            return false;
        }
        load_widths(c, i);
    }
    return true;
}

static void set_date(struct canvas *c, int64_t ms)
{
    HPDF_Date d = {.ind = 'Z'};
    clock_civil((int32_t)(ms / 86400000), &d.year, &d.month, &d.day);
    int s = (int)(ms / 1000 % 86400);
    d.hour = s / 3600;
    d.minutes = s / 60 % 60;
    d.seconds = s % 60;
    HPDF_SetInfoDateAttr(c->doc, HPDF_INFO_CREATION_DATE, d);
}

static const char *info_text(struct canvas *c, const char *s)
{
    return encode(c, s).p;
}

struct canvas *canvas_open(struct arena *a, const struct canvas_info *info)
{
    struct canvas *c = ARENA_NEW(a, struct canvas);
    c->arena = a;
    c->doc = HPDF_NewEx(on_error, NULL, NULL, 0, c);
    if (!c->doc) {
        log_failure(c);
        return NULL;
    }
    arena_defer(a, free_doc, c);
    HPDF_SetCompressionMode(c->doc, HPDF_COMP_ALL);
    if (!load_fonts(c))
        return NULL;
    HPDF_SetInfoAttr(c->doc, HPDF_INFO_TITLE, info_text(c, info->title));
    HPDF_SetInfoAttr(c->doc, HPDF_INFO_AUTHOR, info_text(c, info->author));
    HPDF_SetInfoAttr(c->doc, HPDF_INFO_CREATOR, "comptoir");
    HPDF_SetInfoAttr(c->doc, HPDF_INFO_PRODUCER, "comptoir");
    set_date(c, info->created_ms);
    return c;
}

struct canvas *canvas_record(struct arena *a)
{
    struct canvas *c = ARENA_NEW(a, struct canvas);
    c->arena = a;
    buf_init(&c->record, a, RECORD_MAX);
    for (int f = 0; f < CANVAS_FONT_MAX; f++)
        for (int i = 0; i < 256; i++)
            c->widths[f][i] = 500;
    return c;
}

const char *canvas_recorded(struct canvas *c)
{
    return buf_cstr(&c->record);
}

void canvas_quiet(struct canvas *c, bool quiet)
{
    c->quiet = quiet;
}

static bool is_drawing(const struct canvas *c)
{
    return c->doc && !c->quiet;
}

void canvas_page(struct canvas *c)
{
    if (!c->doc)
        return;
    c->page = HPDF_AddPage(c->doc);
    HPDF_Page_SetSize(c->page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
}

/* The bytes of the finished document, none when libharu failed. */
static struct bytes save(struct canvas *c)
{
    struct bytes none = {NULL, 0};
    if (c->error || HPDF_SaveToStream(c->doc) != HPDF_OK)
        return none;
    HPDF_UINT32 n = HPDF_GetStreamSize(c->doc);
    if (n == 0 || n > PDF_MAX)
        return none;
    uint8_t *p = arena_alloc(c->arena, n);
    HPDF_ResetStream(c->doc);
    HPDF_UINT32 got = n;
    HPDF_STATUS s = HPDF_ReadFromStream(c->doc, p, &got);
    bool whole = (s == HPDF_OK || s == HPDF_STREAM_EOF) && got == n;
    return whole && !c->error ? (struct bytes){p, n} : none;
}

struct bytes canvas_close(struct canvas *c)
{
    if (!c->doc)
        return (struct bytes){NULL, 0};
    struct bytes out = save(c);
    if (!out.n)
        log_failure(c);
    free_doc(c);
    return out;
}

/* ---- text -------------------------------------------------------------- */

static void set_fill(struct canvas *c, uint32_t rgb)
{
    HPDF_Page_SetRGBFill(c->page, (float)(rgb >> 16 & 255) / 255,
                         (float)(rgb >> 8 & 255) / 255,
                         (float)(rgb & 255) / 255);
}

/* Writes an encoded text; r.p must end with NUL after n bytes. */
static void put(struct canvas *c, struct ink k, float x, float y, struct run r)
{
    if (!is_drawing(c) || r.n == 0)
        return;
    set_fill(c, k.rgb);
    HPDF_Page_BeginText(c->page);
    HPDF_Page_SetFontAndSize(c->page, c->fonts[k.font], k.size);
    HPDF_Page_TextOut(c->page, x, (float)CANVAS_HEIGHT - y, r.p);
    HPDF_Page_EndText(c->page);
}

static void remember(struct canvas *c, const char *s)
{
    if (c->doc || c->quiet)
        return;
    buf_str(&c->record, s);
    buf_char(&c->record, '\n');
}

void canvas_text(struct canvas *c, struct ink k, float x, float y,
                 const char *s)
{
    remember(c, s);
    put(c, k, x, y, encode(c, s));
}

void canvas_right(struct canvas *c, struct ink k, float x, float y,
                  const char *s)
{
    remember(c, s);
    struct run r = encode(c, s);
    put(c, k, x - run_width(c, k, r), y, r);
}

void canvas_center(struct canvas *c, struct ink k, float x, float y,
                   const char *s)
{
    remember(c, s);
    struct run r = encode(c, s);
    put(c, k, x - run_width(c, k, r) / 2, y, r);
}

float canvas_width(struct canvas *c, struct ink k, const char *s)
{
    return run_width(c, k, encode(c, s));
}

float canvas_leading(struct ink k)
{
    return k.size * 1.32f;
}

/* r cut so that it fits w with an ellipsis behind it. */
static struct run cut(struct canvas *c, struct ink k, float w, struct run r)
{
    float room = w - c->widths[k.font][ELLIPSIS] * k.size / 1000;
    size_t n = 0;
    for (float sum = 0; n < r.n; n++) {
        sum += c->widths[k.font][(uint8_t)r.p[n]] * k.size / 1000;
        if (sum > room)
            break;
    }
    while (n > 0 && (r.p[n - 1] == ' ' || r.p[n - 1] == ','))
        n--;
    char *p = arena_alloc(c->arena, n + 2);
    memcpy(p, r.p, n);
    p[n] = (char)ELLIPSIS;
    return (struct run){p, n + 1};
}

void canvas_fit(struct canvas *c, struct ink k, float x, float y, float w,
                const char *s)
{
    remember(c, s);
    struct run r = encode(c, s);
    put(c, k, x, y, run_width(c, k, r) <= w ? r : cut(c, k, w, r));
}

/* Length of the first line of r: up to the last space that fits, or as many
 * characters as fit when one word is wider than the line. */
static size_t line_break(const struct canvas *c, struct ink k, float w,
                         struct run r)
{
    size_t space = 0, n = 0;
    for (float sum = 0; n < r.n; n++) {
        sum += c->widths[k.font][(uint8_t)r.p[n]] * k.size / 1000;
        if (r.p[n] == ' ')
            space = n;
        if (sum > w && r.p[n] != ' ')
            return space ? space : n ? n : 1;
    }
    return n;
}

/* Walks the lines of s; draws them when at is given. */
static int wrap(struct canvas *c, struct ink k, const struct point *at, float w,
                int max, const char *s)
{
    struct run rest = encode(c, s);
    int lines = 0;
    while (rest.n > 0 && lines < max) {
        size_t n = line_break(c, k, w, rest);
        struct run line = {arena_strndup(c->arena, rest.p, n), n};
        if (lines == max - 1 && n < rest.n)
            line = cut(c, k, w, rest);
        if (at)
            put(c, k, at->x, at->y + (float)lines * canvas_leading(k), line);
        lines++;
        while (n < rest.n && rest.p[n] == ' ')
            n++;
        rest.p += n;
        rest.n -= n;
    }
    return lines;
}

int canvas_wrap(struct canvas *c, struct ink k, struct point at, float w,
                int max, const char *s)
{
    remember(c, s);
    return wrap(c, k, &at, w, max, s);
}

int canvas_lines(struct canvas *c, struct ink k, float w, int max,
                 const char *s)
{
    return wrap(c, k, NULL, w, max, s);
}

/* ---- shapes ------------------------------------------------------------ */

void canvas_jpeg(struct canvas *c, struct bytes jpeg, float x, float y, float w,
                 float h)
{
    if (!is_drawing(c))
        return;
    HPDF_Image image =
        HPDF_LoadJpegImageFromMem(c->doc, jpeg.p, (HPDF_UINT)jpeg.n);
    if (image)
        HPDF_Page_DrawImage(c->page, image, x, (float)CANVAS_HEIGHT - y - h, w,
                            h);
}

void canvas_fill(struct canvas *c, uint32_t rgb, float x, float y, float w,
                 float h)
{
    if (!is_drawing(c))
        return;
    set_fill(c, rgb);
    HPDF_Page_Rectangle(c->page, x, (float)CANVAS_HEIGHT - y - h, w, h);
    HPDF_Page_Fill(c->page);
}

static void set_stroke(struct canvas *c, uint32_t rgb, float width)
{
    HPDF_Page_SetRGBStroke(c->page, (float)(rgb >> 16 & 255) / 255,
                           (float)(rgb >> 8 & 255) / 255,
                           (float)(rgb & 255) / 255);
    HPDF_Page_SetLineWidth(c->page, width);
}

void canvas_frame(struct canvas *c, uint32_t rgb, float x, float y, float w,
                  float h)
{
    if (!is_drawing(c))
        return;
    set_stroke(c, rgb, 0.7f);
    HPDF_Page_Rectangle(c->page, x, (float)CANVAS_HEIGHT - y - h, w, h);
    HPDF_Page_Stroke(c->page);
}

void canvas_round(struct canvas *c, uint32_t rgb, float x, float y, float w,
                  float h)
{
    if (!is_drawing(c))
        return;
    float r = h < 12 || w < 12 ? (h < w ? h : w) / 2 : 6, k = r * 0.45f;
    float b = (float)CANVAS_HEIGHT - y - h, t = b + h, e = x + w;
    set_fill(c, rgb);
    HPDF_Page p = c->page;
    HPDF_Page_MoveTo(p, x + r, b);
    HPDF_Page_LineTo(p, e - r, b);
    HPDF_Page_CurveTo(p, e - k, b, e, b + k, e, b + r);
    HPDF_Page_LineTo(p, e, t - r);
    HPDF_Page_CurveTo(p, e, t - k, e - k, t, e - r, t);
    HPDF_Page_LineTo(p, x + r, t);
    HPDF_Page_CurveTo(p, x + k, t, x, t - k, x, t - r);
    HPDF_Page_LineTo(p, x, b + r);
    HPDF_Page_CurveTo(p, x, b + k, x + k, b, x + r, b);
    HPDF_Page_Fill(p);
}

void canvas_line(struct canvas *c, uint32_t rgb, float width, struct point from,
                 struct point to)
{
    if (!is_drawing(c))
        return;
    set_stroke(c, rgb, width);
    HPDF_Page_MoveTo(c->page, from.x, (float)CANVAS_HEIGHT - from.y);
    HPDF_Page_LineTo(c->page, to.x, (float)CANVAS_HEIGHT - to.y);
    HPDF_Page_Stroke(c->page);
}

void canvas_polygon(struct canvas *c, uint32_t rgb, const struct point *p,
                    int n)
{
    if (!is_drawing(c))
        return;
    set_fill(c, rgb);
    HPDF_Page_MoveTo(c->page, p[0].x, (float)CANVAS_HEIGHT - p[0].y);
    for (int i = 1; i < n; i++)
        HPDF_Page_LineTo(c->page, p[i].x, (float)CANVAS_HEIGHT - p[i].y);
    HPDF_Page_ClosePath(c->page);
    HPDF_Page_Fill(c->page);
}

void canvas_disc(struct canvas *c, uint32_t rgb, float x, float y, float r)
{
    if (!is_drawing(c))
        return;
    set_fill(c, rgb);
    HPDF_Page_Circle(c->page, x, (float)CANVAS_HEIGHT - y, r);
    HPDF_Page_Fill(c->page);
}
