/* The answer's members, from the record: euros as decimals, shares as
 * fractions of 100, evidence where there is one. */
#include "invoice/audit.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "einvoice/einvoice.h"

/* digits / 10^scale as the double nearest to that decimal fraction. */
static json_t *decimal(int64_t digits, int scale)
{
    char text[48];
    snprintf(text, sizeof text, "%llde-%d", (long long)digits, scale);
    return json_real(strtod(text, NULL));
}

static void set_text(json_t *o, const char *key, const char *s)
{
    if (s && *s)
        json_object_set_new(o, key, json_string(s));
}

static json_t *finding_json(const struct finding *f)
{
    json_t *o = json_object();
    set_text(o, "id", f->id);
    set_text(o, "severity", severity_name(f->severity));
    set_text(o, "direction", direction_name(f->direction));
    set_text(o, "text", f->sentence);
    set_text(o, "anonymous_text", f->anonymous);
    if (f->has_amount)
        json_object_set_new(o, "amount", decimal(f->amount_cents, 2));
    set_text(o, "source", f->source);
    json_object_set_new(o, "to_verify", json_boolean(f->to_verify));
    set_text(o, "quote", f->ev.quote);
    return invoice_with_evidence(o, &f->ev);
}

static const char *verified_word(enum verified v)
{
    return v == VERIFIED_YES ? "yes" : v == VERIFIED_PARTIAL ? "partial" : "no";
}

static json_t *date(int32_t day)
{
    int y, m, d;
    clock_civil(day, &y, &m, &d);
    return json_sprintf("%04d-%02d-%02d", y, m, d);
}

static json_t *market_json(const struct market *m)
{
    json_t *o = json_object();
    set_text(o, "energy", energy_name(m->energy));
    json_object_set_new(o, "available", json_boolean(!m->unavailable));
    if (m->unavailable) {
        set_text(o, "reason", m->why);
        return o;
    }
    set_text(o, "reference_label", m->label);
    set_text(o, "verified", verified_word(m->verified));
    json_object_set_new(o, "days", json_integer(m->days));
    json_object_set_new(o, "covered_days", json_integer(m->covered_days));
    json_object_set_new(o, "cost", decimal(m->cost_cents, 2));
    json_object_set_new(o, "reference_cost", decimal(m->reference_cents, 2));
    json_object_set_new(o, "gap_percent", decimal(m->gap_pm, 1));
    json_object_set_new(o, "saving", decimal(m->saving_cents, 2));
    json_object_set_new(o, "saving_percent", json_integer(m->saving_pct));
    if (m->has_annual)
        json_object_set_new(o, "saving_annual", decimal(m->annual_cents, 2));
    if (m->offers_day)
        json_object_set_new(o, "offers_loaded", date(m->offers_day));
    if (m->option_cents > 0)
        json_object_set_new(o, "saving_option", decimal(m->option_cents, 2));
    if (m->power_cents > 0) {
        json_object_set_new(o, "saving_power", decimal(m->power_cents, 2));
        json_object_set_new(o, "lower_power", json_integer(m->lower_kva));
    }
    if (m->hc_share_pm >= 0)
        json_object_set_new(o, "off_peak_percent", decimal(m->hc_share_pm, 1));
    json_object_set_new(o, "confidence", decimal(m->conf, 3));
    return o;
}

static json_t *texts(const char *const *list, size_t n)
{
    json_t *o = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(o, json_string(list[i]));
    return o;
}

/* What was read of the electronic invoice inside the PDF. */
static json_t *profile_json(const struct invoice *inv)
{
    char text[EINVOICE_PROFILE];
    if (!inv->xml || inv->xml->malformed)
        return json_null();
    return json_string(einvoice_profile(inv->xml, text));
}

/* The language model that read along; null when none is set up. */
static json_t *second_json(const struct audit_second *s)
{
    if (!s->provider)
        return json_null();
    json_t *used = json_array();
    for (size_t i = 0; i < s->n_used; i++)
        json_array_append_new(used, json_string(field_infos[s->used[i]].name));
    return json_pack("{s:s,s:s,s:i,s:o}", "provider", s->provider, "model",
                     s->model, "calls", s->usage.calls, "used_fields", used);
}

static json_t *reader_json(const struct audit_result *r)
{
    const struct invoice *inv = r->invoice;
    const char *method = !inv->ocr_pages                  ? "text"
                         : inv->ocr_pages == inv->n_pages ? "ocr"
                                                          : "mixed";
    return json_pack("{s:s,s:i,s:i,s:o,s:o,s:o}", "method", method, "pages",
                     (int)inv->n_pages, "ocr_pages", (int)inv->ocr_pages,
                     "confidence", decimal(inv->conf, 3), "xml",
                     profile_json(inv), "llm", second_json(&r->second));
}

static json_t *markets_json(const struct audit_result *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->n_market; i++)
        json_array_append_new(list, market_json(&r->market[i]));
    json_t *o = json_pack("{s:o}", "energies", list);
    if (r->n_market)
        json_object_set_new(o, "overall", market_json(&r->overall));
    return o;
}

json_t *audit_to_json(const struct audit_result *r)
{
    json_t *findings = json_array();
    for (size_t i = 0; i < r->n_findings; i++)
        json_array_append_new(findings, finding_json(&r->findings[i]));
    json_t *o = json_object();
    json_object_set_new(o, "highlights", texts(r->highlights, r->n_highlights));
    json_object_set_new(o, "energy_type",
                        json_string(energy_name(r->invoice->energy)));
    json_object_set_new(o, "extraction", invoice_to_json(r->invoice));
    json_object_set_new(o, "findings", findings);
    json_object_set_new(o, "checks",
                        json_pack("{s:i,s:i}", "run", (int)r->checks_run,
                                  "total", (int)r->checks_total));
    json_object_set_new(o, "market", markets_json(r));
    json_object_set_new(o, "warnings", texts(r->warnings, r->n_warnings));
    json_t *unsure = texts(r->uncertain, r->n_uncertain);
    invoice_unsure_rows(unsure, r->invoice, r->confidence_min);
    json_object_set_new(o, "fields_uncertain", unsure);
    json_object_set_new(o, "reader", reader_json(r));
    return o;
}
