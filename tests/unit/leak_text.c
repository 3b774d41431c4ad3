/* Bounds of the matching rules, on bare text. */
#include "document/leak_text.h"

#include "tap.h"

static struct arena *a;

static bool has(enum leak_mode mode, const char *text, const char *neutral,
                enum needle_kind kind, const char *needle)
{
    struct leak_text t, known;
    leak_text_prepare(a, text, &t);
    leak_text_prepare(a, neutral, &known);
    return leak_text_has(a, mode, &t, &known, &(struct needle){kind, needle});
}

static const char *suspect(const char *text)
{
    struct leak_text t;
    leak_text_prepare(a, text, &t);
    const char *kind = leak_text_suspect(&t);
    return kind ? kind : "none";
}

static bool in_bytes(const char *bytes, size_t n, const char *needle)
{
    struct leak_text t, known;
    leak_text_prepare(a, "", &known);
    leak_text_prepare_bytes(a, (struct bytes){(const uint8_t *)bytes, n}, &t);
    return leak_text_in_bytes(a, &t, &known,
                              &(struct needle){NEEDLE_NAME, needle});
}

int main(void)
{
    a = arena_new(4096);
    const enum leak_mode prose = LEAK_PROSE, syntax = LEAK_SYNTAX;
    tap_ok(has(prose, "M.Dupont;", "", NEEDLE_WORD, "dupont"), "marks bound");
    tap_ok(has(prose, "l’Œuvre…", "", NEEDLE_WORD, "oeuvre"), "French marks");
    tap_ok(!has(prose, "Dupontel", "", NEEDLE_WORD, "Dupont"), "not inside");
    tap_ok(!has(prose, "le prix", "Prix TTC", NEEDLE_WORD, "prix"),
           "a neutral word");
    tap_ok(has(prose, "Anne Durand-Martin", "", NEEDLE_NAME, "Durand Martin"),
           "a hyphen is a space");
    tap_ok(has(prose, "coupé\nici", "", NEEDLE_NAME, "Coupé Ici"),
           "a line break is a space");
    tap_ok(!has(prose, "voltea energie", "", NEEDLE_WORD, ""), "no needle");
    tap_ok(!has(prose, "a b", "", NEEDLE_WORD, "a"), "one letter is nobody");
    tap_ok(has(prose, "12 345 6", "", NEEDLE_DIGITS, "123456"), "groups");
    tap_ok(!has(prose, "12\n3456", "", NEEDLE_DIGITS, "123456"),
           "not across lines");
    tap_ok(!has(syntax, "12 345 6 re", "", NEEDLE_DIGITS, "123456"),
           "operands are not groups");
    tap_ok(has(syntax, "(1234567)", "", NEEDLE_DIGITS, "1234567"),
           "digits in a dictionary");
    tap_ok(has(prose, "0612345678901", "", NEEDLE_DIGITS, "12345678"),
           "eight digits also inside a longer run");
    tap_is_str(suspect("12 avenue 2025"), "none", "ordinary");
    tap_is_str(suspect("h t t p s : / / x"), "link", "a spaced link");
    tap_is_str(suspect("FR7630004000031234567890143"), "iban", "an IBAN");
    tap_is_str(suspect("12345678901234"), "digits", "14 digits");
    tap_is_str(suspect("123456789012345"), "none", "15 are no point");
    tap_is_str(suspect("D:20261121101112"), "none", "a PDF date");
    static const char utf16[] = "\1\0L\0u\0m\0i\0b\0i\0s\0E\0\2";
    tap_ok(in_bytes("\1xLUMIBISE\2", 11, "Lumibise"), "in bytes");
    tap_ok(in_bytes(utf16, sizeof utf16, "LumibisE"), "as UTF-16");
    tap_ok(!in_bytes("\1xLUMIBIS\2", 10, "Lumibis"), "seven letters do not");
    arena_free(a);
    return tap_done();
}
