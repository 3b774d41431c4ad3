/* What the price rules say, and that a position without a sure tariff is to
 * be verified or not said at all. */
#include "invoice/checks.h"
#include "sample_checks.h"
#include "tap.h"

static struct reference *ref;

static const struct row {
    const char *sample, *changes, *check, *says;
} rows[] = {
    {"S2", "", "CHK-30",
     "Prix total supérieur de 14 % à la référence publique (Tarif réglementé "
     "HP/HC 9 kVA, juillet à septembre 2025) : c'est une position, pas une "
     "infraction."},
    {"S1", "line2.amount=20000; line2.price=322581; total_ht=24689; vat=0",
     "CHK-30",
     "Prix total supérieur de plus de 40 % à la référence publique (Tarif "
     "réglementé Base 6 kVA, mars à mai 2025) : c'est une position, pas une "
     "infraction."},
    {"S5", "", "CHK-31", "Abonnement supérieur de 16 % à la référence."},
    {"S2", "", "CHK-32",
     "Heures creuses : 18 % de la consommation ; l'option Base coûterait "
     "environ 5,70\u202f€ de moins sur la période – à vérifier."},
    {"S2", "period_start=2025-03-07", "CHK-32",
     "Heures creuses : 18 % de la consommation ; l'option Base coûterait "
     "environ 11,91\u202f€ de moins par an."},
    {"S2", "kva_reached=5", "CHK-33",
     "Puissance souscrite 9 kVA pour 5 kVA atteints : 6 kVA suffiraient "
     "(environ 49\u202f€/an)."},
    {"S6", "kva_reached=41", "CHK-33",
     "Puissance souscrite 60 kVA pour 41 kVA atteints : 46 kVA suffiraient "
     "(environ 296\u202f€/an)."},
    {"S6", "kva_reached=20", "CHK-33",
     "Puissance souscrite 60 kVA pour 20 kVA atteints : 37 kVA suffiraient "
     "(environ 486\u202f€/an)."},
    {"S3", "car_kwh=3999", "CHK-36",
     "Classe T2 pour 3\u202f999 kWh/an : option tarifaire à vérifier."},
};

static void words(struct arena *a)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct row *r = &rows[i];
        tap_is_str(sample_says(a, ref, r->sample, r->changes, r->check),
                   r->says, "%s of %s: %s", r->check, r->sample, r->changes);
    }
}

/* The grids of August 2026 are partial. */
static void partial(struct arena *a)
{
    const char *late = "period_start=2026-08-01; period_end=2026-09-30; "
                       "line2.amount=20000; total_ht=24689; kva_reached=1";
    struct audit_result r = sample_checks(a, ref, "S1", late);
    const struct finding *f = sample_found(&r, "CHK-30");
    tap_ok(f->to_verify && strstr(f->sentence, "à vérifier"),
           "a partial tariff reaches the finding");
    tap_ok(r.market[0].verified == VERIFIED_PARTIAL, "and the position");
    r = sample_checks(a, ref, "S2",
                      "kva_reached=5; period_start=2026-08-01; "
                      "period_end=2026-09-30");
    tap_ok(sample_found(&r, "CHK-33")->to_verify, "and the power");
}

/* Both energies of one bill are judged by themselves. */
static void dual(struct arena *a)
{
    const struct audit_result r = sample_checks(a, ref, "S5", "");
    size_t positions = 0, subscriptions = 0;
    for (size_t i = 0; i < r.n_findings; i++) {
        positions += str_eq(r.findings[i].id, "CHK-30");
        subscriptions += str_eq(r.findings[i].id, "CHK-31");
    }
    tap_is_int(positions, 2, "two prices above the reference");
    tap_is_int(subscriptions, 1, "one subscription, that of gas");
}

int main(void)
{
    struct arena *a = arena_new(65536);
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    words(a);
    partial(a);
    dual(a);
    arena_free(a);
    reference_free(ref);
    return tap_done();
}
