#include "invoice/audit.h"
#include "base/str.h"
#include "tap.h"

static struct audit_result make(struct arena *a)
{
    struct audit_result r = {.checks_run = 5, .checks_total = 9};
    r.invoice = ARENA_NEW(a, struct invoice);
    r.invoice->energy = ENERGY_ELEC;
    r.invoice->n_pages = 3;
    r.invoice->ocr_pages = 1;
    r.invoice->conf = 873;
    r.findings = ARENA_ARRAY(a, 1, struct finding);
    r.findings[0] = (struct finding){
        .id = "CHK-01", .severity = SEV_HIGH, .direction = DIR_LOSES,
        .has_amount = true, .amount_cents = 1234, .sentence = "Écart",
        .anonymous = "Écart", .ev = {.page = 2, .conf = 910, .box = {1, 2, 3, 4}, .quote = "TTC"}};
    r.uncertain[0] = "due_date";
    r.n_uncertain = 1;
    r.n_findings = 1;
    r.market[0] = (struct market){
        .energy = ENERGY_ELEC, .days = 61, .covered_days = 61,
        .cost_cents = 10005, .reference_cents = 10000, .gap_pm = -45,
        .hc_share_pm = -1, .conf = 900, .verified = VERIFIED_PARTIAL,
        .label = "Tarif réglementé"};
    r.overall = r.market[0];
    r.n_market = 1;
    r.highlights[0] = "a";
    r.highlights[1] = "b";
    r.highlights[2] = "c";
    r.n_highlights = 3;
    r.warnings[0] = "energy_type_mismatch";
    r.n_warnings = 1;
    return r;
}

static void whole(struct arena *a)
{
    struct audit_result r = make(a);
    json_t *o = audit_to_json(&r);
    char *s = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(15));
    static const char *const parts[] = {
        "\"highlights\":[\"a\",\"b\",\"c\"]", "\"energy_type\":\"electricite\"",
        "\"id\":\"CHK-01\"", "\"severity\":\"haute\"", "\"amount\":12.34",
        "\"page\":2", "\"box\":[1,2,3,4]",
        "\"quote\":\"TTC\"", "\"confidence\":0.91",
        "\"fields_uncertain\":[\"due_date\"]", "\"gap_percent\":-4.5", "\"cost\":100.05",
        "\"verified\":\"partial\"", "\"checks\":{\"run\":5,\"total\":9}",
        "\"warnings\":[\"energy_type_mismatch\"]", "\"method\":\"mixed\"",
        "\"ocr_pages\":1", "\"confidence\":0.873"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        tap_ok(strstr(s, parts[i]) != NULL, "%s", parts[i]);
    tap_ok(!strstr(s, "off_peak"), "what is absent is left out");
    free(s);
    json_decref(o);
}

static void without_reference(struct arena *a)
{
    struct audit_result r = make(a);
    r.market[0].unavailable = true;
    r.market[0].why = "C4";
    r.overall = r.market[0];
    json_t *o = audit_to_json(&r);
    json_t *overall = json_object_get(json_object_get(o, "market"),
                                      "overall");
    tap_ok(json_is_false(json_object_get(overall, "available")),
           "no reference is said");
    tap_is_str(json_string_value(json_object_get(overall, "reason")), "C4",
               "with its reason");
    tap_ok(!json_object_get(overall, "cost"), "and no figure is made up");
    json_decref(o);
}

int main(void)
{
    struct arena *a = arena_new(65536);
    whole(a);
    without_reference(a);
    arena_free(a);
    return tap_done();
}
