/* Takes a finished PDF apart without trusting a PDF library. Only files of
 * our own drawing come here, so anything unusual means: not searchable. */
#include "document/leak_pdf.h"

#include <string.h>
#include <zlib.h>

#include "base/str.h"
#include "base/banned.h"

enum {
    STREAMS_MAX = 64,
    STREAM_MAX = 4 << 20, /* inflated; a report's largest is its font */
    STRINGS_MAX = 2 << 20,
    DICT_MAX = 2048 /* how far back a stream's dictionary may begin */
};

static const uint8_t *find(const uint8_t *p, const uint8_t *end,
                           const char *what)
{
    return p < end ? memmem(p, (size_t)(end - p), what, strlen(what)) : NULL;
}

static bool contains(struct bytes b, const char *what)
{
    return find(b.p, b.p + b.n, what) != NULL;
}

/* A picture may show what no search finds. */
static bool has_picture(struct bytes b)
{
    const uint8_t *end = b.p + b.n;
    for (const uint8_t *p = b.p; (p = find(p, end, "/Image")) != NULL;) {
        p += 6;
        bool longer =
            p < end && ((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'));
        if (!longer)
            return true;
    }
    return false;
}

/* ---- streams ----------------------------------------------------------- */

static bool inflate_all(struct arena *a, const uint8_t *p, size_t n,
                        struct bytes *out)
{
    struct buf b;
    buf_init(&b, a, STREAM_MAX);
    z_stream z = {.next_in = (Bytef *)p, .avail_in = (uInt)n};
    if (inflateInit(&z) != Z_OK)
        return false;
    uint8_t chunk[16384];
    int rc = Z_OK;
    while (rc == Z_OK && buf_ok(&b)) {
        z.next_out = chunk;
        z.avail_out = sizeof chunk;
        rc = inflate(&z, Z_NO_FLUSH);
        buf_add(&b, chunk, sizeof chunk - z.avail_out);
    }
    inflateEnd(&z);
    *out = buf_bytes(&b);
    return rc == Z_STREAM_END && buf_ok(&b);
}

/* Control characters are rare in prose and operators. */
static bool is_text(struct bytes b)
{
    size_t odd = 0;
    for (size_t i = 0; i < b.n; i++)
        odd += b.p[i] < 9 || (b.p[i] > 13 && b.p[i] < 32);
    return odd * 50 <= b.n;
}

/* The dictionary that ends right before the word "stream". */
static struct bytes dictionary_before(const uint8_t *from,
                                      const uint8_t *stream)
{
    const uint8_t *low = stream - from > DICT_MAX ? stream - DICT_MAX : from;
    for (const uint8_t *p = stream - 3; p > low; p--)
        if (!memcmp(p, "obj", 3))
            return (struct bytes){p, (size_t)(stream - p)};
    return (struct bytes){low, (size_t)(stream - low)};
}

static bool add_stream(struct arena *a, struct leak_pdf *out, struct bytes dict,
                       struct bytes body)
{
    if (out->n_streams == STREAMS_MAX)
        return false;
    struct bytes data = body;
    if (contains(dict, "/FlateDecode") || contains(dict, "/Fl ")) {
        if (!inflate_all(a, body.p, body.n, &data))
            return false;
    } else if (contains(dict, "/Filter")) {
        return false;
    }
    out->streams[out->n_streams++] = (struct leak_stream){data, is_text(data)};
    return true;
}

/* Splits the file into streams and everything else. */
static bool split(struct arena *a, struct bytes pdf, struct leak_pdf *out)
{
    struct buf rest;
    buf_init(&rest, a, pdf.n + 1);
    const uint8_t *p = pdf.p, *end = pdf.p + pdf.n, *s;
    while ((s = find(p, end, "stream")) != NULL) {
        const uint8_t *body = s + 6;
        if (body < end && *body == '\r')
            body++;
        if (body < end && *body == '\n')
            body++;
        const uint8_t *stop = find(body, end, "endstream");
        if (!stop)
            return false;
        if (!add_stream(a, out, dictionary_before(p, s),
                        (struct bytes){body, (size_t)(stop - body)}))
            return false;
        buf_add(&rest, p, (size_t)(s - p));
        buf_char(&rest, '\n');
        p = stop + 9;
    }
    buf_add(&rest, p, (size_t)(end - p));
    out->skeleton = buf_bytes(&rest);
    return buf_ok(&rest);
}

/* ---- cross-reference table --------------------------------------------- */

static bool is_xref_entry(const uint8_t *p, const uint8_t *end)
{
    if (end - p < 20 || p[10] != ' ' || p[16] != ' ' ||
        (p[17] != 'n' && p[17] != 'f'))
        return false;
    for (int i = 0; i < 16; i++)
        if (i != 10 && (p[i] < '0' || p[i] > '9'))
            return false;
    return true;
}

/* Byte offsets look like any number: well-formed entries are blanked, what
 * else stands there stays and is searched. */
static void blank_offsets(struct arena *a, struct bytes *skeleton)
{
    uint8_t *copy = arena_alloc(a, skeleton->n + 1);
    memcpy(copy, skeleton->p, skeleton->n);
    for (uint8_t *p = copy, *end = copy + skeleton->n; p < end; p++)
        if (is_xref_entry(p, end)) {
            memset(p, ' ', 18);
            p += 18;
        }
    skeleton->p = copy;
}

/* ---- strings ----------------------------------------------------------- */

/* Windows-1252, which our text is written in; PDFDocEncoding of the info
 * strings agrees for every letter. */
static void put_byte(struct buf *out, uint8_t c)
{
    static const uint16_t high[32] = {
        0x20AC, ' ',    0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
        0x2C6,  0x2030, 0x160,  0x2039, 0x152,  ' ',    0x17D,  ' ',
        ' ',    0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0x2DC,  0x2122, 0x161,  0x203A, 0x153,  ' ',    0x17E,  0x178};
    uint32_t cp = c >= 0x80 && c < 0xA0 ? high[c - 0x80] : c;
    char utf8[4];
    buf_add(out, utf8, str_utf8_put(utf8, cp ? cp : ' '));
}

static void put_string(struct buf *out, const uint8_t *p, size_t n)
{
    if (n >= 2 && p[0] == 0xFE && p[1] == 0xFF) {
        for (size_t i = 2; i + 1 < n; i += 2) {
            uint32_t cp = (uint32_t)p[i] << 8 | p[i + 1];
            char utf8[4];
            bool bad = cp == 0 || (cp >= 0xD800 && cp < 0xE000);
            buf_add(out, utf8, str_utf8_put(utf8, bad ? ' ' : cp));
        }
        return;
    }
    if (n > 0 && memchr(p, 0, n) == NULL && str_utf8_ok((const char *)p, n)) {
        buf_add(out, p, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        put_byte(out, p[i]);
}

static size_t escape(const uint8_t *p, const uint8_t *end, uint8_t *byte)
{
    static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
    const char *known = *p ? strchr(from, *p) : NULL;
    size_t n = 0;
    unsigned v = 0;
    while (n < 3 && p + n < end && p[n] >= '0' && p[n] <= '7')
        v = v * 8 + (unsigned)(p[n++] - '0');
    *byte = n ? (uint8_t)v : known ? (uint8_t)to[known - from] : *p;
    return n ? n : 1;
}

/* A literal string whose "(" is at p; returns the byte after its end. */
static const uint8_t *literal(struct arena *a, const uint8_t *p,
                              const uint8_t *end, struct buf *out)
{
    struct buf s;
    buf_init(&s, a, (size_t)(end - p) + 1);
    int depth = 1;
    for (p++; p < end; p++) {
        if (*p == '\\' && p + 1 < end) {
            uint8_t byte;
            p += escape(p + 1, end, &byte);
            buf_char(&s, (char)byte);
            continue;
        }
        depth += *p == '(';
        depth -= *p == ')';
        if (depth == 0)
            break;
        buf_char(&s, (char)*p);
    }
    put_string(out, (const uint8_t *)buf_cstr(&s), s.n);
    return p < end ? p + 1 : p;
}

static int hex_value(uint8_t c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* A hex string whose "<" is at p; a dictionary's "<<" is skipped. */
static const uint8_t *hex(struct arena *a, const uint8_t *p, const uint8_t *end,
                          struct buf *out)
{
    if (p + 1 < end && p[1] == '<')
        return p + 2;
    struct buf s;
    buf_init(&s, a, (size_t)(end - p) + 1);
    int pending = -1;
    for (p++; p < end && *p != '>'; p++) {
        int v = hex_value(*p);
        if (v < 0)
            continue;
        if (pending >= 0)
            buf_char(&s, (char)(pending * 16 + v));
        pending = pending >= 0 ? -1 : v;
    }
    if (pending >= 0)
        buf_char(&s, (char)(pending * 16));
    put_string(out, (const uint8_t *)buf_cstr(&s), s.n);
    return p < end ? p + 1 : p;
}

/* Every string of the bytes, one a line; those of one array (kerned text)
 * are joined. */
static void strings_of(struct arena *a, struct bytes b, struct buf *out)
{
    const uint8_t *p = b.p, *end = b.p + b.n;
    bool array = false;
    while (p < end) {
        uint8_t c = *p;
        bool string = c == '(' || (c == '<' && !(p + 1 < end && p[1] == '<'));
        array = (array || c == '[') && c != ']';
        if (c == '(')
            p = literal(a, p, end, out);
        else if (c == '<')
            p = hex(a, p, end, out);
        else
            p++;
        if (c == ']' || (string && !array))
            buf_char(out, '\n');
    }
    buf_char(out, '\n');
}

bool leak_pdf_open(struct arena *a, struct bytes pdf, struct leak_pdf *out)
{
    *out = (struct leak_pdf){
        .streams = ARENA_ARRAY(a, STREAMS_MAX, struct leak_stream)};
    if (pdf.n < 5 || memcmp(pdf.p, "%PDF-", 5) || !split(a, pdf, out))
        return false;
    blank_offsets(a, &out->skeleton);
    struct buf strings;
    buf_init(&strings, a, STRINGS_MAX);
    strings_of(a, out->skeleton, &strings);
    bool picture = has_picture(out->skeleton);
    for (size_t i = 0; i < out->n_streams; i++)
        if (out->streams[i].is_text) {
            strings_of(a, out->streams[i].data, &strings);
            picture = picture || has_picture(out->streams[i].data);
        }
    out->strings = buf_cstr(&strings);
    return buf_ok(&strings) && !picture;
}
