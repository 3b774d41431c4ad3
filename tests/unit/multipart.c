#include "wire/multipart.h"
#include <stdlib.h>
#include "base/encode.h"
#include "base/str.h"
#include "tap.h"

#define TYPE "multipart/form-data; boundary=X"
#define FIELD(name, value)                                                     \
    "--X\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value  \
    "\r\n"
#define END "--X--\r\n"
#define NAMED(disposition)                                                     \
    "--X\r\nContent-Disposition: form-data; name=\"f\"; " disposition         \
    "\r\n\r\nd\r\n" END

static struct arena *a;

static enum err parse_n(const char *type, const char *s, size_t n,
                        struct multipart *m)
{
    return multipart_parse(a, type, (struct bytes){(const uint8_t *)s, n}, m);
}

static enum err parse(const char *s, struct multipart *m)
{
    return parse_n(TYPE, s, strlen(s), m);
}

static bool data_is(const struct multipart_part *p, const char *want)
{
    return p->data.n == strlen(want) &&
           memcmp(p->data.p, want, p->data.n) == 0;
}

static void reads_parts(void)
{
    struct multipart m;
    const char *body = FIELD("type", "gaz")
        "--X\r\ncontent-type: Application/PDF; x=y\r\n"
        "content-disposition: form-data; name=file; filename=\"a.pdf\"\r\n\r\n"
        "line\r\n--Xnot\r\n--X2--\r\nend\r\n" FIELD("empty", "") END;
    tap_is_int(parse(body, &m), OK, "three parts");
    tap_is_int(m.n, 3, "are three");
    tap_ok(data_is(&m.parts[0], "gaz") && !m.parts[0].filename, "a field");
    tap_is_str(m.parts[1].name, "file", "a name without quotes");
    tap_is_str(m.parts[1].filename, "a.pdf", "its file name");
    tap_is_str(m.parts[1].type, "application/pdf", "its type, lower case");
    tap_ok(data_is(&m.parts[1], "line\r\n--Xnot\r\n--X2--\r\nend"),
           "lines that only begin like the boundary are data");
    tap_ok((const char *)m.parts[1].data.p > body &&
               (const char *)m.parts[1].data.p < body + strlen(body),
           "data is not copied");
    tap_ok(data_is(&m.parts[2], ""), "an empty part");
}

static void reads_frames(void)
{
    struct multipart m;
    tap_is_int(parse("\r\n" FIELD("a", "b") "--X--", &m), OK,
               "leading line end, no last one");
    tap_is_int(parse("--X \t\r\nContent-Disposition: form-data; name=a\r\n"
                     "\r\nb\r\n--X-- \r\n", &m), OK, "padding");
    const char *quoted = "--a b\r\nContent-Disposition: form-data; name=a\r\n"
                         "\r\nb\r\n--a b--";
    tap_is_int(parse_n("multipart/form-data;boundary=\"a b\"", quoted,
                       strlen(quoted), &m), OK, "quoted boundary");
    const char nul[] = FIELD("a", "x\0y") END;
    tap_is_int(parse_n(TYPE, nul, sizeof nul - 1, &m), OK, "data with NUL");
    tap_is_int(m.parts[0].data.n, 3, "kept whole");
}

