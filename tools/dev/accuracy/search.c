/* The proof behind leaks=0. */
#include "search.h"
#include <cairo.h>
#include <poppler.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>
#include "base/buf.h"
#include "base/str.h"
#include "document/document.h"

enum { TEXT_MAX = 16 << 20, OCR_DPI = 150, PAGES_MAX = 8 };

static void add(struct search_terms *out, const char *text)
{
    if (text && *text && out->n < ARRAY_LEN(out->text))
        out->text[out->n++] = text;
}

void search_terms(struct arena *a, const json_t *expected,
                  const json_t *supplier, struct search_terms *out)
{
    static const char *const keys[] = {"supplier_name",
                                       "supplier_siren",
                                       "customer_name",
                                       "customer_siren",
                                       "client_ref",
                                       "contract_ref",
                                       "invoice_number",
                                       "offer_name",
                                       "pdl",
                                       "pce"};
    static const char *const issuer[] = {"name", "legal", "siren", "dom",
                                         "addr"};
    (void)a;
    out->n = 0;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        add(out, json_string_value(json_object_get(expected, keys[i])));
    for (size_t i = 0; i < ARRAY_LEN(issuer); i++)
        add(out, json_string_value(json_object_get(supplier, issuer[i])));
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Folded, with single spaces; or without any when joined. */
static const char *squeeze(struct arena *a, const char *text, bool joined)
{
    struct buf b;
    const char *s = str_fold(a, text);
    buf_init(&b, a, TEXT_MAX);
    for (bool gap = false; *s; s++) {
        if (is_word(*s)) {
            if (gap && b.n && !joined)
                buf_char(&b, ' ');
            buf_char(&b, *s);
        }
        gap = !is_word(*s);
    }
    return buf_cstr(&b);
}

/* Term and text are squeezed; a hit must not be part of a longer word. */
static bool has_word(const char *text, const char *term)
{
    size_t n = strlen(term);
    for (const char *hit = text; n && (hit = strstr(hit, term)); hit++) {
        if ((hit == text || !is_word(hit[-1])) && !is_word(hit[n]))
            return true;
    }
    return false;
}

/* Long terms and numbers are also looked for with all spaces removed. */
static bool has_term(struct arena *a, const char *spaced, const char *joined,
                     const char *term)
{
    const char *words = squeeze(a, term, false), *run = squeeze(a, term, true);
    bool digits = strspn(run, "0123456789") == strlen(run);
    if (has_word(spaced, words))
        return true;
    return strlen(run) >= (digits ? 6 : 12) && strstr(joined, run);
}

/* document NULL: nothing is printed. runs is what may be read with its spaces
 * removed: the numbers of drawing operators, one behind the other, are no
 * digits that somebody wrote. */
static size_t report(struct arena *a, const char *document, const char *where,
                     const char *text, const char *runs,
                     const struct search_terms *terms)
{
    const char *spaced = squeeze(a, text, false);
    const char *joined = squeeze(a, runs, true);
    size_t found = 0;
    for (size_t i = 0; i < terms->n; i++) {
        if (!has_term(a, spaced, joined, terms->text[i]))
            continue;
        if (document)
            printf("%s leak: \"%s\" in %s\n", document, terms->text[i], where);
        found++;
    }
    return found;
}

/* Bytes as text: what is no letter or digit of ASCII becomes a space, NULs
 * vanish so that UTF-16 strings are seen too. */
static void add_bytes(struct buf *out, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i])
            buf_char(out, p[i] >= 0x20 && p[i] < 0x7F ? (char)p[i] : ' ');
    }
    buf_char(out, '\n');
}

static void add_inflated(struct buf *out, const uint8_t *p, size_t n)
{
    uint8_t chunk[1 << 14];
    z_stream z = {.next_in = (Bytef *)(uintptr_t)p, .avail_in = (uInt)n};
    if (inflateInit(&z) != Z_OK)
        return;
    for (int e = Z_OK; e == Z_OK && buf_ok(out);) {
        z.next_out = chunk;
        z.avail_out = sizeof chunk;
        e = inflate(&z, Z_NO_FLUSH);
        add_bytes(out, chunk, sizeof chunk - z.avail_out);
    }
    inflateEnd(&z);
}

/* Everything but the packed bytes, where any three letters come by chance. */
static const char *unpacked(struct arena *a, struct bytes pdf)
{
    struct buf out;
    size_t kept = 0; /* up to here */
    buf_init(&out, a, TEXT_MAX);
    for (size_t i = 0; i + 8 < pdf.n; i++) {
        if (memcmp(pdf.p + i, "stream", 6) != 0 ||
            (i >= 3 && memcmp(pdf.p + i - 3, "end", 3) == 0))
            continue;
        size_t at = i + 6;
        at += pdf.p[at] == '\r';
        at += pdf.p[at] == '\n';
        const uint8_t *end = memmem(pdf.p + at, pdf.n - at, "endstream", 9);
        add_bytes(&out, pdf.p + kept, at - kept);
        const size_t length = out.n;
        add_inflated(&out, pdf.p + at, pdf.n - at);
        /* what is not packed is kept as it is */
        kept = end && out.n > length + 1 ? (size_t)(end - pdf.p) : at;
        i = kept - 1;
    }
    add_bytes(&out, pdf.p + kept, pdf.n - kept);
    return buf_cstr(&out);
}

