/* The words of CHK-37, 40, 41, 43, 44 and 45; when they speak is in
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

static void services(void)
{
    is("CHK-37", "S2", "line5.component=option_verte",
       "Option verte facturée : 71,88\u202f€/an.");
    is("CHK-40", "S2", "",
       "Service en plus de l'énergie, à vérifier : « Option Sérénité "
       "Dépannage 24/7 » (71,88\u202f€/an). L'avez-vous demandé ?");
    is("CHK-40", "S2", "line5.unit=unité",
       "Service en plus de l'énergie, à vérifier : « Option Sérénité "
       "Dépannage 24/7 » (70,53\u202f€/an). L'avez-vous demandé ?");
    is("CHK-40", "S2", "line5.unit=unité; line5.period=-; period_start=-",
       "Service en plus de l'énergie, à vérifier : « Option Sérénité "
       "Dépannage 24/7 » (11,98\u202f€ sur cette facture). L'avez-vous "
       "demandé ?");
    is("CHK-40", "S2", "line0.component=service; line0.label=Pack Plus; "
       "line5.label=Pack Plus",
       "Service en plus de l'énergie, à vérifier : « Pack Plus » "
       "(136,59\u202f€/an). L'avez-vous demandé ?");
}

static void fees(void)
{
    is("CHK-41", "S4", "",
       "Frais de recouvrement (66,00\u202f€) facturés à un particulier : ils "
       "restent en principe à la charge du créancier sans titre exécutoire.");
    is("CHK-43", "S4", "line4.label=Frais de résiliation",
       "Frais de résiliation facturés (18,00\u202f€) : seuls des coûts "
       "effectifs liés au réseau peuvent être refacturés.");
    is("CHK-44", "S4", "line4.label=Facture papier",
       "La facture papier est gratuite sur demande (18,00\u202f€ facturés).");
    is("CHK-45", "S5", "", "Chèque énergie pris en compte : 48,00\u202f€.");
}

int main(void)
{
    mem = arena_new(1 << 18);
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    if (!ref)
        return 1;
    services();
    fees();
    reference_free(ref);
    arena_free(mem);
    return tap_done();
}
