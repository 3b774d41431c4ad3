/* Turns the result of an audit into what a report prints. */
#include "invoice/report_model.h"

#include <string.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/str.h"
#include "invoice/report_lines.h"
#include "invoice/report_words.h"
#include "invoice/wording.h"
#include "base/banned.h"

enum {
    DAY_MS = 86400000,
    DAYS_MAX = 80000 /* the year 2189: later is misread */
};

static int32_t day(const struct invoice *inv, enum field_id id)
{
    const struct value *v = &inv->f[id];
    return v->present && v->num >= 0 && v->num <= DAYS_MAX ? (int32_t)v->num
                                                           : MODEL_NO_DAY;
}

int64_t report_model_bounded(int64_t v)
{
    return v > MODEL_LARGEST    ? MODEL_LARGEST
           : v < -MODEL_LARGEST ? -MODEL_LARGEST
                                : v;
}

static int64_t amount(const struct invoice *inv, enum field_id id)
{
    return inv->f[id].present ? report_model_bounded(inv->f[id].num)
                              : MODEL_NO_AMOUNT;
}

static const char *text(struct arena *a, const struct invoice *inv,
                        enum field_id id)
{
    const struct value *v = &inv->f[id];
    return v->present && v->text && *v->text ? arena_strdup(a, v->text) : NULL;
}

static const char *word(const struct invoice *inv, const char *list,
                        enum field_id id)
{
    return inv->f[id].present ? report_words_find(list, inv->f[id].text) : NULL;
}

/* Letters only: a number with digits could look like a reference of the
 * invoice; no vowel, so that it is no word either. */
static const char *report_number(struct arena *a, const char *request_id)
{
    static const char letters[] = "BCDFGHJKLMNPQRSTVWXZ";
    const char *hash = encode_sha256(a, request_id ? request_id : "",
                                     request_id ? strlen(request_id) : 0);
    char out[9] = "";
    for (int i = 0; i < 8; i++) {
        int hi = hash[2 * i], lo = hash[2 * i + 1];
        out[i] = letters[(hi * 7 + lo * 3) % 20];
    }
    return arena_strdup(a, out);
}

static void add_private(struct arena *a, const struct audit_request *req,
                        const struct invoice *inv, struct report_model *m)
{
    struct model_private *t = &m->text;
    t->supplier = text(a, inv, F_supplier_name);
    t->customer = req->customer_name && *req->customer_name
                      ? arena_strdup(a, req->customer_name)
                      : text(a, inv, F_customer_name);
    t->invoice_number = text(a, inv, F_invoice_number);
    t->offer = text(a, inv, F_offer_name);
    const char *pdl = text(a, inv, F_pdl), *pce = text(a, inv, F_pce);
    t->point = pdl && pce ? arena_printf(a, "%s et %s", pdl, pce)
               : pdl      ? pdl
                          : pce;
}

/* ---- key facts --------------------------------------------------------- */

/* Billed energy in thousandths of a kWh; 0 when not read. */
static int64_t billed_kwh(const struct invoice *inv, enum energy e)
{
    int64_t sum = 0;
    for (size_t i = 0; i < inv->n_lines; i++) {
        const struct line *l = &inv->lines[i];
        if (l->component != COMP_CONSUMPTION || l->energy != e ||
            !l->has_quantity)
            continue;
        if (l->unit == UNIT_KWH)
            sum += report_model_bounded(l->quantity_milli);
        else if (l->unit == UNIT_MWH)
            sum += report_model_bounded(l->quantity_milli) * 1000;
    }
    for (size_t i = 0; sum == 0 && i < inv->n_meters; i++)
        if (inv->meters[i].energy == e && inv->meters[i].unit == UNIT_KWH &&
            inv->meters[i].has_consumption)
            sum += report_model_bounded(inv->meters[i].consumption) * 1000;
    return sum;
}

static struct model_fact *add_fact(struct report_model *m,
                                   enum model_fact_id id, enum energy e,
                                   int64_t num)
{
    static struct model_fact spare;
    struct model_fact *f =
        m->n_facts < ARRAY_LEN(m->facts) ? &m->facts[m->n_facts++] : &spare;
    *f = (struct model_fact){id, e, num, NULL, MODEL_NO_DAY};
    return f;
}

/* What one energy cost with VAT, or MODEL_NO_AMOUNT. */
static int64_t energy_ttc(const struct report_model *m,
                          const struct invoice *inv, enum energy e)
{
    if (m->energy != ENERGY_DUAL)
        return m->total_ttc;
    return amount(inv, e == ENERGY_GAS ? F_gaz_ttc : F_electricite_ttc);
}

