/* What printed page numbers say: complete, missing, repeated, out of order,
 * or nothing. */
#include "invoice/reader.h"
#include "paper.h"
#include "tap.h"

static struct reference *ref;

static void is(const char *text, enum pages_state want, bool shuffled,
               const char *why)
{
    struct arena *a = arena_new(1 << 16);
    const struct invoice *inv = invoice_read(a, paper_read(a, text, false), ref);
    tap_ok(inv->pages == want && inv->pages_shuffled == shuffled, "%s: %d %d",
           why, (int)inv->pages, inv->pages_shuffled);
    arena_free(a);
}

int main(void)
{
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    if (!ref)
        return 1;
    is("Facture\nPage 1/2\n\fSuite\nPage 2/2\n", PAGES_COMPLETE, false, "two of two");
    is("Facture\nPage 1 sur 2\n", PAGES_MISSING, false, "one of two");
    is("Suite\nPage 2/2\n\fFacture\nPage 1/2\n", PAGES_COMPLETE, true, "swapped");
    is("a\nPage 1/2\n\fb\nPage 2/2\n\fa\nPage 1/2\n\fb\nPage 2/2\n", PAGES_REPEATED,
       false, "twice");
    is("a\np. 1 / 3\n\fb\np. 3 / 3\n\fc\nsans numéro\n", PAGES_UNKNOWN, false,
       "an unnumbered page may be the second");
    is("1/3\n\n\n\n\n\n\n\n\n\n\n\nFacture\n", PAGES_MISSING, false,
       "a lone number at the edge");
    is("\n\n\n\n\n\n\n\n\n\n\n\n\n1/3\nFacture\n", PAGES_UNKNOWN, false,
       "not one in the middle");
    is("a\nPage 1/2\n\fb\nPage 1/3\n", PAGES_UNKNOWN, false, "two documents");
    is("a\nPage 3/2\n", PAGES_UNKNOWN, false, "no such page");
    is("Facture\n", PAGES_UNKNOWN, false, "no number");
    is("", PAGES_UNKNOWN, false, "nothing");
    reference_free(ref);
    return tap_done();
}
