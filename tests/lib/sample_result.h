/* Audit results of the samples for tests of the reports: market, findings and
 * highlights as computed, and a list of findings of every kind. */
#pragma once
#include "base/conf.h"
#include "invoice/audit.h"
#include "program.h"
#include "sample_invoice.h"

/* Points COMPTOIR_HOME at the build folder, for its fonts, and loads the
 * reference tables; ends the program when that fails. */
static inline struct reference *sample_reference(void)
{
    char home[PATH_MAX + 128];
    snprintf(home, sizeof home, "%s", program_path(""));
    home[strlen(home) - strlen("/bin/")] = 0;
    setenv("COMPTOIR_HOME", home, 1);
    const char *why = conf_init();
    struct reference *ref = reference_from_tsv(
        "sql/seeds/energy", "tests/fixtures/suppliers_test.tsv");
    if (!why && ref)
        return ref;
    fprintf(stderr, "%s\n", why ? why : "no reference tables");
    exit(2);
}

struct sample_finding {
    const char *id;
    enum severity severity;
    int64_t cents; /* 0: no amount */
    const char *before, *arg, *after;
    bool free_text;
    const char *source;
};

static const struct sample_finding sample_findings[] = {
    {"CHK-01", SEV_HIGH, 1230, "Le total TTC imprimé (", "264,14 €",
     ") ne correspond pas à HT + TVA : écart de 12,30 €.", false,
     "arithmétique"},
    {"CHK-04", SEV_MEDIUM, 0, "1 486 m³ × 11,20 = 16 643 kWh, mais ",
     "16 890", " kWh sont facturés (écart 247 kWh).", false, "arithmétique"},
    {"CHK-05", SEV_HIGH, 1230, "La TVA imprimée (", "349,63 €",
     ") diffère de la TVA recalculée (337,33 €).", false, "arithmétique"},
    {"CHK-10", SEV_INFO, 0, "TVA : ", "Abonnement 9 kVA HP/HC",
     " est taxé à 5,5 %, le taux attendu pour la période est 20 %.", true,
     "LF 2025 art. 20"},
    {"CHK-11", SEV_HIGH, 189, "Accise : 33,70 €/MWh facturés, le tarif légal "
     "pondéré de la période est ", "31,60",
     " €/MWh (trop-perçu estimé 1,89 € HT).", false,
     "arrêtés annuels, CIBS L312-35 et suivants"},
    {"CHK-21", SEV_HIGH, 48200,
     "Consommations de plus de 14 mois facturées : au-delà de 14 mois avant "
     "le dernier relevé, elles ne peuvent pas être facturées (estimation ",
     "482,00 €", ").", false, "C. conso. L224-11"},
    {"CHK-30", SEV_MEDIUM, 3135, "Prix total supérieur de ", "14 %",
     " à la référence publique (tarif réglementé HP/HC 9 kVA).", false,
     "données ouvertes de la CRE"},
    {"CHK-31", SEV_LOW, 0, "Abonnement supérieur de ", "17 %",
     " à la référence.", false, "données ouvertes de la CRE"},
    {"CHK-32", SEV_MEDIUM, 3420,
     "Heures creuses : 18 % de la consommation ; l’option Base coûterait "
     "environ ", "34,20 €", " de moins par an.", false, "grilles TRVE"},
    {"CHK-34", SEV_MEDIUM, 0, "Votre offre à prix fixe est échue depuis le ",
     "31/12/2025", " : les conditions ont pu changer.", false,
     "C. conso. L224-10"},
    {"CHK-40", SEV_MEDIUM, 998,
     "Service facturé en plus de l'énergie : « ",
     "Option Sérénité Dépannage 24/7",
     " » (59,88 €/an). Vérifiez que vous l'avez demandé.", true, NULL},
    {"CHK-41", SEV_HIGH, 6600, "Frais de recouvrement (", "66,00 €",
     ") facturés à un particulier : ils restent en principe à la charge du "
     "créancier sans titre exécutoire.", false,
     "CPCE L111-8 ; MNE, recommandation 2015-1002"},
    {"CHK-42", SEV_LOW, 0, "Clause de pénalité à vérifier : jugée ",
     "abusive", " dans certains contrats de consommation.", false,
     "Commission des clauses abusives 2014-01"},
    {"CHK-45", SEV_INFO, 4800, "Chèque énergie pris en compte : ", "48,00 €",
     ".", false, "C. énergie R124-11"},
    {"CHK-50", SEV_LOW, 0, "Mention non trouvée sur la facture : ",
     "médiateur", ".", false, "arrêté du 18 avril 2012"},
    {"CHK-60", SEV_MEDIUM, 10424, "Dépassements de puissance : ", "86,87 €",
     " (7 h). Étudier une puissance souscrite de 66 kVA.", false, "TURPE 7"},
};

static inline void sample_add_finding(struct arena *a, struct audit_result *r,
                                      const struct sample_finding *s)
{
    struct finding *f = &r->findings[r->n_findings++];
    *f = (struct finding){.id = s->id,
                          .severity = s->severity,
                          .direction = DIR_LOSES,
                          .has_amount = s->cents != 0,
                          .amount_cents = s->cents,
                          .source = s->source,
                          .to_verify = s->severity == SEV_LOW,
                          .n_args = 1,
                          .ev = {.conf = 900, .page = 2}};
    f->args[0] = (struct finding_arg){"arg", s->arg, s->free_text};
    f->sentence = arena_printf(a, "%s%s%s", s->before, s->arg, s->after);
    f->anonymous = arena_printf(a, "%s%s%s", s->before,
                                s->free_text ? "…" : s->arg, s->after);
}

/* Every finding of the list above, the gravest first. */
static inline void sample_add_all(struct arena *a, struct audit_result *r)
{
    r->findings = ARENA_ARRAY(a, ARRAY_LEN(sample_findings), struct finding);
    r->n_findings = 0;
    for (enum severity s = SEV_HIGH; s <= SEV_INFO; s++)
        for (size_t i = 0; i < ARRAY_LEN(sample_findings); i++)
            if (sample_findings[i].severity == s)
                sample_add_finding(a, r, &sample_findings[i]);
}

/* The result of a sample as the rules compute it; with all set it has every
 * finding of the list instead. */
static inline struct audit_result *sample_result(struct arena *a,
                                                 const struct reference *ref,
                                                 const char *id, bool all)
{
    const struct audit_request req = {.confidence_min = 500, .strict = true};
    struct audit_result *r = ARENA_NEW(a, struct audit_result);
    r->invoice = sample_invoice(a, id, NULL);
    market_compute(a, ref, r->invoice, 500, r);
    checks_run(a, ref, r->invoice, &req, r);
    if (all)
        sample_add_all(a, r);
    highlights_write(a, ref, r);
    return r;
}
