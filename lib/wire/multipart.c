/* A cursor over the body; every step either moves it forward or fails. */
#include "wire/multipart.h"
#include <string.h>
#include <strings.h>
#include "base/buf.h"
#include "base/str.h"

enum { BOUNDARY_BYTES = 70, PARAM_BYTES = 2048 };

struct cursor {
    const char *p, *end;
};

bool multipart_is(const char *content_type)
{
    static const char type[] = "multipart/form-data";
    size_t n = sizeof type - 1;
    return content_type && strncasecmp(content_type, type, n) == 0 &&
           strchr("; \t", content_type[n]);
}

static bool is_token_char(char c)
{
    return c > 0x20 && c < 0x7f && !strchr("()<>@,;:\\\"/[]?={}", c);
}

static void skip_blanks(struct cursor *c)
{
    while (c->p < c->end && (*c->p == ' ' || *c->p == '\t'))
        c->p++;
}

/* A quoted string, the opening quote already taken. Only \" and \\ are
 * escapes: old browsers send C:\path\name as it is. */
static bool read_quoted(struct cursor *c, struct buf *out)
{
    while (c->p < c->end && *c->p != '"') {
        if (*c->p == '\\' && c->p + 1 < c->end &&
            (c->p[1] == '"' || c->p[1] == '\\'))
            c->p++;
        buf_char(out, *c->p++);
    }
    return c->p < c->end && *c->p++ == '"';
}

/* ;name=value or ;name="value". False at the end or when malformed (then the
 * cursor has not reached its end). */
static bool next_param(struct arena *a, struct cursor *c, const char **name,
                       const char **value)
{
    struct buf n, v;
    buf_init(&n, a, 64);
    buf_init(&v, a, PARAM_BYTES);
    skip_blanks(c);
    if (c->p == c->end || *c->p != ';')
        return false;
    c->p++;
    skip_blanks(c);
    const char *from = c->p;
    while (c->p < c->end && is_token_char(*c->p))
        buf_char(&n, (char)(*c->p >= 'A' && *c->p <= 'Z' ? *c->p + 32 : *c->p)),
            c->p++;
    if (c->p == from || c->p == c->end || *c->p != '=') {
        c->p = from - 1;
        return false;
    }
    c->p++;
    bool ok = true;
    if (c->p < c->end && *c->p == '"') {
        c->p++;
        ok = read_quoted(c, &v);
    } else {
        for (; c->p < c->end && is_token_char(*c->p); c->p++)
            buf_char(&v, *c->p);
    }
    *name = buf_cstr(&n);
    *value = buf_cstr(&v);
    return ok && buf_ok(&n) && buf_ok(&v);
}

static bool boundary_ok(const char *s)
{
    size_t n = strlen(s);
    if (n < 1 || n > BOUNDARY_BYTES || s[n - 1] == ' ')
        return false;
    for (; *s; s++)
        if (!strchr("'()+_,-./:=? ", *s) && !(*s >= '0' && *s <= '9') &&
            !((*s | 0x20) >= 'a' && (*s | 0x20) <= 'z'))
            return false;
    return true;
}

static const char *find_boundary(struct arena *a, const char *content_type)
{
    if (!multipart_is(content_type))
        return NULL;
    struct cursor c = {content_type + strcspn(content_type, ";"),
                       content_type + strlen(content_type)};
    const char *name, *value, *found = NULL;
    while (next_param(a, &c, &name, &value))
        if (str_eq(name, "boundary")) {
            if (found)
                return NULL;
            found = value;
        }
    skip_blanks(&c);
    return c.p == c.end && found && boundary_ok(found) ? found : NULL;
}

/* Code points that change how a name reads without being seen. */
static bool is_hidden(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0xad ||
           cp == 0x61c || (cp >= 0x200b && cp <= 0x200f) ||
           (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x206f) ||
           cp == 0xfeff || cp == 0xfffd;
}

/* The last path component without hidden characters; of a longer name the
 * end is kept, where the extension is. */
