/* One table of checks. Severity, wording and source are reference data
 * (checks.tsv); here stand the fields a rule needs and the rule. A new check
 * is one row and one function. */
#include "invoice/checks.h"
#include <stdlib.h>
#include <string.h>
#include "base/str.h"
#include "invoice/plausible.h"

enum { FINDINGS_MAX = 64, ARGS_MAX = 8 };

static const struct check {
    const char *id;
    checks_rule *rule;
    enum field_id needs[4];
    size_t n_needs;
} table[] = {
    {"CHK-01", checks_arithmetic_total, {F_total_ht, F_total_tva, F_total_ttc}, 3},
    {"CHK-02", checks_arithmetic_lines, {0}, 0},
    {"CHK-03", checks_arithmetic_meters, {0}, 0},
    {"CHK-04", checks_arithmetic_gas, {F_volume_m3, F_conversion}, 2},
    {"CHK-05", checks_arithmetic_vat, {F_total_ht, F_total_tva}, 2},
    {"CHK-06", checks_arithmetic_due, {F_total_ttc, F_amount_due}, 2},
    {"CHK-10", checks_tax_rate, {F_period_start, F_period_end}, 2},
    {"CHK-11", checks_tax_excise, {F_period_start, F_period_end}, 2},
    {"CHK-12", checks_network_cta, {F_period_start, F_period_end, F_kva}, 3},
    {"CHK-12G", checks_network_cta_gas, {F_period_start, F_period_end}, 2},
    {"CHK-13", checks_tax_local, {F_period_start, F_period_end}, 2},
    {"CHK-20", checks_contract_estimated, {F_period_start, F_period_end}, 2},
    {"CHK-21", checks_contract_limit, {F_period_start, F_period_end}, 2},
    {"CHK-22", checks_history_twice, {F_period_start, F_period_end}, 2},
    {"CHK-23", checks_history_gap, {F_period_start, F_period_end}, 2},
    {"CHK-24", checks_history_unusual, {F_period_start, F_period_end}, 2},
    {"CHK-25", checks_contract_refund, {0}, 0},
    {"CHK-30", checks_price_total, {0}, 0},
    {"CHK-31", checks_price_subscription, {0}, 0},
    {"CHK-32", checks_price_option, {0}, 0},
    {"CHK-33", checks_price_power, {F_period_end, F_kva, F_kva_reached}, 3},
    {"CHK-34", checks_contract_offer, {F_offer_end, F_period_end}, 2},
    {"CHK-35", checks_history_price, {F_period_start, F_period_end}, 2},
    {"CHK-36", checks_price_class, {F_period_end, F_gas_class, F_car_kwh}, 3},
    {"CHK-37", checks_service_green, {0}, 0},
    {"CHK-38", checks_contract_discount, {0}, 0},
    {"CHK-40", checks_service_extra, {0}, 0},
    {"CHK-41", checks_service_collection, {0}, 0},
    {"CHK-42", checks_mention_penalty, {0}, 0},
    {"CHK-43", checks_service_termination, {0}, 0},
    {"CHK-44", checks_service_paper, {0}, 0},
    {"CHK-45", checks_service_cheque,
     {F_cheque_energie, F_total_ttc, F_amount_due}, 3},
    {"CHK-50", checks_mention_missing, {0}, 0},
    {"CHK-51", checks_mention_reform, {F_invoice_date}, 1},
    {"CHK-52", checks_mention_identity, {0}, 0},
    {"CHK-53", checks_mention_account, {0}, 0},
    {"CHK-60", checks_power_overrun, {0}, 0},
    {"CHK-61", checks_power_reactive, {0}, 0},
    {"CHK-62", checks_power_formula, {F_period_start, F_period_end, F_fta, F_kva}, 4},
    {"CHK-63", checks_power_category, {F_period_start, F_period_end, F_kva}, 3},
    {"CHK-64", checks_mention_small, {0}, 0},
    {"XML-01", checks_xml_page, {0}, 0},
    {"XML-02", checks_xml_readable, {0}, 0},
    {"BR-CO-10", checks_xml_sums, {0}, 0},
    {"BR-CO-11", checks_xml_sums, {0}, 0},
    {"BR-CO-12", checks_xml_sums, {0}, 0},
    {"BR-CO-13", checks_xml_sums, {0}, 0},
    {"BR-CO-14", checks_xml_sums, {0}, 0},
    {"BR-CO-15", checks_xml_sums, {0}, 0},
    {"BR-CO-16", checks_xml_sums, {0}, 0},
    {"BR-CO-17", checks_xml_sums, {0}, 0},
};

static const char *const severities[] = {"haute", "moyenne", "basse", "info"};

const char *severity_name(enum severity s)
{
    return severities[s <= SEV_INFO ? s : SEV_INFO];
}

const char *direction_name(enum direction d)
{
    static const char *const names[] = {"client_perd", "client_gagne",
                                        "neutre"};
    return names[d <= DIR_NEUTRAL ? d : DIR_NEUTRAL];
}

bool checks_usable(struct checks *c, const struct evidence *ev)
{
    if (ev->conf >= c->conf_min)
        return true;
    if (c->strict)
        return false; /* not used: it makes nothing unsure */
    c->low = true;
    return true;
}

