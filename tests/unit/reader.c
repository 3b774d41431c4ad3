/* Whole invoices as text, in layouts that the drawn samples do not have. */
#include "base/clock.h"
#include "base/str.h"
#include "invoice/invoice.h"
#include "invoice/reference.h"
#include "paper.h"
#include "tap.h"

static struct arena *mem;
static struct reference *ref;

static const char gas[] =
    "Soleil Nord                                        Page 1 sur 1\n"
    "14 quai des Brumes\n"
    "59000 LILLE\n"
    "                                    Madame Annie DUPONT-MARTIN\n"
    "                                    8 rue des Lilas\n"
    "                                    59800 LILLE\n"
    "\n"
    "Votre facture de gaz du 4 février 2025\n"
    "N° de facture          Date d'émission         Client n°\n"
    "FA-2025/00981          04/02/2025              C0045781\n"
    "\n"
    "Numéro de contrat : GZ 4478 1120\n"
    "Point de Comptage et d'Estimation : 12 345 678 901 234\n"
    "Mon offre : Gaz Douceur (prix indexé)\n"
    "Lieu de consommation : 8 rue des Lilas 59800 LILLE\n"
    "Classe de consommation T2, zone 4\n"
    "Consommation annuelle de référence : 14 250 kWh\n"
    "\n"
    "Période               Libellé       TVA    Prix unitaire   Quantité"
    "    Montant HT   Montant TTC\n"
    "01/12/24 au 31/01/25  Abonnement    5,5 %  21,37 €/mois    2 mois"
    "       42,74        45,09\n"
    "01/12/24 au 31/01/25  Consommation  20 %   74,50 €/MWh     3 120 kWh"
    "    232,44       278,93\n"
    "01/12/24 au 31/01/25  TICGN         20 %   17,16 €/MWh     3 120 kWh"
    "    53,54        64,25\n"
    "01/12/24 au 31/01/25  CTA           5,5 %  3,12 €/mois     2 mois"
    "       6,24         6,58\n"
    "\n"
    "                      Total HT                334,96 €\n"
    "                      TVA 5,5 %                 2,69 €\n"
    "                      TVA 20 %                 57,20 €\n"
    "                      Montant total TTC       394,85 €\n"
    "                      Acomptes déjà réglés   -150,00 €\n"
    "                      Reste à payer           244,85 €\n"
    "Date limite de paiement : 25 février 2025\n"
    "Relevés : ancien index 10 422 m³ (relevé le 01/12/24), "
    "nouvel index 10 700 m³ (estimé le 31/01/25)\n"
    "Coef. : 11,223\n"
    "Soleil Nord SAS au capital de 37 000 € - RCS Lille 000 000 075\n";

static const char power[] =
    "VOLTÉA ÉNERGIE\n"
    "Facture d'électricité\n"
    "Nom : SARL BOULANGE                 Facture numéro 1029384756\n"
    "Réf. client 102938475               Emise le 10.03.25\n"
    "PRM 30 001 234 567 890              A régler avant le 25.03.25\n"
    "Compteur n° 03376112                Puissance 12 kVA\n"
    "\n"
    "Votre consommation du 10/01/25 au 09/03/25\n"
    "                    Ancien relevé   Nouveau relevé   Conso (kWh)\n"
    "Heures pleines       34 511          35 123           612\n"
    "Heures creuses       21 004          21 540           536\n"
    "\n"
    "Rubrique               Quantité (kWh)  Prix unitaire HT (€)  "
    "Montant HT (€)  Taux TVA\n"
    "Abonnement             2               17,8200               35,64"
    "           5,50%\n"
    "Heures pleines         612             0,20680               126,56"
    "          20,00%\n"
    "Heures creuses         536             0,15790               84,63"
    "           20,00%\n"
    "Accise                 1148            0,03370               38,69"
    "           20,00%\n"
    "Total hors TVA                                               285,52\n"
    "TVA 5,50% (assiette 35,64)                                   1,96\n"
    "TVA 20,00% (assiette 249,88)                                 49,98\n"
    "Total TTC                                                    337,46 €\n"
    "Net à payer                                                  337,46 €\n";

static struct invoice *read_text(const char *text, bool ocr)
{
    return invoice_read(mem, paper_read(mem, text, ocr), ref);
}

static void text_is(const struct invoice *inv, enum field_id id,
                    const char *want)
{
    tap_is_str(invoice_text(inv, id), want, "%s", field_infos[id].name);
}

static void num_is(const struct invoice *inv, enum field_id id, int64_t want)
{
    tap_is_int(invoice_num(inv, id, -999), want, "%s", field_infos[id].name);
}

