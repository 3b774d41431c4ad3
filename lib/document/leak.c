/* The proof that a finished PDF names nobody: every way to get text out of
 * it is searched, and what cannot be read counts as a leak. */
#include "document/leak.h"

#include <poppler.h>
#include <string.h>

#include "base/str.h"
#include "document/leak_pdf.h"
#include "document/leak_text.h"
#include "document/pdf.h"
#include "base/banned.h"

enum { TEXT_MAX = 4 << 20 };

/* Words of the PDF format itself: a customer named Page is not leaked by
 * "/Type /Page". */
static const char format_words[] =
    " pdf obj endobj stream endstream xref trailer startxref eof type catalog "
    "pages page kids count parent mediabox resources font procset text imageb "
    "imagec imagei contents length length1 length2 length3 filter flatedecode "
    "root size info producer creator author title creationdate moddate "
    "basefont subtype truetype type0 cidfonttype2 fontdescriptor fontname "
    "ascent descent flags fontbbox italicangle stemv fontfile2 encoding "
    "winansiencoding firstchar lastchar widths xheight capheight avgwidth "
    "maxwidth missingwidth dejavusans bold book outlines pagelayout pagemode "
    "usenone singlepage onecolumn extgstate xobject bt et tf td tj tm re rg "
    "cm gs do ";

struct search {
    struct arena *arena;
    struct leak_text neutral; /* for what people read */
    struct leak_text format;  /* the same and the words of the format */
    const struct needle *needles;
    size_t n;
};

static const char *kind_name(enum needle_kind k)
{
    static const char *const names[] = {"word", "name", "domain", "digits"};
    return names[k <= NEEDLE_DIGITS ? k : NEEDLE_WORD];
}

static const char *first_needle(const struct search *s, enum leak_mode mode,
                                const struct leak_text *t)
{
    const struct leak_text *known =
        mode == LEAK_PROSE ? &s->neutral : &s->format;
    for (size_t i = 0; i < s->n; i++)
        if (leak_text_has(s->arena, mode, t, known, &s->needles[i]))
            return kind_name(s->needles[i].kind);
    return NULL;
}

/* Text that people read: every rule. */
static const char *search_prose(const struct search *s, const char *utf8)
{
    struct leak_text t;
    leak_text_prepare(s->arena, utf8, &t);
    const char *found = leak_text_suspect(&t);
    return found ? found : first_needle(s, LEAK_PROSE, &t);
}

/* Bytes as text: UTF-8 when they are, else each byte a Latin-1 letter. */
static const char *to_utf8(struct arena *a, struct bytes b)
{
    struct buf out;
    buf_init(&out, a, b.n * 2 + 1);
    bool utf8 = str_utf8_ok((const char *)b.p, b.n);
    for (size_t i = 0; i < b.n; i++) {
        char c[4];
        if (utf8 || (b.p[i] < 0x80 && b.p[i]))
            buf_char(&out, (char)b.p[i]);
        else
            buf_add(&out, c, str_utf8_put(c, b.p[i] ? b.p[i] : ' '));
    }
    return buf_cstr(&out);
}

static const char *search_syntax(const struct search *s, struct bytes b)
{
    struct leak_text t;
    leak_text_prepare(s->arena, to_utf8(s->arena, b), &t);
    bool link = strstr(t.dense, "http://") || strstr(t.dense, "https://");
    return link ? "link" : first_needle(s, LEAK_SYNTAX, &t);
}

static const char *search_bytes(const struct search *s, struct bytes b)
{
    struct leak_text t;
    leak_text_prepare_bytes(s->arena, b, &t);
    for (size_t i = 0; i < s->n; i++)
        if (leak_text_in_bytes(s->arena, &t, &s->format, &s->needles[i]))
            return kind_name(s->needles[i].kind);
    return NULL;
}

/* The pages as poppler reads them; NULL when any cannot be read. */
static const char *page_text(struct arena *a, struct bytes pdf)
{
    struct pdf doc;
    struct buf b;
    buf_init(&b, a, TEXT_MAX);
    if (pdf_open(a, pdf, &doc) != OK)
        return NULL;
    for (uint32_t i = 0; i < doc.n_pages; i++) {
        PopplerPage *page = pdf_page(&doc, i);
        char *text = page ? poppler_page_get_text(page) : NULL;
        bool some = text && *text;
        if (some)
            buf_str(&b, text);
        buf_char(&b, '\n');
        g_free(text);
        if (page)
            pdf_page_free(page);
        if (!some)
            return NULL;
    }
    return buf_ok(&b) ? buf_cstr(&b) : NULL;
}

static const char *search_all(struct search *s, struct bytes pdf)
{
    struct leak_pdf parts;
    const char *text = page_text(s->arena, pdf);
    if (!text || !leak_pdf_open(s->arena, pdf, &parts))
        return "unreadable";
    const char *found = search_prose(s, text);
    if (!found)
        found = search_prose(s, parts.strings);
    if (!found)
        found = search_syntax(s, parts.skeleton);
    for (size_t i = 0; !found && i < parts.n_streams; i++)
        found = parts.streams[i].is_text
                    ? search_syntax(s, parts.streams[i].data)
                    : search_bytes(s, parts.streams[i].data);
    return found ? found : search_bytes(s, pdf);
}

bool leak_find(struct arena *a, struct bytes pdf, const char *neutral,
               const struct needle *needles, size_t n, const char **found)
{
    struct search s = {.arena = a, .needles = needles, .n = n};
    neutral = neutral ? neutral : "";
    leak_text_prepare(a, neutral, &s.neutral);
    leak_text_prepare(a, arena_printf(a, "%s\n%s", neutral, format_words),
                      &s.format);
    *found = search_all(&s, pdf);
    return *found != NULL;
}