void checks_again(struct checks *c)
{
    c->low = c->low_fields;
}

int64_t checks_with_vat(int64_t cents, int32_t rate_bp)
{
    const __int128 v = (__int128)cents * (10000 + rate_bp);
    return (int64_t)((v < 0 ? v - 5000 : v + 5000) / 10000);
}

enum direction checks_direction(int64_t too_much_cents)
{
    return too_much_cents > 0   ? DIR_LOSES
           : too_much_cents < 0 ? DIR_GAINS
                                : DIR_NEUTRAL;
}

static enum severity severity(const struct checks *c,
                              const struct checks_hit *hit)
{
    if (c->low || hit->info || hit->direction == DIR_GAINS)
        return SEV_INFO;
    for (enum severity s = SEV_HIGH; s < SEV_INFO; s++)
        if (str_eq(severities[s], c->text->severity))
            return s;
    return SEV_INFO;
}

static void copy_args(struct finding *f, const struct checks_hit *hit)
{
    for (; f->n_args < ARGS_MAX && hit->args[f->n_args].name; f->n_args++) {
        const struct wording_arg *w = &hit->args[f->n_args];
        f->args[f->n_args] =
            (struct finding_arg){w->name, w->text, w->plain != NULL};
    }
}

void checks_hit(struct checks *c, const struct checks_hit *hit)
{
    if (c->out->n_findings == FINDINGS_MAX)
        return;
    struct finding *f = &c->out->findings[c->out->n_findings++];
    *f = (struct finding){.id = c->text->id,
                          .severity = severity(c, hit),
                          .direction = hit->direction,
                          .has_amount = hit->has_amount,
                          .amount_cents = llabs(hit->amount_cents),
                          .brief = hit->brief,
                          .source = c->text->source,
                          .ev = hit->ev};
    f->to_verify =
        hit->partial || c->low || c->text->verified != VERIFIED_YES;
    copy_args(f, hit);
    f->sentence =
        wording_fill(c->a, c->text->wording, hit->args, f->n_args, false);
    f->anonymous =
        wording_fill(c->a, c->text->wording, hit->args, f->n_args, true);
    if (f->to_verify) {
        f->sentence = wording_to_verify(c->a, f->sentence);
        f->anonymous = wording_to_verify(c->a, f->anonymous);
    }
}

/* The checks that any invoice can be put to, whatever it bills. */
static bool is_for_all_trades(const char *id)
{
    static const char *const ids[] = {"CHK-01", "CHK-05"};
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        if (str_eq(id, ids[i]))
            return true;
    return false;
}

/* No rule for bills from abroad: other law, other tariffs, and numbers that
 * may be written another way. The electronic invoice inside a PDF is exact,
 * and its standard the same everywhere. */
static bool concerns(const struct invoice *inv, const struct check_text *t)
{
    if (str_eq(t->group, "facture électronique"))
        return inv->xml != NULL;
    if (inv->is_foreign ||
        (inv->energy == ENERGY_NONE && !is_for_all_trades(t->id)))
        return false;
    if (str_eq(t->audience, inv->is_professional ? "conso" : "pro"))
        return false;
    if (inv->energy == ENERGY_DUAL || str_eq(t->energy, "all"))
        return true;
    return str_eq(t->energy, inv->energy == ENERGY_GAS ? "gaz" : "elec");
}

static bool has_fields(struct checks *c, const struct check *check)
{
    c->low = false;
    for (size_t i = 0; i < check->n_needs; i++) {
        const struct value *v = &c->inv->f[check->needs[i]];
        if (!v->present || !checks_usable(c, &v->ev))
            return false;
    }
    c->low_fields = c->low;
    return true;
}

/* Severity, then euros, then the order of the table. */
static int by_rank(const void *x, const void *y)
{
    const struct finding *a = x, *b = y;
    if (a->severity != b->severity)
        return a->severity < b->severity ? -1 : 1;
    const int64_t ea = a->has_amount ? a->amount_cents : -1,
                  eb = b->has_amount ? b->amount_cents : -1;
    if (ea != eb)
        return ea > eb ? -1 : 1;
    const int ids = strcmp(a->id, b->id);
    return ids ? ids : a->ev.page != b->ev.page ? a->ev.page - b->ev.page
           : a->ev.box.y0 < b->ev.box.y0        ? -1
                                                : a->ev.box.y0 > b->ev.box.y0;
}

void checks_run(struct arena *a, const struct reference *ref,
                const struct invoice *inv, const struct audit_request *req,
                struct audit_result *out)
{
    inv = plausible_copy(a, inv);
    struct checks c = {.a = a,
                       .ref = ref,
                       .inv = inv,
                       .conf_min = req->confidence_min,
                       .strict = req->strict,
                       .out = out};
    out->findings = ARENA_ARRAY(a, FINDINGS_MAX, struct finding);
    out->n_findings = out->checks_run = out->checks_total = 0;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        c.text = reference_check(ref, table[i].id);
        if (!c.text || !concerns(inv, c.text))
            continue;
        out->checks_total++;
        if (has_fields(&c, &table[i]))
            out->checks_run += table[i].rule(&c) == CHECKS_DONE;
    }
    qsort(out->findings, out->n_findings, sizeof *out->findings, by_rank);
}
