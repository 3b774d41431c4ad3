/* Which bills are from abroad, and in what currency: by sign, word, VAT
 * number and language, each against a French bill that looks alike. */
#include "base/str.h"
#include "invoice/invoice.h"
#include "invoice/reference.h"
#include "paper.h"
#include "tap.h"

static struct arena *mem;
static struct reference *ref;

static void is(const char *text, bool foreign, const char *currency,
               const char *what)
{
    struct invoice *inv = invoice_read(mem, paper_read(mem, text, false), ref);
    tap_is_int(inv->is_foreign, foreign, "%s", what);
    const char *read = invoice_text(inv, F_currency);
    tap_is_str(read ? read : "none", currency, "its currency");
}

int main(void)
{
    mem = arena_new(1 << 20);
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    tap_ok(ref != NULL, "the reference tables are read");
    is("Facture n° 12345\nTotal TTC 184,42 €\n", false, "EUR", "euros");
    is("Facture n° 12345\nTotal TTC 184,42\n", false, "none", "no currency");
    is("Facture n° 12345\nTotal TTC CHF 184.42\n", true, "CHF", "francs");
    is("Facture n° 12345\nTotal TVAC 184,42 €\n", true, "EUR", "a word");
    is("Facture n° 12345\nTVA LU12345678\nTotal TTC 84,42 €\n", true, "EUR",
       "a VAT number of Luxembourg");
    is("Facture n° 12345\nSIREN 732 829 320  n° CE : LU12345678\n"
       "Total TTC 84,42 €\n",
       false, "EUR", "the same on a French bill");
    is("Amount due $ 12.50\n", true, "USD", "dollars");
    is("Montant dû 12.50 $\nMontréal, CAD\n", true, "CAD", "Canadian ones");
    static const char english[] =
        "This is the bill for your home\nPlease pay the total to us and "
        "keep this part with you\nTotal 12,50 €\n";
    is(english, true, "EUR", "another language");
    is(arena_printf(mem, "%sRCS Paris 732 829 320\n", english), false, "EUR",
       "the same from a company registered in France");
    arena_free(mem);
    reference_free(ref);
    return tap_done();
}
