/* The gate catches each kind of leak wherever it is planted, and refuses
 * nobody whose name is an ordinary word of the report. */
#include "document/leak.h"

#include <hpdf.h>

#include "base/buf.h"
#include "rawpdf.h"
#include "tap.h"

static struct arena *a;

static const char neutral[] = "Positionnement marché\nPrix TTC tout compris\n"
                              "Énergie facturée\nReste à payer";

static void ignore(HPDF_STATUS e, HPDF_STATUS d, void *user)
{
    (void)user;
    fprintf(stderr, "libharu error %lx %lu\n", (unsigned long)e,
            (unsigned long)d);
}

/* A compressed one-page PDF with a text (Windows-1252) and a title. */
static struct bytes drawn(const char *text, const char *title)
{
    HPDF_Doc d = HPDF_New(ignore, NULL);
    HPDF_SetCompressionMode(d, HPDF_COMP_ALL);
    HPDF_Page page = HPDF_AddPage(d);
    HPDF_Page_BeginText(page);
    HPDF_Page_SetFontAndSize(
        page, HPDF_GetFont(d, "Helvetica", "WinAnsiEncoding"), 10);
    HPDF_Page_TextOut(page, 40, 700, text);
    HPDF_Page_EndText(page);
    if (title)
        HPDF_SetInfoAttr(d, HPDF_INFO_TITLE, title);
    HPDF_SaveToStream(d);
    HPDF_UINT32 n = HPDF_GetStreamSize(d);
    uint8_t *p = arena_alloc(a, n);
    HPDF_ResetStream(d);
    HPDF_ReadFromStream(d, p, &n);
    HPDF_Free(d);
    return (struct bytes){p, n};
}

static const char *search(struct bytes pdf, enum needle_kind kind,
                          const char *text)
{
    const char *found = NULL;
    struct needle n = {kind, text};
    bool leak = leak_find(a, pdf, neutral, &n, 1, &found);
    return leak ? found ? found : "leak without a kind" : "none";
}

static const char *text_search(const char *text, enum needle_kind kind,
                               const char *needle)
{
    return search(drawn(text, NULL), kind, needle);
}

static void words(void)
{
    tap_is_str(text_search("Bonjour Camille EXEMPLE", NEEDLE_WORD, "exemple"),
               "word", "a word in any case");
    tap_is_str(text_search("chez Volt\xe9"
                           "a",
                           NEEDLE_NAME, "VOLTEA"),
               "name", "accents do not hide a name");
    tap_is_str(
        text_search("Gaz de Bordeaux ici", NEEDLE_NAME, "Gaz de  Bordeaux"),
        "name", "a name of several words");
    tap_is_str(text_search("g a z d e b o r d e a u x", NEEDLE_NAME,
                           "Gaz de Bordeaux"),
               "name", "a long name letter by letter");
    tap_is_str(text_search("Fournisseur : EDF.", NEEDLE_NAME, "EDF"), "name",
               "a short name between marks");
    tap_is_str(text_search("\xabLumibis\xbb", NEEDLE_NAME, "Lumibis"), "name",
               "a name in guillemets");
}

