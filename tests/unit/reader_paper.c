/* What kind of paper it is: the title decides, unless energy is billed under
 * an invoice number. (80: an annual bill with its next schedule, one that
 * offers a quotation, and "pour en avoir plus" were refused.) */
#include "invoice/reader.h"
#include "paper.h"
#include "tap.h"

static struct reference *ref;

#define BILL                                                                   \
    "Désignation   Quantité   Prix unitaire HT   Montant HT   TVA\n"           \
    "Abonnement 6 kVA   2 mois   11,18 €/mois   22,36 €   20 %\n"              \
    "Consommation   620 kWh   0,1250 €/kWh   77,50 €   20 %\n"                 \
    "Total HT   99,86 €\nTVA 20 %   19,97 €\nTotal TTC   119,83 €\n"

static void is(const char *text, enum paper want, const char *why)
{
    struct arena *a = arena_new(1 << 16);
    const struct invoice *inv = invoice_read(a, paper_read(a, text, false), ref);
    tap_is_str(paper_name(inv->paper), paper_name(want), "%s", why);
    arena_free(a);
}

static void invoices(void)
{
    is("Lumibis\nFacture n° 117 du 13/05/2025\n" BILL, PAPER_INVOICE, "an invoice");
    is("Lumibis\nFacture de régularisation n° 11788 du 13/05/2025\n" BILL,
       PAPER_ADJUSTMENT, "an adjustment");
    is("Lumibis\nFacture de régularisation n° 11788 du 13/05/2025\n"
       "Votre nouvel échéancier\n05/11/2025   85,00 €\n" BILL,
       PAPER_ADJUSTMENT, "with the next schedule");
    is("Lumibis\nFacture n° 11788 du 13/05/2025\nDevis gratuit\n" BILL,
       PAPER_INVOICE, "with an offer of a quotation");
    is("Lumibis\nFacture n° 11788 du 13/05/2025\nPour en avoir plus\n" BILL,
       PAPER_INVOICE, "with a verb");
    is("Lumibis\nFacture n° 11788 du 13/05/2025\nAvoir   -12,00 €\n" BILL,
       PAPER_INVOICE, "with a credit among its lines");
    is("Lumibis\nFacture du 13/05/2025\nRappel de paiement\n" BILL,
       PAPER_INVOICE, "that also reminds of an older one");
    is("Lumibis\nFacture n° 118\nRelance   12,00 €\nTotal TTC   12,00 €\n",
       PAPER_INVOICE, "for a reminder's costs");
    is("Lumibis\nMadame, Monsieur\n" BILL, PAPER_INVOICE, "with a salutation");
}

static void others(void)
{
    is("Lumibis\nAvoir n° AV-117 du 13/05/2025\nTotal TTC   60,02 €\n",
       PAPER_CREDIT, "a credit note");
    is("Lumibis\nFacture n° 11788\nTotal TTC   -60,02 €\n", PAPER_CREDIT,
       "a negative total");
    is("Lumibis\nFacture d'avoir\nTotal TTC   60,02 €\n", PAPER_CREDIT,
       "an invoice of credit");
    is("Lumibis\nVotre échéancier\n05/11/2025   85,00 €\n"
       "Une facture de régularisation vous sera adressée en juin 2027.\n",
       PAPER_SCHEDULE, "a schedule");
    is("Lumibis\nDevis n° 118\n" BILL, PAPER_QUOTE, "a quotation with lines");
    is("Lumibis\nMadame, Monsieur\nLe prix du kWh passera à 0,1310 €.\n",
       PAPER_LETTER, "a letter");
    is("Lumibis\nRappel de paiement\nVotre facture n° 117 du 13/05/2025\n"
       "Électricité   PDL : 09123456789012\nTotal TTC   119,83 €\n",
       PAPER_LETTER, "a reminder of payment");
    is("Lumibis\nMise en demeure\nFacture n° 117 du 13/05/2025\n"
       "Total TTC   119,83 €\n", PAPER_LETTER, "of any trade");
    is("Gratin dauphinois\n1,5 kg de pommes de terre\n", PAPER_UNKNOWN, "a recipe");
}

static void pages(void)
{
    is("Détail\n" BILL "Page 2/2\n\fLumibis\nFacture de régularisation n° 117\n"
       "Page 1/2\n", PAPER_ADJUSTMENT, "the title of the page that is the first");
    is("Lumibis\nFacture n° 117\nPage 1/2\n\fVotre échéancier\nPage 2/2\n",
       PAPER_INVOICE, "a schedule on the second page");
}

int main(void)
{
    ref = reference_from_tsv("sql/seeds/energy",
                             "tests/fixtures/suppliers_test.tsv");
    if (!ref)
        return 1;
    invoices();
    others();
    pages();
    reference_free(ref);
    return tap_done();
}