static void cleans_names(void)
{
    static const struct {
        const char *disposition, *want;
    } rows[] = {
        {"filename=\"../../etc/passwd\"", "passwd"},
        {"filename=\"C:\\dir\\f.pdf\"", "f.pdf"},
        {"filename=\"a\\\"b.pdf\"", "a\"b.pdf"},
        {"filename=\"a\x01\x7f" "b.pdf\"", "ab.pdf"},
        {"filename=\"fdp\xe2\x80\xae.exe\"", "fdp.exe"},
        {"filename=\"\xe2\x80\x8b\xef\xbb\xbfz\"", "z"},
        {"filename=\"\xff.pdf\"", ".pdf"},
        {"filename=\"\"", ""},
        {"filename=\"x\"; filename*=UTF-8''%C3%A9t%C3%A9.pdf", "été.pdf"},
        {"filename*=utf-8'fr'a%2Fb.pdf; filename=\"x\"", "b.pdf"},
        {"filename*=ISO-8859-1''%E9.pdf; filename=\"x\"", "x"},
        {"filename=x.pdf", "x.pdf"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct multipart m;
        const char *body = arena_printf(
            a, "--X\r\nContent-Disposition: form-data; name=\"f\"; %s\r\n"
               "\r\nd\r\n" END, rows[i].disposition);
        tap_is_int(parse(body, &m), OK, "%zu is read", i);
        tap_is_str(m.n ? m.parts[0].filename : NULL, rows[i].want,
                   "name %zu", i);
    }
    char *name = arena_alloc(a, 600);
    for (int i = 0; i < 500; i += 2)
        memcpy(name + i, "é", 2);
    memcpy(name + 500, ".pdf", 5);
    struct multipart m;
    tap_is_int(parse(arena_printf(a, "--X\r\nContent-Disposition: form-data; "
                                     "name=f; filename=\"%s\"\r\n\r\nd\r\n"
                                     END, name), &m), OK, "a long name");
    const char *got = m.parts[0].filename;
    tap_ok(strlen(got) <= 255 && str_ends(got, "é.pdf") &&
               str_utf8_ok(got, strlen(got)),
           "is cut to 255 bytes, its end kept");
}

static void refuses(void)
{
    static const char *const bodies[] = {
        "", "--X", "--X--", "--X\r\n", "x" FIELD("a", "b") END,
        FIELD("a", "b"), FIELD("a", "b") "--X", FIELD("a", "b") "--X-",
        FIELD("a", "b") "--Y--\r\n", FIELD("a", "b") END "epilogue",
        "--Y\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--Y--\r\n",
        "--X\r\n\r\nb\r\n" END,
        "--X\r\nContent-Disposition: form-data\r\n\r\nb\r\n" END,
        "--X\r\nContent-Disposition: attachment; name=a\r\n\r\nb\r\n" END,
        "--X\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nb\r\n" END,
        "--X\r\nContent-Disposition: form-data; name=\"a\r\n\r\nb\r\n" END,
        "--X\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nb\r\n"
        END,
        "--X\r\nContent-Disposition: form-data; name=\"a\x01\"\r\n\r\nb\r\n"
        END,
        "--X\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\nb\r\n"
        END,
        "--X\r\nContent-Disposition: form-data; name=a junk\r\n\r\nb\r\n" END,
        "--X\r\nContent-Disposition: form-data; name=a\r\n folded: x\r\n\r\n"
        "b\r\n" END,
        "--X\r\nContent-Disposition: form-data; name=a\r\nbroken\r\n\r\nb\r\n"
        END,
        "--X\r\nContent-Disposition: form-data; name=a\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\nYg==\r\n" END,
        "--X\r\nContent-Disposition: form-data; name=a\r\n"
        "Content-Type: a/b\r\nContent-Type: c/d\r\n\r\nb\r\n" END,
        "--X\nContent-Disposition: form-data; name=a\n\nb\n--X--\n",
        NAMED("filename=\"a\"; filename=\"b\""), NAMED("other=1"),
        "--X\r\nContent-Disposition: form-data; name=a\r\n\r\n",
    };
    struct multipart m;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        tap_is_int(parse(bodies[i], &m), ERR_BAD_MULTIPART, "body %zu", i);
    static const char *const types[] = {
        NULL, "", "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"X", "application/json; boundary=X",
        "multipart/form-data; boundary=X; boundary=Y",
        "multipart/form-data; boundary=\"X \"",
        "multipart/form-data; boundary=X; ;",
        "multipart/form-data; boundary=\"a\xc3\xa9\"",
        "multipart/form-data; boundary="
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaa"};
    const char *good = FIELD("a", "b") END;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        tap_is_int(parse_n(types[i], good, strlen(good), &m),
                   ERR_BAD_MULTIPART, "type %zu", i);
}

static void bounds(void)
{
    char *body = arena_alloc(a, 200000);
    size_t n = 0;
    struct multipart m;
    for (int i = 0; i < MULTIPART_PARTS; i++)
        n += (size_t)snprintf(body + n, 200, "%s", FIELD("a", "b"));
    memcpy(body + n, END, sizeof END);
    tap_is_int(parse(body, &m), OK, "as many parts as are taken");
    n += (size_t)snprintf(body + n, 200, "%s", FIELD("a", "b"));
    memcpy(body + n, END, sizeof END);
    tap_is_int(parse(body, &m), ERR_BAD_MULTIPART, "one more");
    n = (size_t)snprintf(body, 200, "--X\r\nContent-Disposition: form-data; "
                                    "name=a\r\nX-Long: ");
    memset(body + n, 'x', 8000);
    snprintf(body + n + 8000, 100, "\r\n\r\nb\r\n" END);
    tap_is_int(parse(body, &m), ERR_BAD_MULTIPART, "8000 bytes of header");
}

/* Every cut of a good body is refused, and every flip survives. */
static void mutations(void)
{
    static const char good[] = FIELD("type", "auto")
        "--X\r\nContent-Disposition: form-data; name=\"file\"; "
        "filename=\"a.pdf\"; filename*=UTF-8''%41\r\nContent-Type: a/b\r\n\r\n"
        "%PDF-1.4\r\n--X--";
    struct multipart m;
    int accepted = 0;
    for (size_t n = 0; n < sizeof good - 1; n++) {
        char *exact = malloc(n ? n : 1); /* so that ASan sees each end */
        memcpy(exact, good, n);
        accepted += parse_n(TYPE, exact, n, &m) == OK;
        free(exact);
    }
    tap_is_int(accepted, 0, "no cut body is taken");
    char copy[sizeof good];
    unsigned seed[256];
    encode_random(seed, sizeof seed);
    for (int i = 0; i < 20000; i++) {
        memcpy(copy, good, sizeof good);
        unsigned x = seed[i % 256] * 2654435761u + (unsigned)i * 40503u;
        copy[x % (sizeof good - 1)] = (char)(x >> 16);
        copy[(x >> 7) % (sizeof good - 1)] = (char)(x >> 24);
        enum err e = parse_n(TYPE, copy, sizeof good - 1, &m);
        if (e != OK && e != ERR_BAD_MULTIPART)
            tap_ok(false, "error %d", e);
        arena_reset(a);
    }
    tap_ok(true, "20000 changed bodies were answered");
}

int main(void)
{
    a = arena_new(65536);
    reads_parts();
    reads_frames();
    cleans_names();
    refuses();
    bounds();
    mutations();
    tap_ok(multipart_is("Multipart/Form-Data; boundary=x") &&
               !multipart_is("multipart/form-dataX") && !multipart_is(NULL),
           "multipart_is");
    arena_free(a);
    return tap_done();
}
