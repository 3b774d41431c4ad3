/* lib/base/str.c: strict numbers, UTF-8 at the edge, folding. */
#include "base/str.h"
#include "tap.h"
#include <stdlib.h>

static struct arena *a;

static void numbers(void)
{
    static const struct {
        const char *in;
        int scale;
        bool ok;
        int64_t want;
    } t[] = {
        {"0", 0, true, 0},
        {"-1", 0, true, -1},
        {"9223372036854775807", 0, true, INT64_MAX},
        {"-9223372036854775808", 0, true, INT64_MIN},
        {"9223372036854775808", 0, false, 0},
        {"", 0, false, 0},
        {"-", 0, false, 0},
        {"+1", 0, false, 0},
        {" 1", 0, false, 0},
        {"1 ", 0, false, 0},
        {"1e3", 0, false, 0},
        {"0x10", 0, false, 0},
        {"1.5", 0, false, 0},
        {"0.5", 3, true, 500},
        {"-0.05", 3, true, -50},
        {"1", 3, true, 1000},
        {"1.2345", 3, false, 0},
        {"1.", 3, false, 0},
        {".5", 3, false, 0},
        {"nan", 3, false, 0},
        {"92233720368547758.08", 3, false, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(t); i++) {
        int64_t v = 0;
        bool ok = str_to_scaled(t[i].in, t[i].scale, &v);
        tap_ok(ok == t[i].ok && (!ok || v == t[i].want), "number '%s' /%d",
               t[i].in, t[i].scale);
    }
}

static void utf8(void)
{
    static const struct {
        const char *in;
        size_t n;
        bool ok;
    } t[] = {
        {"abc", 3, true},
        {"\xc3\xa9\xe2\x82\xac", 5, true},
        {"\xf0\x9f\x98\x80", 4, true},
        {"\xef\xbf\xbd", 3, true},
        {"\xc0\x80", 2, false},     /* overlong NUL */
        {"\xed\xa0\x80", 3, false}, /* surrogate */
        {"\xf4\x90\x80\x80", 4, false},
        {"\xe2\x82", 2, false},
        {"a\0b", 3, false},
        {"\x80", 1, false},
        {"\xff", 1, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(t); i++)
        tap_ok(str_utf8_ok(t[i].in, t[i].n) == t[i].ok, "utf8 row %zu", i);
    /* 80-1: nothing past the end is read (ASan sees it) */
    char *exact = malloc(1);
    exact[0] = '\xe2';
    tap_ok(!str_utf8_ok(exact, 1), "80-1: a lead byte at the very end");
    free(exact);
    int bad = 0;
    for (uint32_t cp = 1; cp < 0x110000; cp += 997) {
        char tmp[5] = {0};
        const char *p = tmp;
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        size_t n = str_utf8_put(tmp, cp);
        bad += str_utf8_next(&p) != cp || p != tmp + n;
    }
    tap_is_int(bad, 0, "code points come back");
}

static void folding(void)
{
    tap_is_str(str_fold(a, "ÉLECTRICITÉ Œuvre ß ÿ Ÿ"),
               "electricite oeuvre ss y y", "accents and case fold");
    tap_is_str(str_fold(a, "e\xcc\x81t\xc3\xa9"), "ete",
               "combining accents fold");
    tap_is_str(str_trim(a, "\xc2\xa0 a b\xe2\x80\xaf\n"), "a b",
               "trim knows French spaces");
    tap_is_str(str_trim(a, " \t"), "", "trim of blanks");
}

static void splitting(void)
{
    const char *out[4];
    tap_is_int(str_split(a, "a,,b", ',', out, 4), 3, "empty parts are kept");
    tap_is_str(out[1], "", "the middle is empty");
    tap_is_int(str_split(a, "a,b,c", ',', out, 2), 2, "at most max parts");
    tap_ok(str_starts("abc", "ab") && !str_starts("a", "ab"), "starts");
    tap_ok(str_ends("a.pdf", ".pdf") && !str_ends("pdf", ".pdf"), "ends");
    tap_ok(str_eq(NULL, NULL) && !str_eq("a", NULL), "NULL equals NULL");
}

int main(void)
{
    a = arena_new(1024);
    numbers();
    utf8();
    folding();
    splitting();
    arena_free(a);
    return tap_done();
}
