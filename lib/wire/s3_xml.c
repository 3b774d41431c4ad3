/* A reader of the subset that S3 servers write: a declaration, elements with
 * attributes that are skipped, texts with the five entities and character
 * references. */
#include "wire/s3_xml.h"
#include <string.h>
#include "base/buf.h"
#include "base/str.h"
#include "base/banned.h"

enum {
    PATH_BYTES = 256,
    TEXT_BYTES = 64 * 1024,
    MESSAGE_CHARS = 200,
    CODE_BYTES = 64,
    ENTRIES = 1000 /* the most that one page may hold */
};
#define NAME_LETTERS \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."
#define SPACE " \t\r\n"

struct reader {
    struct arena *a;
    const char *s; /* NUL-terminated copy */
    char path[PATH_BYTES];
    size_t starts[S3_XML_DEPTH]; /* where each element's name begins in path */
    struct buf text;             /* of the innermost element */
    size_t depth;
    s3_xml_take *take;
    void *to;
};

static bool skip_past(struct reader *r, const char *end)
{
    const char *at = strstr(r->s, end);
    if (at)
        r->s = at + strlen(end);
    return at != NULL;
}

/* name="value" or name='value', any number of them. */
static bool skip_attributes(struct reader *r)
{
    for (;;) {
        r->s += strspn(r->s, SPACE);
        const size_t n = strspn(r->s, NAME_LETTERS ":");
        if (n == 0)
            return true;
        r->s += n;
        const char quote = r->s[0] == '=' ? r->s[1] : '\0';
        if (quote != '"' && quote != '\'')
            return false;
        r->s += 2;
        const size_t value = strcspn(r->s, quote == '"' ? "\"<" : "'<");
        if (r->s[value] != quote)
            return false;
        r->s += value + 1;
    }
}

static bool leave(struct reader *r)
{
    const bool more = r->take(r->to, r->path, buf_cstr(&r->text));
    const size_t at = r->starts[--r->depth];
    r->path[at ? at - 1 : 0] = '\0';
    buf_init(&r->text, r->a, TEXT_BYTES); /* texts of parents are not asked */
    return more;
}

static bool enter(struct reader *r)
{
    const size_t n = strspn(r->s, NAME_LETTERS), had = strlen(r->path);
    if (n == 0 || r->depth == S3_XML_DEPTH || had + n + 2 > PATH_BYTES)
        return false;
    r->starts[r->depth++] = had ? had + 1 : 0;
    if (had)
        r->path[had] = '/';
    memcpy(r->path + had + (had > 0), r->s, n);
    r->path[had + (had > 0) + n] = '\0';
    r->s += n;
    buf_init(&r->text, r->a, TEXT_BYTES);
    if (!skip_attributes(r))
        return false;
    const bool empty = *r->s == '/';
    r->s += empty;
    if (*r->s++ != '>')
        return false;
    return !empty || leave(r);
}

static bool close_element(struct reader *r)
{
    const char *name = r->depth ? r->path + r->starts[r->depth - 1] : NULL;
    if (!name || strncmp(r->s, name, strlen(name)) != 0)
        return false;
    r->s += strlen(name);
    r->s += strspn(r->s, SPACE);
    return *r->s++ == '>' && leave(r);
}

/* "&#233;", "&#xE9;": r->s is behind the "#". */
static bool reference(struct reader *r, uint32_t *cp)
{
    const bool hex = *r->s == 'x';
    r->s += hex;
    const char *digits = hex ? "0123456789abcdefABCDEF" : "0123456789";
    const size_t n = strspn(r->s, digits);
    if (n == 0 || n > 6 || r->s[n] != ';')
        return false;
    *cp = 0;
    for (; *r->s != ';'; r->s++) {
        const char c = *r->s;
        const uint32_t v = (uint32_t)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
        *cp = *cp * (hex ? 16 : 10) + v;
    }
    r->s++;
    return *cp > 0 && *cp <= 0x10FFFF && (*cp < 0xD800 || *cp > 0xDFFF);
}

static bool entity(struct reader *r)
{
    static const struct {
        const char *name;
        char c;
    } known[] = {{"amp;", '&'},
                 {"lt;", '<'},
                 {"gt;", '>'},
                 {"quot;", '"'},
                 {"apos;", '\''}};
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (str_starts(r->s, known[i].name)) {
            r->s += strlen(known[i].name);
            buf_char(&r->text, known[i].c);
            return true;
        }
    uint32_t cp;
    char utf8[4];
    if (*r->s++ != '#' || !reference(r, &cp))
        return false;
    buf_add(&r->text, utf8, str_utf8_put(utf8, cp));
    return true;
}