static void add_energy_facts(struct report_model *m, const struct invoice *inv,
                             enum energy e)
{
    int64_t kwh = billed_kwh(inv, e), ttc = energy_ttc(m, inv, e);
    if (kwh <= 0)
        return;
    add_fact(m, FACT_KWH, e, kwh);
    int64_t days = m->start == MODEL_NO_DAY || m->end == MODEL_NO_DAY
                       ? 0
                       : (int64_t)m->end - m->start + 1;
    if (m->energy != ENERGY_DUAL && days > 0)
        add_fact(m, FACT_KWH_DAY, e, kwh / days);
    /* cents and thousandths of a kWh to micro-euros a kWh */
    if (ttc > 0)
        add_fact(m, FACT_ALL_IN, e,
                 (int64_t)((__int128)ttc * 10000000 / kwh));
}

/* Static words for how the meters were read; NULL when unknown. */
static const char *reading_words(const struct invoice *inv)
{
    size_t real = 0, guessed = 0, self = 0;
    for (size_t i = 0; i < inv->n_meters; i++) {
        enum reading_kind k = inv->meters[i].kind_end;
        real += k == READING_REAL;
        guessed += k == READING_ESTIMATED;
        self += k == READING_SELF;
    }
    if (guessed)
        return real + self ? "En partie estimé" : "Estimé";
    return self ? "Auto-relevé" : real ? "Relevé réel" : NULL;
}

static void add_facts(struct report_model *m, const struct invoice *inv)
{
    if (m->energy != ENERGY_GAS)
        add_energy_facts(m, inv, ENERGY_ELEC);
    if (m->energy != ENERGY_ELEC)
        add_energy_facts(m, inv, ENERGY_GAS);
    if (inv->f[F_kva].present)
        add_fact(m, FACT_POWER, ENERGY_ELEC, inv->f[F_kva].num);
    const char *w = word(inv, "option", F_option);
    if (w)
        add_fact(m, FACT_OPTION, ENERGY_ELEC, 0)->word = w;
    w = word(inv, "class", F_gas_class);
    if (w)
        add_fact(m, FACT_GAS_CLASS, ENERGY_GAS, invoice_num(inv, F_car_kwh, 0))
            ->word = w;
    w = word(inv, "offer", F_offer_type);
    if (w) {
        struct model_fact *f = add_fact(m, FACT_OFFER, ENERGY_NONE, 0);
        f->word = w;
        f->day = day(inv, F_offer_end);
    }
    w = reading_words(inv);
    if (w)
        add_fact(m, FACT_READING, ENERGY_NONE, 0)->word = w;
    w = word(inv, "segment", F_segment);
    if (w && m->n_facts < ARRAY_LEN(m->facts))
        add_fact(m, FACT_SEGMENT, ENERGY_ELEC, 0)->word = w;
    if (m->start != MODEL_NO_DAY && m->end != MODEL_NO_DAY)
        add_fact(m, FACT_DAYS, ENERGY_NONE, (int64_t)m->end - m->start + 1);
}

/* ---- findings, market, reliability ------------------------------------- */

static struct model_finding copy_finding(struct arena *a,
                                         const struct reference *ref,
                                         const struct finding *f)
{
    struct check_words w = report_words_check(f->id);
    const struct check_text *t = ref ? reference_check(ref, f->id) : NULL;
    return (struct model_finding){
        .id = w.id,
        .advice = w.advice,
        .source = w.source,
        .title = t ? t->brief : "point à vérifier",
        .severity = f->severity,
        .has_amount = f->has_amount,
        .amount_cents = f->amount_cents,
        .page = f->ev.page,
        .sentence = f->sentence ? f->sentence : "",
        .wording = t ? wording_fill(a, t->wording, NULL, 0, true) : "",
    };
}

static void add_findings(struct arena *a, const struct reference *ref,
                         const struct audit_result *r, struct report_model *m)
{
    m->findings = ARENA_ARRAY(a, r->n_findings + 1, struct model_finding);
    m->n_findings = r->n_findings;
    for (size_t i = 0; i < r->n_findings; i++)
        m->findings[i] = copy_finding(a, ref, &r->findings[i]);
    const struct finding *first;
    m->points = ref ? highlights_points(ref, r, &first) : r->n_findings;
    m->first = ref && first ? (size_t)(first - r->findings) : 0;
}

static struct model_market copy_market(const struct market *k)
{
    return (struct model_market){
        .energy = k->energy,
        .unavailable = k->unavailable,
        .has_annual = k->has_annual,
        .days = k->days,
        .covered_days = k->covered_days,
        .gap_pm = k->gap_pm,
        .saving_pct = k->saving_pct,
        .cost_cents = k->cost_cents,
        .reference_cents = k->reference_cents,
        .saving_cents = k->saving_cents,
        .annual_cents = k->annual_cents,
        .option_cents = k->option_cents,
        .power_cents = k->power_cents,
        .lower_kva = k->lower_kva,
        .offers_day = k->offers_day,
        .verified = k->verified,
        .why = k->why,
        .label = k->label,
    };
}

