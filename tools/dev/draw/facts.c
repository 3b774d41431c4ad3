/* Which facts an invoice prints, under which of the labels in use. */
#include "facts.h"
#include "base/str.h"

enum kind { TEXT, DATE, KVA, KWH, OPTION, OFFER, PERIOD, SITE };

static const struct row {
    const char *key;
    enum kind kind;
    bool is_reference;
    const char *label[3]; /* by wording */
} rows[] = {
    {"invoice_number",
     TEXT,
     true,
     {"N° de facture", "Facture n°", "Référence facture"}},
    {"invoice_date", DATE, false, {"Date de facture", "Émise le", "Éditée le"}},
    {"client_ref",
     TEXT,
     true,
     {"N° client", "Référence client", "Votre identifiant"}},
    {"contract_ref",
     TEXT,
     true,
     {"Compte de contrat", "N° de contrat", "Compte commercial"}},
    {"customer_name",
     TEXT,
     true,
     {"Titulaire du contrat", "Titulaire", "Nom du client"}},
    {"customer_siren",
     TEXT,
     true,
     {"SIREN client", "SIREN du client", "N° SIREN client"}},
    {"pdl",
     TEXT,
     true,
     {"Point de livraison (PDL)", "PRM", "Réf. Acheminement Électricité"}},
    {"pce",
     TEXT,
     true,
     {"Point de comptage (PCE)", "Référence du PCE",
      "Point de comptage et d'estimation"}},
    {"site",
     SITE,
     true,
     {"Lieu de consommation", "Adresse de consommation",
      "Site de consommation"}},
    {"offer_name", TEXT, false, {"Votre offre", "Nom de l'offre", "Contrat"}},
    {"offer_type", OFFER, false, {"Type d'offre", "Prix", "Nature du prix"}},
    {"offer_end",
     DATE,
     false,
     {"Date de fin de l'offre", "Date de fin de contrat",
      "Échéance du contrat"}},
    {"kva", KVA, false, {"Puissance souscrite", "Puissance souscrite", "PS"}},
    {"kva_reached",
     KVA,
     false,
     {"Puissance atteinte", "Puissance atteinte",
      "Puissance maximale atteinte"}},
    {"option", OPTION, false, {"Option tarifaire", "Option", "Tarif"}},
    {"fta",
     TEXT,
     false,
     {"Formule tarifaire d'acheminement", "Tarif d'acheminement",
      "Version d'acheminement"}},
    {"gas_class",
     TEXT,
     false,
     {"Option tarifaire d'acheminement gaz", "Classe de consommation",
      "Classe tarifaire gaz"}},
    {"gas_zone", TEXT, false, {"Zone tarifaire", "Zone", "Zone de prix"}},
    {"car_kwh",
     KWH,
     false,
     {"Consommation annuelle de référence (CAR)", "CAR",
      "Consommation annuelle de référence"}},
    {"period",
     PERIOD,
     false,
     {"Période de facturation", "Période de consommation",
      "Période de consommation"}},
    {"last_real_reading",
     DATE,
     false,
     {"Dernier index relevé", "Dernier index relevé", "Dernier relevé réel"}},
};

static const char *offer(const struct sample *s)
{
    const char *type = sample_text(s, "offer_type");
    bool green = json_is_true(json_object_get(s->expected, "green"));
    return arena_printf(s->arena, "%s%s",
                        str_eq(type, "fixe") ? "Offre à prix fixe"
                                             : "Offre de marché à prix indexé",
                        green ? ", électricité verte" : "");
}

static const char *option(const struct sample *s, enum facts_wording wording)
{
    const char *name = sample_text(s, "option");
    if (str_eq(name, "BASE"))
        return "Base";
    if (str_eq(name, "HPHC"))
        return wording == WORDING_BOXED    ? "Heures Pleines / Heures Creuses"
               : wording == WORDING_LETTER ? "Heures pleines - heures creuses"
                                           : "HP/HC";
    return "4 postes";
}

static enum sample_dates dates(enum facts_wording wording)
{
    return wording == WORDING_BOXED    ? DATES_DIGITS
           : wording == WORDING_LETTER ? DATES_DOTS
                                       : DATES_WORDS;
}

static const char *period(const struct sample *s, enum facts_wording wording)
{
    enum sample_dates how = dates(wording);
    return arena_printf(s->arena, "du %s au %s",
                        sample_date(s, sample_text(s, "period_start"), how),
                        sample_date(s, sample_text(s, "period_end"), how));
}

/* "Adresse de facturation : …" and its like differ by supplier. */
static const char *site(const struct sample *s)
{
    static const char *const labels[] = {
        "Lieu de consommation :", "Adresse de consommation :",
        "Site de consommation :", "Adresse de facturation :"};
    for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
        const char *found = sample_after(s, labels[i]);
        if (found)
            return found;
    }
    return NULL;
}

static const char *value(const struct sample *s, const struct row *r,
                         enum facts_wording wording)
{
    const json_t *v = json_object_get(s->expected, r->key);
    double number = json_number_value(v);
    if (r->kind == PERIOD)
        return period(s, wording);
    if (r->kind == SITE)
        return site(s);
    if (!v || json_is_null(v))
        return NULL;
    switch (r->kind) {
    case DATE:
        return sample_date(s, json_string_value(v), dates(wording));
    case KVA:
        return arena_printf(s->arena, "%s kVA", sample_number(s, number, 0));
    case KWH:
        return arena_printf(s->arena, "%s kWh", sample_number(s, number, 0));
    case OPTION:
        return option(s, wording);
    case OFFER:
        return offer(s);
    default:
        return json_string_value(v);
    }
}

size_t facts_list(const struct sample *s, enum facts_wording wording,
                  struct fact out[FACTS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *v = value(s, &rows[i], wording);
        if (v)
            out[n++] =
                (struct fact){rows[i].label[wording], v, rows[i].is_reference};
    }
    /* The segment is printed for professionals only: at home it follows
     * from the power. */
    if (str_eq(sample_text(s, "segment"), "C4"))
        out[n++] = (struct fact){"Segment", "C4", false};
    return n;
}
