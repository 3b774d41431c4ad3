/* A question goes into a job and comes back the same; files are looked at;
 * answers have their members in the promised order. */
#include "invoice/analysis.h"
#include <stdlib.h>
#include "base/str.h"
#include "tap.h"

static struct arena *a;

static struct upload file(const char *name, const char *type, const char *data)
{
    return (struct upload){.name = name,
                           .declared_type = type,
                           .data = {(const uint8_t *)data, strlen(data)}};
}

static void files(void)
{
    struct analysis q = {.is_pdf = true};
    tap_is_int(analysis_add(&q, file("a.pdf", "application/pdf", "%PDF-1.7\n")),
               OK, "a PDF");
    tap_is_int(q.files[0].kind, FILE_PDF, "its kind");
    tap_is_int(analysis_add(&q, file("a.png", NULL, "\x89PNG\r\n\x1a\n")),
               ERR_FILE_TYPE, "a picture where a PDF is asked");
    tap_is_int(analysis_add(&q, file("a.pdf", NULL, "")), ERR_FILE_EMPTY,
               "no bytes");
    tap_is_int((long)q.n_files, 1, "refused files are not added");
    for (int i = 1; i < ANALYSIS_FILES; i++)
        tap_ok(!analysis_add(&q, file("b.pdf", NULL, "%PDF-1.7\n")),
               "one more");
    tap_is_int(analysis_add(&q, file("b.pdf", NULL, "%PDF-1.7\n")),
               ERR_TOO_MANY_FILES, "one too many");
}

static void there_and_back(void)
{
    const struct analysis q = {.is_pdf = false,
                               .ask = {.expected = ENERGY_GAS,
                                       .confidence_min = 750,
                                       .strict = true,
                                       .customer_name = "Élodie \"Test\""},
                               .has_invoice_id = true,
                               .invoice_id = INT64_C(9007199254740991)};
    struct analysis got;
    json_t *o = analysis_to_json(&q), *bad = json_pack("{s:s}", "type", "gaz");
    tap_ok(analysis_from_json(a, o, &got), "read back");
    json_decref(o);
    tap_ok(!got.is_pdf && got.ask.strict && got.ask.expected == ENERGY_GAS,
           "what was asked");
    tap_is_int(got.ask.confidence_min, 750, "the confidence");
    tap_is_str(got.ask.customer_name, "Élodie \"Test\"", "the customer");
    tap_ok(!got.has_user_id && got.has_invoice_id && !got.external_ref,
           "what was given, and what was not");
    tap_is_int(got.invoice_id, INT64_C(9007199254740991), "to the last digit");
    tap_is_str(analysis_type(&got), "gaz", "the type as asked");
    got.ask.expected = analysis_energy("auto");
    tap_is_str(analysis_type(&got), "auto", "no expectation");
    tap_ok(!analysis_from_json(a, bad, &got), "not one of ours");
    json_decref(bad);
}

static void answers(void)
{
    struct invoice inv = {.conf = 250};
    const struct audit_result res = {.invoice = &inv, .detected = ENERGY_GAS};
    const struct analysis q = {
        .ask = {.expected = ENERGY_ELEC, .confidence_min = 500}};
    const struct bytes pdf = {(const uint8_t *)"abc", 3};
    json_t *o =
        analysis_with_reports(a, json_pack("{s:i}", "rest", 1), pdf, pdf);
    char *s = json_dumps(o, JSON_COMPACT);
    tap_ok(str_starts(s, "{\"non_anonymous_report_base64\":\"YWJj\",\"non_"
                         "anonymous_size\":3,\"non_anonymous_sha256\":\"ba78"),
           "reports first");
    tap_ok(str_ends(s, "\"rest\":1}"), "the rest behind them");
    free(s);
    json_decref(o);
    o = analysis_refusal(ERR_CONFIDENCE_TOO_LOW, &q, &res);
    tap_ok(json_real_value(json_object_get(o, "confidence")) == 0.25,
           "how sure it was");
    json_decref(o);
    o = analysis_refusal(ERR_ENERGY_TYPE_MISMATCH, &q, &res);
    tap_is_str(json_string_value(json_object_get(o, "expected")), "electricite",
               "what was expected");
    tap_is_str(json_string_value(json_object_get(o, "detected")), "gaz",
               "what it is");
    json_decref(o);
    tap_ok(!analysis_refusal(ERR_OVERLOADED, &q, &res), "nothing to explain");
}

int main(void)
{
    a = arena_new(1 << 16);
    files();
    there_and_back();
    answers();
    arena_free(a);
    return tap_done();
}