/* The strings of PDF syntax, one behind the other. */
static const char *literals(struct arena *a, const char *syntax)
{
    struct buf out;
    int depth = 0;
    buf_init(&out, a, TEXT_MAX);
    for (const char *s = syntax; *s; s++) {
        if (*s == '\\' && s[1]) {
            s++;
            continue;
        }
        if (*s == '\n') /* the end of a stream, see add_bytes */
            depth = 0;
        depth += *s == '(';
        depth -= *s == ')' && depth > 0;
        if (depth > 0 && *s != '(')
            buf_char(&out, *s);
    }
    return buf_cstr(&out);
}

static void add_owned(struct buf *out, char *text)
{
    buf_str(out, text ? text : "");
    buf_char(out, '\n');
    g_free(text);
}

static const char *page_text(struct arena *a, PopplerDocument *doc)
{
    struct buf out;
    buf_init(&out, a, TEXT_MAX);
    for (int i = 0; i < poppler_document_get_n_pages(doc); i++) {
        PopplerPage *page = poppler_document_get_page(doc, i);
        add_owned(&out, poppler_page_get_text(page));
        g_object_unref(page);
    }
    return buf_cstr(&out);
}

static const char *metadata(struct arena *a, PopplerDocument *doc)
{
    struct buf out;
    buf_init(&out, a, TEXT_MAX);
    add_owned(&out, poppler_document_get_title(doc));
    add_owned(&out, poppler_document_get_author(doc));
    add_owned(&out, poppler_document_get_subject(doc));
    add_owned(&out, poppler_document_get_keywords(doc));
    add_owned(&out, poppler_document_get_creator(doc));
    add_owned(&out, poppler_document_get_producer(doc));
    add_owned(&out, poppler_document_get_metadata(doc));
    return buf_cstr(&out);
}

static cairo_status_t add_png(void *out, const unsigned char *p, unsigned n)
{
    buf_add(out, p, n);
    return CAIRO_STATUS_SUCCESS;
}

static struct bytes render(struct arena *a, PopplerPage *page)
{
    double w, h, scale = OCR_DPI / 72.0;
    struct buf png;
    buf_init(&png, a, TEXT_MAX);
    poppler_page_get_size(page, &w, &h);
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, (int)(w * scale), (int)(h * scale));
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_scale(cr, scale, scale);
    poppler_page_render_for_printing(page, cr);
    cairo_surface_write_to_png_stream(surface, add_png, &png);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return buf_bytes(&png);
}

/* NULL when the drawn pages could not be read. */
static const char *ocr_text(struct arena *a, PopplerDocument *doc)
{
    struct upload page_image[PAGES_MAX] = {0};
    struct document_limits lim;
    struct document *seen;
    struct buf out;
    int n = poppler_document_get_n_pages(doc);
    for (int i = 0; i < n && i < PAGES_MAX; i++) {
        PopplerPage *page = poppler_document_get_page(doc, i);
        page_image[i] = (struct upload){
            .name = "page.png", .kind = FILE_PNG, .data = render(a, page)};
        g_object_unref(page);
    }
    document_limits(&lim);
    if (document_read(a, page_image, (size_t)n, &lim, &seen) != OK)
        return NULL;
    buf_init(&out, a, TEXT_MAX);
    for (uint32_t i = 0; i < seen->n_pages; i++) {
        for (uint32_t k = 0; k < seen->pages[i].n_words; k++)
            buf_printf(&out, "%s ", seen->pages[i].words[k].text);
    }
    return buf_cstr(&out);
}

size_t search_pdf(struct arena *a, const char *document, struct bytes pdf,
                  const struct search_terms *terms, bool with_ocr)
{
    GBytes *bytes = g_bytes_new_static(pdf.p, pdf.n);
    PopplerDocument *doc = poppler_document_new_from_bytes(bytes, NULL, NULL);
    size_t found = 0;
    if (doc) {
        const char *text = page_text(a, doc), *said = metadata(a, doc),
                   *syntax = unpacked(a, pdf);
        found += report(a, document, "text", text, text, terms);
        found += report(a, document, "metadata", said, said, terms);
        found +=
            report(a, document, "streams", syntax, literals(a, syntax), terms);
        const char *seen = with_ocr ? ocr_text(a, doc) : "";
        found += seen ? report(a, document, "OCR", seen, seen, terms) : 1;
        if (with_ocr && (!seen || !*seen))
            printf("%s: the drawn pages could not be read\n", document);
        g_object_unref(doc);
    } else {
        printf("%s: the anonymised report is no PDF\n", document);
        found++;
    }
    g_bytes_unref(bytes);
    return found;
}

bool search_sees(struct arena *a, struct bytes pdf,
                 const struct search_terms *terms)
{
    GBytes *bytes = g_bytes_new_static(pdf.p, pdf.n);
    PopplerDocument *doc = poppler_document_new_from_bytes(bytes, NULL, NULL);
    const char *text = doc ? page_text(a, doc) : "";
    bool seen = report(a, NULL, "text", text, text, terms) > 0;
    g_clear_object(&doc);
    g_bytes_unref(bytes);
    return seen;
}
