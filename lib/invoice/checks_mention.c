/* What must be printed, who signs, and where to pay: CHK-42, 50, 51, 52, 53
 * and 64. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "invoice/checks.h"

enum { SMALL_KVA = 36, SMALL_GAS_KWH = 30000, LIST_MAX = 1000 };

static bool says(const struct checks *c, enum mention_id id)
{
    return c->inv->mentions[id].present;
}

static bool has(const struct checks *c, enum field_id id)
{
    return c->inv->f[id].present;
}

/* Nothing follows from what a bad reading did not find. */
static bool is_read(struct checks *c)
{
    const struct evidence whole = {.conf = c->inv->conf};
    return c->inv->mentions_read && !c->inv->is_foreign &&
           checks_usable(c, &whole);
}

static bool electric(const struct checks *c)
{
    return c->inv->energy == ENERGY_ELEC || c->inv->energy == ENERGY_DUAL;
}

static bool gaseous(const struct checks *c)
{
    return c->inv->energy == ENERGY_GAS || c->inv->energy == ENERGY_DUAL;
}

/* A letter or a quote lacks nothing, nor does what bills no energy. */
static bool is_bill(struct checks *c)
{
    const struct evidence energy = {.conf = c->inv->energy_conf};
    return is_read(c) && (electric(c) || gaseous(c)) &&
           checks_usable(c, &energy) &&
           (c->inv->paper == PAPER_INVOICE ||
            c->inv->paper == PAPER_ADJUSTMENT);
}

/* CHK-42: penalties of several times the legal interest */
enum checks_outcome checks_mention_penalty(struct checks *c)
{
    const struct mention *m = &c->inv->mentions[MENTION_penalty];
    if (!is_read(c))
        return CHECKS_SKIPPED;
    if (m->present && checks_usable(c, &m->ev))
        checks_hit(c,
                   &(struct checks_hit){.direction = DIR_NEUTRAL, .ev = m->ev});
    return CHECKS_DONE;
}

/* ---- missing mentions --------------------------------------------------- */

static bool has_points(const struct checks *c)
{
    return says(c, MENTION_point) ||
           ((!electric(c) || has(c, F_pdl)) && (!gaseous(c) || has(c, F_pce)));
}

static bool has_issuer(const struct checks *c)
{
    return has(c, F_supplier_name) && says(c, MENTION_supplier_address);
}

static bool has_due_date(const struct checks *c)
{
    return has(c, F_due_date);
}

static bool has_period(const struct checks *c)
{
    return has(c, F_period_start) && has(c, F_period_end);
}

static bool has_readings(const struct checks *c)
{
    for (size_t i = 0; i < c->inv->n_meters; i++)
        if (c->inv->meters[i].kind_end != READING_UNKNOWN)
            return true;
    return says(c, MENTION_readings);
}

/* Without any line it is the reading that failed. */
static bool has_prices(const struct checks *c)
{
    for (size_t i = 0; i < c->inv->n_lines; i++)
        if (c->inv->lines[i].component == COMP_CONSUMPTION &&
            c->inv->lines[i].has_price)
            return true;
    return c->inv->n_lines == 0;
}

static bool has_network(const struct checks *c)
{
    for (size_t i = 0; i < c->inv->n_lines; i++)
        if (c->inv->lines[i].component == COMP_NETWORK)
            return true;
    return has(c, F_network_share_ht) || says(c, MENTION_network_share);
}

static bool has_mediator(const struct checks *c)
{
    return says(c, MENTION_mediator);
}

static bool has_emergency(const struct checks *c)
{
    if (says(c, MENTION_emergency))
        return true;
    return (!electric(c) || says(c, MENTION_emergency_elec)) &&
           (!gaseous(c) || says(c, MENTION_emergency_gas));
}

static bool has_origin(const struct checks *c)
{
    return !electric(c) || says(c, MENTION_origin) ||
           (has(c, F_green) && c->inv->f[F_green].num);
}

static bool has_customer_siren(const struct checks *c)
{
    return has(c, F_customer_siren);
}

static bool has_site(const struct checks *c)
{
    return has(c, F_site_address);
}

static bool has_operation(const struct checks *c)
{
    return says(c, MENTION_operation);
}

static bool has_debits(const struct checks *c)
{
    return says(c, MENTION_vat_on_debits);
}

struct required {
    const char *words;
    bool (*is_there)(const struct checks *c);
};

/* One finding that lists what is not there. What was not sent may be
 * elsewhere: only printed page numbers prove that all was seen. */
static enum checks_outcome list_missing(struct checks *c,
                                        const struct required *list, size_t n,
                                        bool partial)
{
    struct buf b;
    bool any = false;
    buf_init(&b, c->a, LIST_MAX);
    for (size_t i = 0; i < n; i++) {
        if (list[i].is_there(c))
            continue;
        buf_printf(&b, "%s%s", any ? ", " : "", list[i].words);
        any = true;
    }
    const bool whole = c->inv->pages == PAGES_COMPLETE;
    if (any)
        checks_hit(c, &(struct checks_hit){
                          .direction = DIR_NEUTRAL,
                          .partial = partial,
                          .args = {{"liste", buf_cstr(&b), NULL},
                                   {"ou",
                                    whole ? "sur la facture"
                                          : "sur les pages transmises",
                                    NULL}}});
    return CHECKS_DONE;
}

