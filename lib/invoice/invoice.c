/* Names of the record's fields and words, shared by readers, checks and
 * reports. */
#include "invoice/invoice.h"

const struct field_info field_infos[F_MAX] = {
#define FIELD(name, type, identifying, doc)                                    \
    [F_##name] = {#name, FIELD_##type, identifying, doc},
#include "invoice/fields.tbl"
#undef FIELD
};

const char *energy_name(enum energy e)
{
    static const char *const names[ENERGY_MAX] = {"", "electricite", "gaz",
                                                  "dual"};
    return names[e < ENERGY_MAX ? e : ENERGY_NONE];
}

const char *component_name(enum component c)
{
    static const char *const names[COMP_MAX] = {
        [COMP_SUBSCRIPTION] = "abonnement",
        [COMP_CONSUMPTION] = "consommation",
        [COMP_NETWORK] = "acheminement",
        [COMP_CTA] = "cta",
        [COMP_EXCISE] = "accise",
        [COMP_LOCAL_TAX] = "taxe_locale",
        [COMP_CAPACITY] = "capacite",
        [COMP_CEE] = "cee",
        [COMP_OVERRUN] = "depassement",
        [COMP_REACTIVE] = "reactif",
        [COMP_SERVICE] = "service",
        [COMP_GREEN] = "option_verte",
        [COMP_FEE] = "frais",
        [COMP_DISCOUNT] = "remise",
        [COMP_ADJUSTMENT] = "regularisation",
        [COMP_OTHER] = "autre"};
    return names[c < COMP_MAX ? c : COMP_OTHER];
}

const char *unit_name(enum unit u)
{
    static const char *const names[UNIT_MAX] = {
        [UNIT_NONE] = "",   [UNIT_MONTH] = "mois", [UNIT_DAY] = "jours",
        [UNIT_KWH] = "kWh", [UNIT_MWH] = "MWh",    [UNIT_M3] = "m3",
        [UNIT_HOUR] = "h",  [UNIT_KVA] = "kVA",    [UNIT_PIECE] = "unité"};
    return names[u < UNIT_MAX ? u : UNIT_NONE];
}

const char *reading_name(enum reading_kind k)
{
    switch (k) {
    case READING_REAL:
        return "releve";
    case READING_ESTIMATED:
        return "estime";
    case READING_SELF:
        return "auto";
    default:
        return "";
    }
}

const char *paper_name(enum paper p)
{
    switch (p) {
    case PAPER_INVOICE:
        return "facture";
    case PAPER_ADJUSTMENT:
        return "regularisation";
    case PAPER_CREDIT:
        return "avoir";
    case PAPER_SCHEDULE:
        return "echeancier";
    case PAPER_QUOTE:
        return "devis";
    case PAPER_LETTER:
        return "courrier";
    default:
        return "";
    }
}

int64_t invoice_num(const struct invoice *inv, enum field_id id,
                    int64_t fallback)
{
    return inv->f[id].present ? inv->f[id].num : fallback;
}

const char *invoice_text(const struct invoice *inv, enum field_id id)
{
    return inv->f[id].present ? inv->f[id].text : NULL;
}
