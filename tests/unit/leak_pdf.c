/* Taking apart files that are not as our drawing makes them. */
#include "document/leak_pdf.h"

#include "tap.h"

static struct arena *a;
static struct leak_pdf parts;

static bool opens(const char *text)
{
    return leak_pdf_open(
        a, (struct bytes){(const uint8_t *)text, strlen(text)}, &parts);
}

int main(void)
{
    a = arena_new(4096);
    tap_ok(!opens(""), "nothing");
    tap_ok(!opens("GIF89a"), "no PDF");
    tap_ok(opens("%PDF-1.4\n1 0 obj (a\\(b\\)\\101) endobj"), "a string");
    tap_is_str(parts.strings, "a(b)A\n\n", "with escapes");
    tap_ok(opens("%PDF-1.4\n[(ab) 12 (cd)] (e)"), "kerned text");
    tap_is_str(parts.strings, "abcd\ne\n\n", "is joined, the next is not");
    tap_ok(opens("%PDF-1.4\n<FEFF00C9> <E9> <</A 1>> (\xe9)"), "encodings");
    tap_is_str(parts.strings, "É\né\né\n\n", "UTF-16 and Windows-1252");
    tap_ok(opens("%PDF-1.4\n(never closed"), "an open string");
    tap_is_str(parts.strings, "never closed\n\n", "is read to the end");
    tap_ok(opens("%PDF-1.4\nobj << /Length 3 >> stream\nabc\nendstream x"),
           "a plain stream");
    tap_is_int(parts.n_streams, 1, "is one");
    tap_ok(parts.streams[0].is_text, "of text");
    tap_ok(!opens("%PDF-1.4\nobj <</Filter/FlateDecode>>stream\nabcendstream"),
           "not deflated at all");
    tap_ok(!opens("%PDF-1.4\nobj <</Filter/LZWDecode>>stream\nabcendstream"),
           "another filter");
    tap_ok(!opens("%PDF-1.4\nobj <<>>stream\nabc"), "a stream without end");
    tap_ok(!opens("%PDF-1.4\nobj <</Subtype /Image>>"), "a picture");
    tap_ok(opens("%PDF-1.4\nobj [/PDF /Text /ImageB]"), "the word is not one");
    tap_ok(opens("%PDF-1.4\n0000000018 00000 n \n00018\n"), "offsets");
    tap_ok(!memmem(parts.skeleton.p, parts.skeleton.n, "0000000018", 10) &&
               memmem(parts.skeleton.p, parts.skeleton.n, "00018\n", 6),
           "are blanked, other numbers stay");
    arena_free(a);
    return tap_done();
}