static void scalars(const struct invoice *inv)
{
    text_is(inv, F_supplier_name, "Soleil Nord");
    text_is(inv, F_supplier_siren, "000000075");
    text_is(inv, F_customer_name, "Madame Annie DUPONT-MARTIN");
    text_is(inv, F_client_ref, "C0045781");
    text_is(inv, F_contract_ref, "GZ44781120");
    text_is(inv, F_invoice_number, "FA-2025/00981");
    num_is(inv, F_invoice_date, clock_days(2025, 2, 4));
    num_is(inv, F_due_date, clock_days(2025, 2, 25));
    text_is(inv, F_pce, "12345678901234");
    tap_ok(!inv->f[F_pdl].present, "no electricity point is printed");
    num_is(inv, F_period_start, clock_days(2024, 12, 1));
    num_is(inv, F_period_end, clock_days(2025, 1, 31));
    text_is(inv, F_gas_class, "T2");
    text_is(inv, F_gas_zone, "4");
    num_is(inv, F_car_kwh, 14250);
    num_is(inv, F_conversion, 11223);
    num_is(inv, F_volume_m3, 278000);
    text_is(inv, F_offer_name, "Gaz Douceur (prix indexé)");
    text_is(inv, F_offer_type, "indexe");
    tap_is_str(inv->zip, "59800", "postcode of the site");
}

static void gas_invoice(void)
{
    struct invoice *inv = read_text(gas, false);
    scalars(inv);
    tap_is_int(inv->energy, ENERGY_GAS, "gas");
    tap_is_int(inv->paper, PAPER_INVOICE, "an invoice");
    tap_ok(!inv->is_professional, "of a household");
    num_is(inv, F_total_ht, 33496);
    num_is(inv, F_total_tva, 5989);
    num_is(inv, F_total_ttc, 39485);
    num_is(inv, F_amount_due, 24485);
    num_is(inv, F_deposits, 15000);
    tap_ok(inv->f[F_total_ht].ev.conf >= 950, "totals that agree are certain");
    tap_is_int(inv->n_lines, 4, "four lines");
    const struct line *l = &inv->lines[1];
    tap_is_int(l->component, COMP_CONSUMPTION, "consumption");
    tap_is_int(l->amount_cents, 23244, "the amount without VAT is taken");
    tap_is_int(l->price_micro, 74500, "a price a MWh is brought to kWh");
    tap_is_int(l->price_decimals, 5, "and so are its decimals");
    tap_is_int(l->quantity_milli, 3120000, "quantity");
    tap_is_int(l->rate_bp, 2000, "rate");
    tap_is_int(inv->n_vat, 2, "two VAT rows");
    tap_is_int(inv->vat[0].base_cents, 4898, "a base that lines explain");
    tap_is_int(inv->n_meters, 1, "one meter");
    tap_is_int(inv->meters[0].kind_start, READING_REAL, "read");
    tap_is_int(inv->meters[0].kind_end, READING_ESTIMATED, "then estimated");
}

static void power_invoice(bool ocr)
{
    struct invoice *inv = read_text(power, ocr);
    tap_is_int(inv->energy, ENERGY_ELEC, "electricity");
    text_is(inv, F_supplier_name, "Voltéa Énergie");
    text_is(inv, F_customer_name, "SARL BOULANGE");
    text_is(inv, F_pdl, "30001234567890");
    text_is(inv, F_meter_serial, "03376112");
    text_is(inv, F_option, "HPHC");
    text_is(inv, F_segment, "C5");
    num_is(inv, F_kva, 12);
    num_is(inv, F_invoice_date, clock_days(2025, 3, 10));
    num_is(inv, F_due_date, clock_days(2025, 3, 25));
    num_is(inv, F_period_end, clock_days(2025, 3, 9));
    num_is(inv, F_total_ht, 28552);
    num_is(inv, F_total_tva, 5194);
    tap_is_int(inv->n_lines, 4, "four lines without units in their cells");
    tap_is_int(inv->lines[1].unit, UNIT_KWH, "the heading has the unit");
    tap_is_str(inv->lines[2].registr, "HC", "register");
    tap_is_int(inv->n_meters, 2, "two registers");
    tap_is_int(inv->meters[1].consumption, 536, "with consumption");
    tap_is_int(inv->vat[1].base_cents, 24988, "bases in brackets");
}

/* Cents without a unit, first and last day in columns, no total named so. */
static const char bare[] =
    "Lumibis                                       Facture n° OE-000182733\n"
    "Client : Paul DURAND                          Date de facture 01/09/2025\n"
    "Point de livraison : 01 234 567 890 123       Echéance 15/09/2025\n"
    "Option : Base   Puissance souscrite : 6 kVA\n"
    "                  du           au           Quantité   Prix"
    "          Montant HT\n"
    "Électricité\n"
    "Abonnement        01/08/2025   31/08/2025   1 mois     12,34 €"
    "       12,34 €\n"
    "Énergie - Base    01/08/2025   31/08/2025   211 kWh    13,02 cts€"
    "    27,47 €\n"
    "CTA               01/08/2025   31/08/2025   1 mois     1,65 €"
    "        1,65 €\n"
    "Accise (TICFE)    01/08/2025   31/08/2025   211 kWh    2,998 cts€"
    "    6,33 €\n"
    "Sous-total HT     47,79 €\n"
    "TVA (20%)         9,56 €\n"
    "Total à payer     57,35 €\n";

