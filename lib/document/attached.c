/* Attachments are inflated by poppler piece by piece, so that one that
 * swells is given up at the limit. */
#include "document/attached.h"
#include <poppler.h>
#include <strings.h>
#include "base/buf.h"
#include "base/str.h"
#include "einvoice/parse.h"

enum { ATTACHMENTS_MAX = 16 /* looked into; more are left alone */ };

static gboolean collect(const char *p, gsize n, gpointer data, GError **error)
{
    struct buf *b = data;
    const size_t room = b->max - b->n;
    buf_add(b, p, n < room ? n : room);
    if (n <= room)
        return TRUE;
    g_set_error_literal(error, g_quark_from_static_string("attached"), 1,
                        "too large");
    return FALSE;
}

/* XML begins with '<', behind a byte order mark or white space. */
static bool begins_as_xml(const struct buf *b)
{
    for (size_t i = 0; i < b->n && i < 64; i++) {
        const unsigned char c = (unsigned char)b->p[i];
        if (c == '<')
            return true;
        if (c > 0x20 && c != 0xef && c != 0xbb && c != 0xbf && c != 0xfe &&
            c != 0xff)
            return false;
    }
    return false;
}

static bool is_standard_name(const char *name)
{
    static const char *const names[] = {"factur-x.xml", "zugferd-invoice.xml",
                                        "xrechnung.xml", "order-x.xml"};
    for (size_t i = 0; name && i < ARRAY_LEN(names); i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

static int rank(const struct einvoice *e, const char *name)
{
    static const int by_syntax[EINVOICE_MAX] = {[EINVOICE_CII] = 6,
                                                [EINVOICE_UBL] = 6,
                                                [EINVOICE_UBL_CREDIT] = 6,
                                                [EINVOICE_ZUGFERD1] = 4,
                                                [EINVOICE_ORDER] = 2};
    return (e->malformed ? 0 : 10 + by_syntax[e->syntax]) +
           is_standard_name(name);
}

/* An invoice may carry the order that it answers: only under the name that
 * makes the PDF itself an order does one speak for the page. */
static bool is_beside(const struct einvoice *e, const char *name)
{
    return e->syntax == EINVOICE_ORDER &&
           (!name || strcasecmp(name, "order-x.xml") != 0);
}

static struct einvoice *read_one(struct arena *a, PopplerAttachment *at,
                                 const struct document_limits *lim)
{
    const struct parse_limits limits = {lim->xml_bytes, lim->xml_depth};
    struct buf b;
    GError *error = NULL;
    buf_init(&b, a, (size_t)lim->xml_bytes + 1);
    if (!poppler_attachment_save_to_callback(at, collect, &b, &error))
        g_clear_error(&error); /* what there is tells whether it is one */
    struct einvoice *e =
        begins_as_xml(&b) ? parse_xml(a, buf_bytes(&b), &limits) : NULL;
    if (!e && is_standard_name(at->name)) { /* it calls itself an invoice */
        e = einvoice_new(a, 0);
        e->malformed = true;
    }
    return e;
}

/* The best of those with a standard name, or of the others. */
struct search {
    struct einvoice *best;
    int rank, seen;
};

static void look_into(struct arena *a, GList *list, bool standard,
                      const struct document_limits *lim, struct search *s)
{
    for (GList *l = list; l && s->seen < ATTACHMENTS_MAX; l = l->next) {
        PopplerAttachment *at = l->data;
        if (is_standard_name(at->name) != standard)
            continue;
        struct einvoice *e = read_one(a, at, lim);
        const int r = e && !is_beside(e, at->name) ? rank(e, at->name) : -1;
        s->seen++;
        if (r <= s->rank)
            continue;
        s->best = e;
        s->rank = r;
    }
}

struct einvoice *attached_read(struct arena *a, const struct pdf *pdf,
                               const struct document_limits *lim)
{
    struct search s = {.rank = -1};
    if (!lim->xml_bytes || !poppler_document_has_attachments(pdf->doc))
        return NULL;
    GList *list = poppler_document_get_attachments(pdf->doc);
    look_into(a, list, true, lim, &s);
    look_into(a, list, false, lim, &s);
    g_list_free_full(list, g_object_unref);
    return s.best;
}