static const char *clean_filename(struct arena *a, const char *s)
{
    struct buf b;
    buf_init(&b, a, PARAM_BYTES * 2);
    for (uint32_t cp; (cp = str_utf8_next(&s)) != 0;) {
        char tmp[4];
        if (cp == '/' || cp == '\\')
            b.n = 0;
        else if (!is_hidden(cp))
            buf_add(&b, tmp, str_utf8_put(tmp, cp));
    }
    const char *name = b.n ? arena_strndup(a, b.p, b.n) : "";
    size_t n = strlen(name);
    if (n > MULTIPART_NAME_BYTES)
        name += n - MULTIPART_NAME_BYTES;
    while ((*name & 0xC0) == 0x80) /* not in the middle of a character */
        name++;
    return name;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 8187: UTF-8'language'percent-encoded. NULL for other charsets. */
static const char *ext_value(struct arena *a, const char *s)
{
    if (strncasecmp(s, "utf-8'", 6) != 0 || !(s = strchr(s + 6, '\'')))
        return NULL;
    struct buf b;
    buf_init(&b, a, PARAM_BYTES);
    for (s++; *s; s++) {
        int hi, lo;
        if (*s != '%') {
            buf_char(&b, *s);
            continue;
        }
        if ((hi = hex_value(s[1])) < 0 || (lo = hex_value(s[2])) < 0 ||
            !(hi | lo))
            return NULL;
        buf_char(&b, (char)(hi << 4 | lo));
        s += 2;
    }
    return buf_cstr(&b);
}

static bool name_ok(const char *s)
{
    size_t n = strlen(s);
    if (n < 1 || n > MULTIPART_NAME_BYTES || !str_utf8_ok(s, n))
        return false;
    for (uint32_t cp; (cp = str_utf8_next(&s)) != 0;)
        if (is_hidden(cp))
            return false;
    return true;
}

static bool read_disposition(struct arena *a, const char *value,
                             struct multipart_part *part)
{
    static const char form[] = "form-data";
    const char *name, *text, *plain = NULL, *extended = NULL;
    size_t n = sizeof form - 1;
    if (part->name || strncasecmp(value, form, n) != 0)
        return false;
    struct cursor c = {value + n, value + strlen(value)};
    while (next_param(a, &c, &name, &text)) {
        if (str_eq(name, "name") && !part->name)
            part->name = text;
        else if (str_eq(name, "filename") && !plain)
            plain = text;
        else if (str_eq(name, "filename*") && !extended)
            extended = ext_value(a, text);
        else
            return false;
    }
    skip_blanks(&c);
    if (c.p != c.end || !part->name || !name_ok(part->name))
        return false;
    if (extended || plain)
        part->filename = clean_filename(a, extended ? extended : plain);
    return true;
}

static const char *media_type(struct arena *a, const char *value)
{
    size_t n = strcspn(value, "; \t");
    char *s = arena_strndup(a, value, n);
    for (char *p = s; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + 32);
    return s;
}

static bool read_header(struct arena *a, const char *line, size_t n,
                        struct multipart_part *part)
{
    const char *colon = memchr(line, ':', n);
    if (!colon || colon == line || memchr(line, '\0', n))
        return false;
    for (const char *p = line; p < colon; p++)
        if (!is_token_char(*p))
            return false;
    const char *name = arena_strndup(a, line, (size_t)(colon - line));
    const char *value = str_trim(
        a, arena_strndup(a, colon + 1, n - (size_t)(colon + 1 - line)));
    if (strcasecmp(name, "content-disposition") == 0)
        return read_disposition(a, value, part);
    if (strcasecmp(name, "content-type") == 0) {
        if (part->type)
            return false;
        part->type = media_type(a, value);
    }
    if (strcasecmp(name, "content-transfer-encoding") == 0)
        return strcasecmp(value, "binary") == 0 ||
               strcasecmp(value, "8bit") == 0 || strcasecmp(value, "7bit") == 0;
    return true;
}

/* Header lines up to and with the empty one. */
static bool read_headers(struct arena *a, struct cursor *c,
                         struct multipart_part *part)
{
    const char *start = c->p;
    for (;;) {
        size_t left = (size_t)(c->end - c->p);
        const char *eol = memmem(
            c->p, left < MULTIPART_HEADER_BYTES ? left : MULTIPART_HEADER_BYTES,
            "\r\n", 2);
        if (!eol || eol - start > MULTIPART_HEADER_BYTES)
            return false;
        size_t n = (size_t)(eol - c->p);
        const char *line = c->p;
        c->p = eol + 2;
        if (n == 0)
            return part->name != NULL;
        if (!read_header(a, line, n, part))
            return false;
    }
}

enum after { PART_FOLLOWS, BODY_ENDS, NOT_A_DELIMITER };

/* What stands behind a delimiter: blanks and a line end, or the two dashes
 * of the last one. */
static enum after read_after_delimiter(struct cursor *c)
{
    struct cursor t = *c;
    bool last = t.end - t.p >= 2 && t.p[0] == '-' && t.p[1] == '-';
    if (last)
        t.p += 2;
    skip_blanks(&t);
    bool eol = t.end - t.p >= 2 && t.p[0] == '\r' && t.p[1] == '\n';
    if (!eol && !(last && t.p == t.end))
        return NOT_A_DELIMITER;
    c->p = t.p + (eol ? 2 : 0);
    return last ? BODY_ENDS : PART_FOLLOWS;
}

/* Moves to behind the next delimiter; *data_end is where the part ends. */
static enum after find_delimiter(struct cursor *c, const char *delimiter,
                                 const char **data_end)
{
    size_t n = strlen(delimiter);
    for (;;) {
        char *at = memmem(c->p, (size_t)(c->end - c->p), delimiter, n);
        if (!at)
            return NOT_A_DELIMITER;
        c->p = at + n;
        enum after next = read_after_delimiter(c);
        if (next != NOT_A_DELIMITER) {
            *data_end = at;
            return next;
        }
    }
}

static bool read_parts(struct arena *a, struct cursor *c, const char *delimiter,
                       struct multipart *out)
{
    enum after next = PART_FOLLOWS;
    while (next == PART_FOLLOWS) {
        if (out->n == MULTIPART_PARTS)
            return false;
        struct multipart_part *part = &out->parts[out->n++];
        if (!read_headers(a, c, part))
            return false;
        /* An empty part's line end is also the delimiter's first one. */
        const char *from = c->p, *end = NULL;
        c->p -= 2;
        next = find_delimiter(c, delimiter, &end);
        if (next == NOT_A_DELIMITER)
            return false;
        part->data = (struct bytes){(const uint8_t *)from,
                                    end > from ? (size_t)(end - from) : 0};
    }
    return c->p == c->end;
}

enum err multipart_parse(struct arena *a, const char *content_type,
                         struct bytes body, struct multipart *out)
{
    *out = (struct multipart){
        .parts = ARENA_ARRAY(a, MULTIPART_PARTS, struct multipart_part)};
    const char *boundary = find_boundary(a, content_type);
    if (!boundary || !body.n)
        return ERR_BAD_MULTIPART;
    const char *delimiter = arena_printf(a, "\r\n--%s", boundary);
    size_t first = strlen(delimiter) - 2;
    struct cursor c = {(const char *)body.p, (const char *)body.p + body.n};
    if (body.n >= 2 && memcmp(c.p, "\r\n", 2) == 0)
        c.p += 2;
    if ((size_t)(c.end - c.p) < first || memcmp(c.p, delimiter + 2, first) != 0)
        return ERR_BAD_MULTIPART;
    c.p += first;
    if (read_after_delimiter(&c) != PART_FOLLOWS ||
        !read_parts(a, &c, delimiter, out))
        return ERR_BAD_MULTIPART;
    return OK;
}