static void honest(void)
{
    static const char text[] = "Positionnement march\xe9 : le Prix. Les "
                               "d\xe9penses et les besoins, genie, save-t-il "
                               "Erre, essence, r\xe9"
                               "elles";
    struct bytes pdf = drawn(text, NULL);
    static const char *const names[] = {"Eni", "\u00c9S", "ESS", "REE",
                                        "EDF", "Marché",  "Prix"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        tap_is_str(search(pdf, i < 5 ? NEEDLE_NAME : NEEDLE_WORD, names[i]),
                   "none", "%s is not found in ordinary words", names[i]);
    tap_is_str(search(pdf, NEEDLE_NAME, "SAVE"), "name",
               "SAVE is found where it is a word of its own");
    static const char *const format[] = {"Page", "Font", "Bold", "Info",
                                         "Root", "Type", "Title"};
    for (size_t i = 0; i < ARRAY_LEN(format); i++)
        tap_is_str(search(drawn("Bonjour", "Rapport"), NEEDLE_WORD, format[i]),
                   "none", "a customer named %s is no leak", format[i]);
    tap_is_str(text_search("Madame Page", NEEDLE_WORD, "Page"), "word",
               "but her name in the text is");
}

static void digits(void)
{
    tap_is_str(text_search("n\xb0 99123456789012", NEEDLE_DIGITS,
                           "99 123 456 789 012"),
               "digits", "digits in one block");
    tap_is_str(
        text_search("99 123 456 789 012 !", NEEDLE_DIGITS, "99123456789012"),
        "digits", "digits with spaces");
    tap_is_str(text_search("ref 400.000.117", NEEDLE_DIGITS, "400000117"),
               "digits", "digits with dots");
    tap_is_str(text_search("LB-25-77031", NEEDLE_DIGITS, "LB2577031"), "digits",
               "the digits of a mixed reference");
    tap_is_str(text_search("620 kWh 145 mois", NEEDLE_DIGITS, "620145"), "none",
               "two amounts are not one reference");
    tap_is_str(text_search("12 345 678", NEEDLE_DIGITS, "34567"), "none",
               "a short reference is not found inside a longer number");
    tap_is_str(text_search("le 12 mars", NEEDLE_NAME, "12"), "none",
               "the number of a street is no name");
    tap_is_str(text_search("en 2025", NEEDLE_DIGITS, "2025"), "none",
               "four digits identify nobody");
}

static void always(void)
{
    tap_is_str(text_search("voir https://exemple.fr", NEEDLE_WORD, "zz"),
               "link", "a link");
    tap_is_str(text_search("98 765 432 109 876", NEEDLE_WORD, "zz"), "digits",
               "any 14 digits");
    tap_is_str(
        text_search("FR76 3000 4000 0312 3456 7890 143", NEEDLE_WORD, "zz"),
        "iban", "any IBAN");
    tap_is_str(text_search("Mars 2025 : 12 345,67 \x80, 13 970 kWh",
                           NEEDLE_WORD, "zz"),
               "none", "ordinary numbers are none of these");
    tap_is_str(text_search("voir edf.fr ici", NEEDLE_DOMAIN, "edf.fr"),
               "domain", "a domain");
    tap_is_str(
        text_search("www . voltea . example", NEEDLE_DOMAIN, "voltea.example"),
        "domain", "a domain with spaces");
    tap_is_str(text_search("les.freins", NEEDLE_DOMAIN, "es.fr"), "none",
               "a domain is not found inside a word");
}

static void hidden(void)
{
    tap_is_str(
        search(drawn("Bonjour", "Facture Lumibis"), NEEDLE_NAME, "Lumibis"),
        "name", "in the title");
    tap_is_str(search(drawn("Bonjour", "\xfe\xff\0L"), NEEDLE_NAME, "Lumibis"),
               "none", "a cut UTF-16 title is read without harm");
    static const char content[] =
        "BT /F1 12 Tf 40 700 Td (Bonjour) Tj ET\n% Lumibis\n";
    tap_is_str(search(rawpdf_page(a, content, NULL), NEEDLE_NAME, "Lumibis"),
               "unreadable", "a picture cannot be searched");
}

static void raw(void)
{
    static const char text[] = "BT /F1 12 Tf 40 700 Td (Bonjour) Tj ET";
#define PLANT(more, info) \
    rawpdf_plain(a, arena_printf(a, "%s\n%s", text, more), info)
    tap_is_str(search(PLANT("", ""), NEEDLE_NAME, "Lumibis"), "none",
               "nothing planted, nothing found");
    tap_is_str(search(PLANT("% Lumibis", ""), NEEDLE_NAME, "Lumibis"), "name",
               "in a comment of an uncompressed stream");
    tap_is_str(search(PLANT("q [(Lu) -20 (mib) 5 (is)] pop Q", ""), NEEDLE_NAME,
                      "Lumibis"),
               "name", "in kerned pieces that are not drawn");
    tap_is_str(
        search(PLANT("q (L\\165mibis) pop Q", ""), NEEDLE_NAME, "Lumibis"),
        "name", "with an escape");
    tap_is_str(
        search(PLANT("q <4C756D69626973> pop Q", ""), NEEDLE_NAME, "Lumibis"),
        "name", "in hexadecimal");
    tap_is_str(search(PLANT("", "/Keywords<FEFF004C0075006D0069006200690073>"),
                      NEEDLE_NAME, "Lumibis"),
               "name", "in UTF-16 keywords");
    tap_is_str(search(PLANT("", "/Author(99 123 456 789 012)"), NEEDLE_DIGITS,
                      "99123456789012"),
               "digits", "digits in the author");
    tap_is_str(search(PLANT("", "/CreationDate(D:20261121101112Z)"),
                      NEEDLE_WORD, "zz"),
               "none", "the date of creation is no point of delivery");
    tap_is_str(search(PLANT("", "/URI(https://x)"), NEEDLE_WORD, "zz"), "link",
               "a link outside of the text");
    tap_is_str(search(rawpdf_plain(a, "", ""), NEEDLE_WORD, "zz"), "unreadable",
               "a page without text cannot be proved");
}

static void damaged(void)
{
    struct bytes pdf = drawn("Bonjour", NULL);
    struct bytes cut = {pdf.p, pdf.n / 2};
    tap_is_str(search(cut, NEEDLE_WORD, "zz"), "unreadable", "half a file");
    tap_is_str(search((struct bytes){pdf.p, 0}, NEEDLE_WORD, "zz"),
               "unreadable", "no file");
    uint8_t *bad = arena_alloc(a, pdf.n);
    memcpy(bad, pdf.p, pdf.n);
    uint8_t *s = memmem(bad, pdf.n, "stream", 6);
    memset(s + 10, 0x55, 8);
    tap_is_str(search((struct bytes){bad, pdf.n}, NEEDLE_WORD, "zz"),
               "unreadable", "a damaged stream");
}

int main(void)
{
    a = arena_new(1 << 20);
    words();
    honest();
    digits();
    always();
    hidden();
    raw();
    damaged();
    arena_free(a);
    return tap_done();
}
