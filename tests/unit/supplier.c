/* Who issued it: SIREN, VAT number, domain, name, labels, in that order; an
 * operator never; an unknown one by its notice. */
#include "invoice/supplier.h"
#include "base/str.h"
#include "paper.h"
#include "tap.h"

static struct arena *mem;
static struct reference *ref;

static void is(const char *text, const char *name, const char *why)
{
    struct invoice *inv = invoice_read(mem, paper_read(mem, text, false), ref);
    const char *got = invoice_text(inv, F_supplier_name);
    if (!name)
        tap_ok(!got, "%s", why);
    else
        tap_is_str(got, name, "%s", why);
}

static void hosts(void)
{
    const char *host;
    tap_is_int(supplier_host("voir www.edf.fr.", &host), 10, "a host");
    tap_ok(host && strncmp(host, "www.edf.fr", 10) == 0, "where it begins");
    tap_is_int(supplier_host("1 234.56 et M. Durand", &host), 0, "none");
}

/* Each kind of evidence beats those after it. */
static void order(void)
{
    is("Gazelys\nFacture\nwww.duonergie.example\nLumibis SARL - SIREN "
       "000 000 034 - TVA FR41000000042\n", "Lumibis",
       "SIREN before VAT number, domain and name");
    is("Gazelys\nFacture\nwww.duonergie.example\n"
       "TVA intracommunautaire FR17000000034\n", "Lumibis",
       "VAT number before domain and name");
    is("Gazelys\nFacture\n\n\nwww.duonergie.example\n", "Duonergie",
       "domain before name");
    is("Gazelys\nFacture\nComparez : www.duonergie.example\n"
       "www.gazelys.example\n", "Gazelys", "the header's own domain first");
    is("Facture\nwww.duonergie.example\nEspace www.lumibis.example\n"
       "aide@lumibis.example\n", "Lumibis", "the domain of most rows");
    is("Yéli\nFacture\nGEG SIREN 331 995 944\n", "Yéli",
       "a brand is displayed rather than its owner");
    is("Facture\nwww.edf.fr\nNova Watt SAS - SIREN 000 000 083\n",
       "Nova Watt", "a SIREN of nobody contradicts a domain");
    is("Facture\nwww.enedis.fr\nSIREN 444 608 442\n\n\n\n\n\n\n\n\n\n"
       "Nova Watt SAS - 2 rue X - SIREN 000 000 083\n", "Nova Watt",
       "an operator's domain and SIREN are nobody's");
    is("Enedis\nFacture\nNova Watt SAS - 2 rue X - SIREN 000 000 083\n",
       "Nova Watt", "an operator in the header is not the issuer");
    is("Facture\n\n\n\n\n\n\n\n\n\n\nEnedis SA - RCS NANTERRE 444 608 442\n",
       NULL, "nor in a legal notice");
}

static void labels(void)
{
    struct invoice *inv = invoice_read(
        mem, paper_read(mem, "1234\nNOM DU SITE : X\nRAE : 99 111 222 333 444\n"
                             "Données administratives\n", false), ref);
    tap_is_str(invoice_text(inv, F_supplier_name), "Ekwateur",
               "three labels of one supplier");
    tap_ok(inv->f[F_supplier_name].ev.conf < 500, "are not sure enough");
    inv = invoice_read(mem, paper_read(mem, "1234\nNOM DU SITE : X\n"
                                            "RAE : 99 111 222 333 444\n",
                                       false), ref);
    tap_ok(!str_eq(invoice_text(inv, F_supplier_name), "Ekwateur"),
           "two are nothing");
}

static void names(void)
{
    is("EDF Entreprises\nFacture\n", "EDF", "a name in the header");
    is("Lumibis\nFacture\nEDF et GRDF sont vos interlocuteurs\n", "Lumibis",
       "names in the text do not count");
    is("Facture\n\nSEDF Réseau\n", "SEDF Réseau",
       "a name inside another word does not count");
    is("Facture\n\n\n\n\n\n\n\n\n\n\n\nClient Mme Engie\n"
       "Lumibis SARL - SIREN 000 000 034\n",
       "Lumibis", "a SIREN is proof");
    is("Facture\n\n\n\n\n\n\n\n\n\n\n\nvotre espace sur www.gazelys.example\n",
       "Gazelys", "a domain is evidence");
    is("Enedis\nFacture\n\n\n\n\n\n\n\n\n\n\nENGIE SA - RCS NANTERRE 542 107 651\n",
       "ENGIE", "a network operator is never the supplier");
    is("Facture\n\n\n\n\n\n\n\nNova Watt SAS - 2 rue X - SIREN 000 000 083\n",
       "Nova Watt", "an unknown supplier signs the legal notice");
}

/* What the top of a paper or the begin of a notice says is not always who. */
static void nobody(void)
{
    static const char *const tops[] = {
        "SIRET : 123 456 789 00012", "Date : 15 juillet 2024",
        "Récapitulatif", "Récapitulatif de vos consommations",
        "Montants TTC", "Sarl", "SARL au capital", "Exempleville, le 15 juillet 2024",
        "Lundi 15 juillet 2024", "Page 1 sur 2", "Tél : 01 00 00 00 00",
        "Détail des montants hors taxes", "Monsieur", "Vos coordonnées"};
    for (size_t i = 0; i < ARRAY_LEN(tops); i++) {
        is(arena_printf(mem, "%s\nFacture n° 12\nConsommation  100 kWh  "
                             "0,2000 €/kWh  20,00 €  20 %%\n", tops[i]),
           NULL, tops[i]);
        is(arena_printf(mem, "%s\nNova Watt\nFacture n° 12\n", tops[i]),
           "Nova Watt", "the name below it is found");
    }
    is("Facture\n\n\n\n\n\n\n\n\n\nSarl au capital de 10 000 € - SIREN "
       "000 000 083\n", NULL, "a notice that begins with the legal form");
    is("Énergies Montants\nFacture n° 12\n", NULL, "common words alone");
    is("Énergies Valmont\nFacture n° 12\n", "Énergies Valmont",
       "one word of its own makes a name");
}

static void customer(void)
{
    struct invoice *inv = invoice_read(
        mem, paper_read(mem, "Facture\nSIREN client : 000 000 067\n"
                             "SIREN 000 000 034\n", false), ref);
    tap_is_str(invoice_text(inv, F_customer_siren), "000000067",
               "the customer's SIREN");
    tap_is_str(invoice_text(inv, F_supplier_siren), "000000034",
               "is not the supplier's");
}

int main(void)
{
    mem = arena_new(1 << 18);
    ref = reference_from_tsv("sql/seeds/energy",
                             "tests/fixtures/suppliers_test.tsv");
    if (!ref)
        return 1;
    hosts();
    order();
    names();
    labels();
    nobody();
    customer();
    reference_free(ref);
    arena_free(mem);
    return tap_done();
}
