/* What is drawn comes out of the PDF as it went in, fits its width, and a
 * missing font or a bad character is no accident. */
#include "print/canvas.h"

#include <poppler.h>

#include "document/pdf.h"
#include "sample_result.h"
#include "tap.h"

static struct arena *a;
static const struct ink ink = {CANVAS_SANS, 10, 0};
static const struct canvas_info info = {"Titre é", "Auteur", 1763719927000};

static const char *text_of(struct bytes pdf)
{
    struct pdf doc;
    if (pdf_open(a, pdf, &doc) != OK)
        return "not a PDF";
    PopplerPage *page = pdf_page(&doc, 0);
    char *got = poppler_page_get_text(page);
    const char *text = arena_strdup(a, got);
    g_free(got);
    pdf_page_free(page);
    return text;
}

static const char *drawn(const char *s)
{
    struct canvas *c = canvas_open(a, &info);
    canvas_page(c);
    canvas_text(c, ink, 40, 100, s);
    return text_of(canvas_close(c));
}

static void characters(void)
{
    static const char french[] =
        "Éàçèêëîïôœùûüÿ « 12 € » ² ³ ° · – … ’ Œ Ÿ Æ";
    tap_is_str(drawn(french), french, "French letters and marks");
    tap_is_str(drawn("Łódź, Ğ, Šibenik"), "Lódz, G, Sibenik",
               "letters outside the fonts become their nearest");
    tap_is_str(drawn("日本 x"), "?? x", "others a question mark");
    tap_is_str(drawn("aa\u0301a\u00ad\u200b bbb"), "aaa bbb",
               "combining and invisible marks are dropped");
    tap_is_str(drawn("(a) \\ b"), "(a) \\ b", "PDF's own marks");
    tap_is_str(drawn("5\xE2\x88\x92"
                     "3"),
               "5-3", "a minus sign");
}

static void widths(void)
{
    struct canvas *c = canvas_open(a, &info);
    canvas_page(c);
    const char *text = "Un texte assez long pour plusieurs lignes de page";
    float w = canvas_width(c, ink, text);
    tap_ok(w > 200 && w < 300, "a width in points: %.1f", (double)w);
    tap_is_int(canvas_lines(c, ink, w + 1, 9, text), 1, "one line fits");
    tap_is_int(canvas_lines(c, ink, w / 2.2f, 9, text), 3, "in three lines");
    tap_is_int(canvas_lines(c, ink, w / 2.2f, 2, text), 2, "at most two");
    tap_is_int(canvas_lines(c, ink, 50, 9, "12\u00a0345\u00a0€"), 1,
               "no break at a no-break space");
    tap_is_int(canvas_lines(c, ink, 20, 99, "anticonstitutionnellement"), 8,
               "a word wider than the line is broken");
    tap_is_int(canvas_lines(c, ink, 50, 9, ""), 0, "no text, no line");
    canvas_fit(c, ink, 40, 100, 100, text);
    struct point at = {40, 200};
    canvas_wrap(c, ink, at, 100, 1, "Une phrase qui sera coupée ici");
    const char *got = text_of(canvas_close(c));
    tap_ok(strstr(got, "Un texte assez l") && strstr(got, "…"),
           "what is too wide ends with an ellipsis: %s", got);
    tap_ok(!strstr(got, "plusieurs") && !strstr(got, "ici"),
           "and is cut there");
}

static void recording(void)
{
    struct canvas *c = canvas_record(a);
    canvas_page(c);
    canvas_text(c, ink, 0, 0, "un");
    canvas_fit(c, ink, 0, 0, 1, "deux mots");
    canvas_quiet(c, true);
    canvas_text(c, ink, 0, 0, "silence");
    canvas_quiet(c, false);
    canvas_wrap(c, ink, (struct point){0, 0}, 10, 1, "trois mots entiers");
    canvas_disc(c, 0, 1, 1, 1);
    tap_is_str(canvas_recorded(c), "un\ndeux mots\ntrois mots entiers\n",
               "a recording canvas keeps whole texts");
    tap_is_int(canvas_close(c).n, 0, "and makes no PDF");
}

static void document(void)
{
    struct canvas *c = canvas_open(a, &info);
    canvas_page(c);
    canvas_text(c, ink, 40, 100, "texte");
    struct bytes pdf = canvas_close(c);
    struct pdf doc;
    tap_is_int(pdf_open(a, pdf, &doc), OK, "a PDF");
    char *title = poppler_document_get_title(doc.doc);
    tap_is_str(title, "Titre é", "its title");
    g_free(title);
    char *producer = poppler_document_get_producer(doc.doc);
    tap_is_str(producer, "comptoir", "no library's name in it");
    g_free(producer);
    tap_is_int(poppler_document_get_creation_date(doc.doc), 1763719927,
               "its date");
    tap_is_int(canvas_close(c).n, 0, "closing twice gives nothing");
}

static void failures(void)
{
    setenv("COMPTOIR_HOME", "/nonexistent", 1);
    tap_ok(conf_init() == NULL, "another home");
    tap_ok(canvas_open(a, &info) == NULL, "no fonts, no canvas");
}

int main(void)
{
    struct reference *ref = sample_reference();
    a = arena_new(65536);
    characters();
    widths();
    recording();
    document();
    failures();
    arena_free(a);
    reference_free(ref);
    return tap_done();
}
