/* The words of CHK-42, 50, 51, 52, 53 and 64; when they speak is in
 * tests/rules/checks.tsv. */
#include "sample_judge.h"
#include "tap.h"

static struct arena *mem;
static struct reference *ref;

static void is(const char *id, const char *sample, const char *change,
               const char *want)
{
    tap_is_str(sample_judge(mem, ref, sample, change, id), want, "%s of %s %s",
               id, sample, change);
}

static void mentions(void)
{
    is("CHK-42", "S4", "",
       "Clause de pénalité à vérifier : jugée abusive dans certains contrats "
       "de consommation.");
    is("CHK-50", "S4", "",
       "Mention non trouvée sur la facture : médiateur national de l'énergie – "
       "à vérifier.");
    is("CHK-50", "S4", "pages=2",
       "Mention non trouvée sur les pages transmises : médiateur national de "
       "l'énergie – à vérifier.");
    is("CHK-50", "S5", "pages=0; pdl=-; due_date=-; say.supplier_address=-; "
       "period_start=-; say.network_share=-; say.mediator=-; say.origin=-; "
       "say.emergency_elec=-; line2.price=-; line6.price=-; "
       "meter0.kind_end=0; meter1.kind_end=0",
       "Mention non trouvée sur les pages transmises : numéro du point de "
       "livraison, nom et adresse du fournisseur, date limite de paiement, "
       "période facturée, nature des index (relevés ou estimés), prix "
       "unitaires, part de l'acheminement, médiateur national de l'énergie, "
       "numéro d'urgence du réseau, origine de l'électricité – à vérifier.");
    is("CHK-51", "S6", "invoice_date=2027-08-31; say.operation=-; "
       "say.vat_on_debits=-; pro=1; customer_siren=-",
       "Nouvelle mention de facturation non trouvée sur la facture : SIREN du "
       "client, adresse de livraison, nature de l'opération, TVA d'après les "
       "débits (si l'option est exercée) – à vérifier.");
    is("CHK-51", "S6", "invoice_date=2027-09-01",
       "Nouvelle mention de facturation non trouvée sur la facture : adresse "
       "de livraison.");
}

static void identity(void)
{
    is("CHK-52", "S1", "say.other_issuer=1",
       "Le numéro SIREN imprimé n'est pas celui du fournisseur indiqué.");
    is("CHK-52", "S1", "say.wrong_siren=1; supplier_siren=-; "
       "say.wrong_vat_id=1",
       "Le numéro SIREN imprimé n'est pas valide (clé de contrôle). | "
       "Le numéro de TVA imprimé n'est pas valide (clé de contrôle).");
    is("CHK-53", "S1", "say.new_account=1",
       "Coordonnées bancaires à vérifier avant paiement.");
    is("CHK-64", "S1", "pro=1",
       "Vos droits sont proches de ceux des particuliers (puissance ≤ 36 kVA "
       "ou gaz < 30 MWh/an).");
}

int main(void)
{
    mem = arena_new(1 << 18);
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    if (!ref)
        return 1;
    mentions();
    identity();
    reference_free(ref);
    arena_free(mem);
    return tap_done();
}
