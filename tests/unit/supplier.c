#include "invoice/supplier.h"
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

static void numbers(void)
{
    tap_ok(supplier_siren_ok("552081317"), "a SIREN");
    tap_ok(!supplier_siren_ok("552081318"), "a wrong one");
    tap_ok(supplier_vat_key_ok("03", "552081317"), "its VAT key");
    tap_ok(!supplier_vat_key_ok("04", "552081317"), "another key");
    const char *host;
    tap_is_int(supplier_host("voir www.edf.fr.", &host), 10, "a host");
    tap_ok(host && strncmp(host, "www.edf.fr", 10) == 0, "where it begins");
    tap_is_int(supplier_host("1 234.56 et M. Durand", &host), 0, "none");
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
    numbers();
    names();
    customer();
    reference_free(ref);
    arena_free(mem);
    return tap_done();
}