/* CHK-50: arrêté du 18 avril 2012; C. énergie art. R341-2 and R333-10 */
enum checks_outcome checks_mention_missing(struct checks *c)
{
    static const struct required list[] = {
        {"numéro du point de livraison", has_points},
        {"nom et adresse du fournisseur", has_issuer},
        {"date limite de paiement", has_due_date},
        {"période facturée", has_period},
        {"nature des index (relevés ou estimés)", has_readings},
        {"prix unitaires", has_prices},
        {"part de l'acheminement", has_network},
        {"médiateur national de l'énergie", has_mediator},
        {"numéro d'urgence du réseau", has_emergency},
        {"origine de l'électricité", has_origin}};
    if (!is_bill(c))
        return CHECKS_SKIPPED;
    return list_missing(c, list, ARRAY_LEN(list), true);
}

/* CHK-51: from the day the largest senders must, to be verified until the
 * last ones must (1 September 2026 and 2027). */
enum checks_outcome checks_mention_reform(struct checks *c)
{
    static const struct required list[] = {
        {"SIREN du client", has_customer_siren},
        {"adresse de livraison", has_site},
        {"nature de l'opération", has_operation},
        {"TVA d'après les débits (si l'option est exercée)", has_debits}};
    const int64_t issued = c->inv->f[F_invoice_date].num;
    if (!is_bill(c) || issued < clock_days(2026, 9, 1))
        return CHECKS_SKIPPED;
    return list_missing(c, list, ARRAY_LEN(list),
                        issued < clock_days(2027, 9, 1));
}

/* ---- identity and payment ----------------------------------------------- */

static void hit_identity(struct checks *c, const struct evidence *ev,
                         const char *number, const char *defect, bool info)
{
    if (checks_usable(c, ev))
        checks_hit(c, &(struct checks_hit){.direction = DIR_NEUTRAL,
                                           .info = info,
                                           .ev = *ev,
                                           .args = {{"numero", number, NULL},
                                                    {"defaut", defect, NULL}}});
}

/* The table knows another SIREN for the supplier of that name. */
static bool is_unexpected(const struct checks *c)
{
    const char *name = invoice_text(c->inv, F_supplier_name),
               *siren = invoice_text(c->inv, F_supplier_siren);
    if (!name || !siren)
        return false;
    for (size_t i = 0; i < c->ref->n_suppliers; i++) {
        const struct supplier *s = &c->ref->suppliers[i];
        if (str_eq(s->name, name) && *s->siren && !s->is_brand)
            return !str_eq(s->siren, siren);
    }
    return false;
}

/* CHK-52: the issuer's numbers fit their keys and his name. Wrong keys are
 * recorded on text layers only; a SIREN that the table does not know only
 * informs. */
enum checks_outcome checks_mention_identity(struct checks *c)
{
    static const char not_his[] = "n'est pas celui du fournisseur indiqué",
                      wrong[] = "n'est pas valide (clé de contrôle)";
    const struct mention *m = c->inv->mentions;
    if (!is_read(c))
        return CHECKS_SKIPPED;
    if (m[MENTION_other_issuer].present)
        hit_identity(c, &m[MENTION_other_issuer].ev, "SIREN", not_his, false);
    else if (is_unexpected(c))
        hit_identity(c, &c->inv->f[F_supplier_siren].ev, "SIREN", not_his,
                     true);
    if (m[MENTION_wrong_siren].present && !has(c, F_supplier_siren))
        hit_identity(c, &m[MENTION_wrong_siren].ev, "SIREN", wrong, false);
    if (m[MENTION_wrong_vat_id].present && !has(c, F_supplier_vat_id))
        hit_identity(c, &m[MENTION_wrong_vat_id].ev, "de TVA", wrong, false);
    return CHECKS_DONE;
}

/* CHK-53: a new account, one abroad, or one that cannot exist */
enum checks_outcome checks_mention_account(struct checks *c)
{
    static const enum mention_id signs[] = {
        MENTION_new_account, MENTION_wrong_account, MENTION_foreign_account};
    if (!is_read(c))
        return CHECKS_SKIPPED;
    for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
        const struct mention *m = &c->inv->mentions[signs[i]];
        if (!m->present || !checks_usable(c, &m->ev))
            continue;
        checks_hit(c,
                   &(struct checks_hit){.direction = DIR_NEUTRAL, .ev = m->ev});
        break;
    }
    return CHECKS_DONE;
}

/* CHK-64: small professionals have rights of consumers (C. conso. L224-1) */
enum checks_outcome checks_mention_small(struct checks *c)
{
    const struct value *kva = &c->inv->f[F_kva], *car = &c->inv->f[F_car_kwh],
                       *year = &c->inv->f[F_annual_kwh];
    const struct value *kwh = car->present ? car : year;
    const bool power = electric(c) && kva->present,
               volume = gaseous(c) && kwh->present;
    const struct value *why = NULL;
    if (power && kva->num <= SMALL_KVA && checks_usable(c, &kva->ev))
        why = kva;
    else if (volume && kwh->num < SMALL_GAS_KWH && checks_usable(c, &kwh->ev))
        why = kwh;
    if (why)
        checks_hit(
            c, &(struct checks_hit){.direction = DIR_NEUTRAL, .ev = why->ev});
    return power || volume ? CHECKS_DONE : CHECKS_SKIPPED;
}
