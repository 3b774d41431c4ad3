/* kWh billed in all: from lines, from a printed total that agrees or stands
 * alone, from meters; lines outweigh a total that differs. */
#include "invoice/invoice.h"
#include "invoice/reference.h"
#include "paper.h"
#include "tap.h"

static struct arena *mem;
static struct reference *ref;

static void is(const char *text, int64_t kwh, bool derived, const char *what)
{
    struct invoice *inv = invoice_read(mem, paper_read(mem, text, false), ref);
    tap_is_int(invoice_num(inv, F_billed_kwh, -1), kwh, "%s", what);
    tap_is_int(inv->f[F_billed_kwh].ev.derived, derived, "printed or not");
}

#define LINES                                                                  \
    "Heures pleines   600 kWh   0,2000 €/kWh   120,00 €\n"                     \
    "Heures creuses   400 kWh   0,1500 €/kWh    60,00 €\n"                     \
    "Accise         1 000 kWh   0,0300 €/kWh    30,00 €\n"

int main(void)
{
    mem = arena_new(1 << 20);
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    tap_ok(ref != NULL, "the reference tables are read");
    is("Facture\n" LINES, 1000, true, "the lines of consumption, not of tax");
    is("Facture\nConsommation : 1 000 kWh\n" LINES, 1000, false,
       "a total that agrees");
    is("Facture\nConsommation : 900 kWh\n" LINES, 1000, true,
       "a total that does not");
    is("Facture\nConsommation facturée : 900 kWh\nTotal TTC 12,00 €\n", 900,
       false, "a total alone");
    is("Facture d'électricité\nPDL 99123456789012\n"
       "Ancien index 1 000   Nouvel index 1 250\nTotal TTC 12,00 €\n",
       250, true, "meters alone");
    is("Facture\nAbonnement   2 mois   10,00 €/mois   20,00 €\n", -1, false,
       "nothing");
    arena_free(mem);
    reference_free(ref);
    return tap_done();
}
