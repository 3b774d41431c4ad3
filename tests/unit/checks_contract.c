/* The words of CHK-20, 21, 25, 34 and 38; when they speak is in
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

static void readings(void)
{
    is("CHK-20", "S2", "last_real_reading=2024-09-03",
       "Facture estimée depuis plus de 12 mois : au moins une facturation par "
       "an doit reposer sur votre consommation réelle.");
    is("CHK-20", "S2", "last_real_reading=-",
       "Index estimés : au moins une facturation par an doit reposer sur votre "
       "consommation réelle.");
    is("CHK-20", "S2", "", "");
    /* 120 of 547 days of (1253.24 + 276.49) x 1.2, each line rounded down */
    is("CHK-21", "S4", "",
       "Consommations de plus de 14 mois facturées : au-delà de 14 mois avant "
       "le dernier relevé, elles ne peuvent pas être facturées (estimation "
       "402,70\u202f€) – à vérifier.");
    is("CHK-21", "S2", "",
       "Consommations de plus de 14 mois non relevées : au-delà de 14 mois "
       "avant le dernier relevé, elles ne peuvent pas être facturées (dernier "
       "relevé le 02/06/2024) – à vérifier.");
    /* 14 months before 30 April 2025 end in a February of 29 days */
    is("CHK-21", "S4", "period_end=2025-04-30; line0.end=2025-04-30; "
       "line1.end=2025-04-30; line2.end=2025-04-30; line3.end=2025-04-30; "
       "line2.start=2024-02-29; line3.start=2024-02-29", "");
    is("CHK-21", "S4", "period_end=2025-04-30; line0.end=2025-04-30; "
       "line1.end=2025-04-30; line2.end=2025-04-30; line3.end=2025-04-30; "
       "line2.start=2024-02-28; line3.start=2024-02-29",
       "Consommations de plus de 14 mois facturées : au-delà de 14 mois avant "
       "le dernier relevé, elles ne peuvent pas être facturées (estimation "
       "3,51\u202f€) – à vérifier.");
}

static void contract(void)
{
    is("CHK-25", "S1", "previous_balance=-2500",
       "Trop-perçu de 25,00\u202f€ : au-delà de 25 € il doit être remboursé "
       "sous 15 jours – à vérifier.");
    is("CHK-34", "S5", "",
       "Votre offre à prix fixe est échue depuis le 31/12/2025 : les "
       "conditions ont pu changer.");
    is("CHK-34", "S5", "offer_type=indexe",
       "Votre offre à prix indexé est échue depuis le 31/12/2025 : les "
       "conditions ont pu changer.");
    is("CHK-34", "S5", "offer_type=-",
       "Votre offre est échue depuis le 31/12/2025 : les conditions ont pu "
       "changer.");
    is("CHK-38", "S1", "say.discount=750",
       "La remise annoncée (7,5 %) n'apparaît pas dans le détail – à "
       "vérifier.");
}

int main(void)
{
    mem = arena_new(1 << 18);
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    if (!ref)
        return 1;
    readings();
    contract();
    reference_free(ref);
    arena_free(mem);
    return tap_done();
}
