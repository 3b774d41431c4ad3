/* Files inside a PDF: the best invoice among them, under any name, and
 * limits that hold before anything is parsed. */
#include "document/attached.h"
#include "einvoice/einvoice.h"
#include "rawpdf.h"
#include "sample_xml.h"
#include "tap.h"

#define LINE  "BT /F1 12 Tf 72 700 Td (Facture numero 12345 du mois) Tj ET "
#define GOOD  XML_CII("FA-1", "180.00", "180.00")
#define OTHER XML_CII("FA-2", "180.00", "180.00")
#define CUT                                                         \
    "<x:CrossIndustryInvoice xmlns:x=\"urn:un:unece:uncefact:data:" \
    "standard:CrossIndustryInvoice:100\">"
#define ORDER                                                     \
    "<x:SCRDMCCBDACIOMessageStructure xmlns:x=\"urn:un:unece:"    \
    "uncefact:data:SCRDMCCBDACIOMessageStructure:100\">"          \
    "<x:ExchangedDocument><x:ID>O-1</x:ID></x:ExchangedDocument>" \
    "</x:SCRDMCCBDACIOMessageStructure>"

static struct document_limits limits = {.max_pages = 9,
                                        .max_scanned_pages = 1,
                                        .xml_bytes = 1 << 20,
                                        .xml_depth = 24};

static struct rawpdf_file file(const char *name, const char *text)
{
    return (struct rawpdf_file){name, {(const uint8_t *)text, strlen(text)}};
}

static const struct einvoice *found(struct arena *a,
                                    const struct rawpdf_file *files, int n)
{
    struct document *d = NULL;
    const enum err e =
        pdf_read(a, rawpdf_attached(a, LINE, files, n), &limits, &d);
    tap_ok(e == OK && d->pages[0].n_words == 5, "the page is read");
    return e == OK ? d->einvoice : NULL;
}

static const char *number(const struct einvoice *e)
{
    const char *s = e ? einvoice_text(e, BT_1, 0) : NULL;
    return s ? s : "none";
}

static void choice(struct arena *a)
{
    const struct rawpdf_file files[] = {
        file("notes.txt", "no invoice"), file("order-x.xml", ORDER),
        file("facture.bin", OTHER), file("page.xml", "<html/>"),
        file("factur-x.xml", GOOD)};
    tap_is_str(number(found(a, files, 5)), "FA-1", "the standard's name leads");
    tap_is_str(number(found(a, files, 4)), "FA-2",
               "an invoice of another name before an order");
    tap_is_str(number(found(a, files, 2)), "O-1", "an order");
    const struct rawpdf_file beside = file("bestellung.xml", ORDER);
    tap_ok(!found(a, &beside, 1), "but not one that is only attached");
    tap_ok(!found(a, files, 1), "a note is none");
    tap_ok(!found(a, files, 0), "no attachment");
    const struct rawpdf_file bad[] = {file("factur-x.xml", CUT),
                                      file("again.xml", OTHER)};
    const struct einvoice *e = found(a, bad, 1);
    tap_ok(e && e->malformed, "one that is cut is told");
    tap_is_str(number(found(a, bad, 2)), "FA-2",
               "but not when another can be read");
    const struct rawpdf_file named = file("factur-x.xml", "<html/>");
    e = found(a, &named, 1);
    tap_ok(e && e->malformed, "no invoice under an invoice's name is told");
}

/* Seventeen other files, as many senders of annexes attach. */
static void many(struct arena *a)
{
    struct rawpdf_file files[18];
    for (int i = 0; i < 17; i++)
        files[i] = file(arena_printf(a, "annexe%d.xml", i), "<x/>");
    files[17] = file("factur-x.xml", GOOD);
    tap_is_str(number(found(a, files, 18)), "FA-1",
               "the standard's name is looked at first");
}

static void bounds(struct arena *a)
{
    const struct rawpdf_file one = file("factur-x.xml", GOOD);
    limits.xml_bytes = 500;
    const struct einvoice *e = found(a, &one, 1);
    tap_ok(e && e->malformed, "larger than the limit");
    limits.xml_bytes = 0;
    tap_ok(!found(a, &one, 1), "0 reads none");
    limits.xml_bytes = 1 << 20;
    limits.xml_depth = 3;
    e = found(a, &one, 1);
    tap_ok(e && e->malformed, "deeper than the limit");
    limits.xml_depth = 24;
}

int main(void)
{
    struct arena *a = arena_new(65536);
    choice(a);
    many(a);
    bounds(a);
    arena_free(a);
    return tap_done();
}