static void bare_invoice(void)
{
    struct invoice *inv = read_text(bare, false);
    tap_is_int(inv->energy, ENERGY_ELEC, "electricity");
    num_is(inv, F_total_ht, 4779);
    num_is(inv, F_total_tva, 956);
    num_is(inv, F_total_ttc, 5735);
    num_is(inv, F_amount_due, 5735);
    num_is(inv, F_period_start, clock_days(2025, 8, 1));
    num_is(inv, F_period_end, clock_days(2025, 8, 31));
    tap_is_int(inv->n_lines, 4, "four lines");
    tap_is_int(inv->lines[1].price_micro, 130200, "cents in their column");
    tap_is_str(inv->lines[1].label, "Énergie - Base", "label");
    text_is(inv, F_customer_name, "Paul DURAND");
}

static void papers(void)
{
    struct invoice *inv = read_text("AVOIR\nTotal HT  -100,00 €\n"
                                    "Total TTC  -120,00 €\n", false);
    tap_is_int(inv->paper, PAPER_CREDIT, "a credit note");
    num_is(inv, F_total_ttc, -12000);
    inv = read_text("VOTRE ÉCHÉANCIER\nGaz naturel\n05/02/2025  45,00 €\n"
                    "05/03/2025  45,00 €\n", false);
    tap_is_int(inv->paper, PAPER_SCHEDULE, "a schedule");
    inv = read_text("Madame, Monsieur,\nnous vous informons que\n", false);
    tap_is_int(inv->paper, PAPER_LETTER, "a letter");
    tap_is_int(inv->energy, ENERGY_NONE, "bills no energy");
    tap_ok(inv->conf < 300, "and is not trusted");
}

static void nothing(void)
{
    struct invoice *inv = read_text("", false);
    for (int i = 0; i < F_MAX; i++)
        if (inv->f[i].present)
            tap_ok(0, "%s of an empty page", field_infos[i].name);
    tap_is_int(inv->n_lines, 0, "no words, no lines");
    tap_is_int(inv->paper, PAPER_UNKNOWN, "no paper");
}

/* 80: "active" was read as a misspelt "réactive"; 80: the product of two huge
 * misread numbers overflowed. */
static void scan_slips(void)
{
    struct invoice *inv = read_text(
        "Facture d'électricité\nÉnergie active HPB  100 kWh  0,2000 €/kWh"
        "  20,00 €  20 %\nTotal TTC  24,00 €\n", true);
    tap_is_int(inv->lines[0].component, COMP_CONSUMPTION, "active energy");
    inv = read_text(
        "Facture d'électricité\nConsommation  99 999 999 999 999 kWh  "
        "999 999,19 €/kWh  9 999 999 999 999 999 999 999,00 €\n", true);
    for (size_t i = 0; i < inv->n_lines; i++)
        tap_ok(!inv->lines[i].has_amount && !inv->lines[i].amount_cents,
               "an absurd product is no amount");
}

/* A text layer is never repaired: wrong arithmetic stays for the checks. */
static void defects_stay(void)
{
    struct invoice *inv = read_text(
        "Facture d'électricité\nTotal HT  100,00 €\nTotal TVA  25,00 €\n"
        "Total TTC  120,00 €\n"
        "Consommation  100 kWh  0,2000 €/kWh  21,00 €  20 %\n", false);
    num_is(inv, F_total_ht, 10000);
    num_is(inv, F_total_tva, 2500);
    num_is(inv, F_total_ttc, 12000);
    tap_is_int(inv->lines[0].amount_cents, 2100, "the printed amount");
    tap_is_int(inv->n_vat, 0, "no VAT row is invented");
}

/* Fees that a company owes are not held against its supplier. */
static void companies(void)
{
    static const struct {
        const char *name;
        bool professional;
    } holders[] = {{"BOULANGERIE TEST SARL", true},
                   {"Commune de Bourg-Test", true},
                   {"Syndicat de copropriété Les Pins", true},
                   {"Mme Camille EXEMPLE", false},
                   {"M. Sarlat", false}};
    for (size_t i = 0; i < ARRAY_LEN(holders); i++) {
        struct arena *a = arena_new(1 << 16);
        const char *text = arena_printf(
            a, "Lumibis\nFacture n° 117\nTitulaire du contrat : %s\n",
            holders[i].name);
        const struct invoice *inv =
            invoice_read(a, paper_read(a, text, false), ref);
        tap_ok(inv->is_professional == holders[i].professional, "%s",
               holders[i].name);
        arena_free(a);
    }
}

int main(void)
{
    mem = arena_new(1 << 20);
    ref = reference_from_tsv("sql/seeds/energy",
                             "tests/fixtures/suppliers_test.tsv");
    if (!ref)
        return 1;
    gas_invoice();
    power_invoice(false);
    power_invoice(true);
    bare_invoice();
    papers();
    nothing();
    defects_stay();
    scan_slips();
    companies();
    reference_free(ref);
    arena_free(mem);
    return tap_done();
}