/* One step inside the root element. */
static bool step(struct reader *r)
{
    if (*r->s == '<') {
        r->s++;
        if (*r->s == '/') {
            r->s++;
            return close_element(r);
        }
        return enter(r);
    }
    if (*r->s == '&') {
        r->s++;
        return entity(r);
    }
    const size_t n = strcspn(r->s, "<&");
    if (r->s[n] == '\0')
        return false; /* the root is still open */
    buf_add(&r->text, r->s, n);
    r->s += n;
    return buf_ok(&r->text);
}

bool s3_xml_read(struct arena *a, struct bytes xml, s3_xml_take *take, void *to)
{
    if (!str_utf8_ok((const char *)xml.p, xml.n))
        return false;
    struct reader r = {.a = a, .take = take, .to = to};
    r.s = arena_strndup(a, (const char *)xml.p, xml.n);
    r.s += strspn(r.s, SPACE);
    if (str_starts(r.s, "<?xml") && !skip_past(&r, "?>"))
        return false;
    r.s += strspn(r.s, SPACE);
    if (*r.s++ != '<' || !enter(&r))
        return false;
    while (r.depth)
        if (!step(&r))
            return false;
    return r.s[strspn(r.s, SPACE)] == '\0';
}

/* ---- errors ----------------------------------------------------------------
 */

struct failure {
    struct arena *a;
    const char *code, *message;
    bool seen;
};

static const char *printable(struct arena *a, const char *s)
{
    struct buf b;
    const char *p = s;
    buf_init(&b, a, 4 * MESSAGE_CHARS);
    for (int i = 0; i < MESSAGE_CHARS && *p; i++) {
        const char *from = p;
        const uint32_t cp = str_utf8_next(&p);
        if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
            buf_char(&b, ' ');
        else
            buf_add(&b, from, (size_t)(p - from));
    }
    return buf_cstr(&b);
}

static bool take_failure(void *to, const char *path, const char *text)
{
    struct failure *f = to;
    const size_t n = strlen(text);
    if (str_eq(path, "Error"))
        f->seen = true;
    if (str_eq(path, "Error/Message"))
        f->message = printable(f->a, text);
    if (str_eq(path, "Error/Code") && n <= CODE_BYTES &&
        strspn(text, NAME_LETTERS) == n)
        f->code = text;
    return true;
}

bool s3_xml_error(struct arena *a, struct bytes xml, const char **code,
                  const char **message)
{
    struct failure f = {.a = a, .code = "", .message = ""};
    const bool ok = s3_xml_read(a, xml, take_failure, &f) && f.seen;
    *code = ok ? f.code : "";
    *message = ok ? f.message : "";
    return ok;
}

/* ---- lists -----------------------------------------------------------------
 */

struct list {
    struct s3_page *page;
    struct s3_entry now;
    bool more, seen;
};

static bool add(struct list *l, struct s3_entry e)
{
    if (!e.key || !*e.key || l->page->n == ENTRIES)
        return false;
    l->page->entries[l->page->n++] = e;
    return true;
}

static bool take_list(void *to, const char *path, const char *text)
{
    struct list *l = to;
    if (!str_starts(path, "ListBucketResult"))
        return false;
    path += strlen("ListBucketResult");
    if (!*path)
        l->seen = true;
    else if (str_eq(path, "/Contents/Key"))
        l->now.key = text;
    else if (str_eq(path, "/Contents/Size"))
        return str_to_i64(text, &l->now.size) && l->now.size >= 0;
    else if (str_eq(path, "/Contents")) {
        const struct s3_entry e = l->now;
        l->now = (struct s3_entry){.key = NULL};
        return add(l, e);
    } else if (str_eq(path, "/IsTruncated"))
        l->more = str_eq(text, "true");
    else if (str_eq(path, "/NextContinuationToken"))
        l->page->next = text;
    return true;
}

bool s3_xml_list(struct arena *a, struct bytes xml, struct s3_page *out)
{
    struct list l = {.page = out};
    *out =
        (struct s3_page){.entries = ARENA_ARRAY(a, ENTRIES, struct s3_entry)};
    if (!s3_xml_read(a, xml, take_list, &l) || !l.seen)
        return false;
    if (!l.more)
        out->next = NULL;
    return !l.more || (out->next && *out->next);
}