static void add_market(const struct audit_result *r, struct report_model *m)
{
    m->n_market = r->n_market;
    for (size_t i = 0; i < r->n_market; i++)
        m->market[i] = copy_market(&r->market[i]);
    m->overall = copy_market(&r->overall);
    if (r->n_market == 0)
        m->overall.unavailable = true;
    if (m->overall.unavailable && !m->overall.why)
        m->overall.why = "aucune référence publique pour cette facture";
}

static void add_row(struct report_model *m, const struct evidence *ev)
{
    m->n_repaired += ev->repaired;
    m->n_unsure += ev->unsure;
}

/* What the caller asked for counts as sure; a strict audit has dropped the
 * rest, a lenient one names it. */
static void add_reliability(const struct reference *ref,
                            const struct invoice *inv, int16_t conf_min,
                            struct report_model *m)
{
    for (int i = 0; i < F_MAX; i++) {
        if (!inv->f[i].present)
            continue;
        m->n_repaired += inv->f[i].ev.repaired;
        if (inv->f[i].ev.conf >= conf_min && !inv->f[i].ev.unsure) {
            m->fields_sure++;
            continue;
        }
        m->fields_doubtful++;
        if (m->n_doubtful < ARRAY_LEN(m->doubtful))
            m->doubtful[m->n_doubtful++] = report_words_field((enum field_id)i);
    }
    for (size_t i = 0; i < inv->n_lines; i++)
        add_row(m, &inv->lines[i].ev);
    for (size_t i = 0; i < inv->n_vat; i++)
        add_row(m, &inv->vat[i].ev);
    for (size_t i = 0; i < inv->n_meters; i++)
        add_row(m, &inv->meters[i].ev);
    m->pages = inv->n_pages;
    m->ocr_pages = inv->ocr_pages;
    m->conf = inv->conf;
    m->trve_until = ref ? ref->trve_until : MODEL_NO_DAY;
    m->prvg_until = ref ? ref->prvg_until : MODEL_NO_DAY;
}

static void add_warnings(const struct audit_result *r, struct report_model *m)
{
    for (size_t i = 0; i < r->n_warnings; i++) {
        const char *w = report_words_find("warning", r->warnings[i]);
        if (w && m->n_warnings < ARRAY_LEN(m->warnings))
            m->warnings[m->n_warnings++] = w;
    }
}

struct report_model *report_model_new(struct arena *a,
                                      const struct reference *ref,
                                      const struct audit_request *req,
                                      const struct audit_result *result)
{
    const struct invoice *inv = result->invoice;
    struct report_model *m = ARENA_NEW(a, struct report_model);
    m->energy = inv->energy;
    m->professional = inv->is_professional;
    m->number = report_number(a, req->request_id);
    m->brand = conf_str(CONF_REPORT_BRAND);
    m->kept_days = req->store ? req->store->days : 0;
    m->today = (int32_t)(clock_now_ms() / DAY_MS);
    m->invoice_date = day(inv, F_invoice_date);
    m->start = day(inv, F_period_start);
    m->end = day(inv, F_period_end);
    m->total_ht = amount(inv, F_total_ht);
    m->total_tva = amount(inv, F_total_tva);
    m->total_ttc = amount(inv, F_total_ttc);
    m->due = amount(inv, F_amount_due);
    m->cheque = amount(inv, F_cheque_energie);
    m->deposits = amount(inv, F_deposits);
    m->balance = amount(inv, F_previous_balance);
    add_private(a, req, inv, m);
    report_lines_fill(a, inv, m);
    m->power_exceeded = highlights_power(inv);
    add_facts(m, inv);
    add_market(result, m);
    add_findings(a, ref, result, m);
    m->checks_run = result->checks_run;
    m->checks_total = result->checks_total;
    add_reliability(ref, inv, req->confidence_min, m);
    add_warnings(result, m);
    return m;
}

const char *report_model_energy(enum energy e)
{
    static const char *const names[ENERGY_MAX] = {"énergie", "électricité",
                                                  "gaz", "électricité et gaz"};
    return e < ENERGY_MAX ? names[e] : names[0];
}

const char *report_model_label(struct arena *a, const struct report_model *m,
                               const struct model_line *l)
{
    const char *name = wording_component(l->component);
    const char *energy = m->energy == ENERGY_DUAL && l->energy != ENERGY_NONE
                             ? report_model_energy(l->energy)
                             : NULL;
    return arena_printf(a, "%s%s%s%s%s%s", name, l->registr ? ", " : "",
                        l->registr ? l->registr : "", energy ? " (" : "",
                        energy ? energy : "", energy ? ")" : "");
}
