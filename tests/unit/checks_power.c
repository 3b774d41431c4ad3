/* What the rules for professionals say of power, formula and excise, with as
 * much as the invoice tells. */
#include "invoice/checks.h"
#include "sample_checks.h"
#include "tap.h"

static struct reference *ref;

static const struct row {
    const char *changes, *check, *says;
} rows[] = {
    {"", "CHK-60",
     "Dépassements de puissance : 86,87\u202f€ HT (7 h). Étudier une "
     "puissance souscrite de 66 kVA."},
    {"kva_reached=-", "CHK-60",
     "Dépassements de puissance : 86,87\u202f€ HT (7 h). Étudier une "
     "puissance souscrite de plus de 60 kVA."},
    {"kva_reached=-; kva=-; line7.unit=; line7.qty=-", "CHK-60",
     "Dépassements de puissance : 86,87\u202f€ HT (durée non imprimée). "
     "Étudier une puissance souscrite plus élevée."},
    {"line7.component=autre", "CHK-60",
     "Dépassements de puissance : non facturés (durée non imprimée). Étudier "
     "une puissance souscrite de 66 kVA."},
    {"kva=20; kva_reached=22", "CHK-60",
     "Dépassements de puissance : 86,87\u202f€ HT (7 h). Étudier une "
     "puissance souscrite de 24 kVA."},
    {"line7.component=reactif", "CHK-61",
     "Énergie réactive facturée : 86,87\u202f€ HT. Une batterie de "
     "condensateurs peut l'éviter – à vérifier."},
    {"period_start=2025-08-01; period_end=2026-07-31; fta=BTSUPLU", "CHK-62",
     "La version d'utilisation BTSUPCU serait moins chère d'environ "
     "740\u202f€ HT/an."},
    {"line11.price=29980; line11.amount=41882", "CHK-63",
     "Catégorie d'accise à vérifier : 29,98 au lieu de 25,79 €/MWh."},
    {"line11.price=29980000; line11.amount=41882; line11.unit=MWh; "
     "line11.qty=13970",
     "CHK-63", "Catégorie d'accise à vérifier : 29,98 au lieu de 25,79 €/MWh."},
    {"line11.price=-; line11.amount=41882", "CHK-63",
     "Catégorie d'accise à vérifier : 29,98 au lieu de 25,79 €/MWh."},
};

static void words(struct arena *a)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct row *r = &rows[i];
        tap_is_str(sample_says(a, ref, "S6", r->changes, r->check), r->says,
                   "%s: %s", r->check, r->changes);
    }
}

static void brief(struct arena *a)
{
    struct audit_result r = sample_checks(a, ref, "S6", "");
    const struct finding *f = sample_found(&r, "CHK-60");
    tap_is_str(f->brief, "dépassement de puissance, 87\u202f€ HT",
               "the highlight has the amount without VAT");
    tap_is_int(f->amount_cents, 10424, "the finding has it with VAT");
    r = sample_checks(a, ref, "S6", "line7.component=autre");
    tap_ok(!sample_found(&r, "CHK-60")->brief, "and none when none is billed");
}

/* A year of one more kVA costs 17.61 € here; 86.87 € in a month would be
 * 1056.92 € in a year, the price of 60 kVA more. */
static void worth(struct arena *a)
{
    struct audit_result r = sample_checks(a, ref, "S6", "kva_reached=120");
    tap_ok(sample_found(&r, "CHK-60")->severity == SEV_MEDIUM,
           "60 kVA more cost less than the penalties");
    r = sample_checks(a, ref, "S6", "kva_reached=121");
    tap_ok(sample_found(&r, "CHK-60")->severity == SEV_INFO,
           "61 kVA more do not: it only informs");
    r = sample_checks(a, ref, "S6",
                      "kva_reached=121; period_start=2026-09-01; "
                      "period_end=2026-09-30");
    tap_ok(sample_found(&r, "CHK-60")->severity == SEV_MEDIUM,
           "without a tariff nothing is compared");
}

/* A printed price of four decimals is rounded: still the own category. */
static void rounded(struct arena *a)
{
    tap_is_str(sample_says(a, ref, "S6", "line11.price=25800", "CHK-63"), "",
               "25.80 is 25.79 rounded");
}

int main(void)
{
    struct arena *a = arena_new(65536);
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    words(a);
    brief(a);
    worth(a);
    rounded(a);
    arena_free(a);
    reference_free(ref);
    return tap_done();
}
