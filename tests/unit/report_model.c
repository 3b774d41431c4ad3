/* What the reports print about the samples: parts, facts, lines, cards. */
#include "invoice/report_model.h"

#include "sample_result.h"
#include "tap.h"

static struct arena *a;
static struct reference *ref;

static struct report_model *model(const char *id, bool all)
{
    struct audit_request req = {.request_id = "0123", .confidence_min = 500};
    return report_model_new(a, ref, &req, sample_result(a, ref, id, all));
}

static const struct model_fact *fact(const struct report_model *m,
                                     enum model_fact_id id, enum energy e)
{
    for (size_t i = 0; i < m->n_facts; i++)
        if (m->facts[i].id == id &&
            (e == ENERGY_NONE || m->facts[i].energy == e))
            return &m->facts[i];
    return NULL;
}

static void single(void)
{
    struct report_model *m = model("S2", false);
    tap_is_str(m->text.supplier, "Lumibis", "supplier");
    tap_is_str(m->text.point, "99222333444555", "point");
    tap_is_int(m->total_ttc, 26414, "total");
    tap_is_int(m->cheque, MODEL_NO_AMOUNT, "no energy cheque");
    tap_is_int(m->parts[PART_ENERGY], 17948, "energy and subscription");
    tap_is_int(m->parts[PART_TAXES], 3507, "taxes");
    tap_is_int(m->parts[PART_SERVICES], 998, "services");
    tap_is_int(m->parts[PART_VAT], 3961, "VAT");
    tap_is_int(m->parts[PART_UNKNOWN], 0, "nothing is missing");
    tap_is_int(fact(m, FACT_KWH, ENERGY_ELEC)->num, 900000, "kWh");
    tap_is_int(fact(m, FACT_KWH_DAY, ENERGY_ELEC)->num, 14516, "kWh a day");
    tap_is_int(fact(m, FACT_ALL_IN, ENERGY_ELEC)->num, 293488,
               "micro-euros a kWh, all in");
    tap_is_str(fact(m, FACT_READING, ENERGY_NONE)->word, "Estimé", "reading");
    tap_is_str(report_model_label(a, m, &m->lines[3]),
               "Consommation, heures creuses", "our own label of a line");
}

static void dual(void)
{
    struct report_model *m = model("S5", false);
    tap_is_str(m->text.point, "99333444555666 et 99777666555444",
               "both points");
    tap_is_int(fact(m, FACT_KWH, ENERGY_GAS)->num, 2961000, "gas kWh");
    tap_is_int(fact(m, FACT_ALL_IN, ENERGY_ELEC)->num, 275245,
               "electricity, all in");
    tap_is_int(m->cheque, 4800, "energy cheque");
    tap_is_int(m->n_market, 2, "two energies");
    tap_is_str(report_model_label(a, m, &m->lines[4]), "Abonnement (gaz)",
               "the energy stands in the label");
}

static void findings(void)
{
    struct report_model *m = model("S2", true);
    tap_is_str(m->findings[0].id, "CHK-01", "the gravest first");
    tap_is_str(m->findings[0].source, "arithmétique", "source in French");
    tap_ok(strstr(m->findings[0].wording, "ne correspond pas") &&
               !strstr(m->findings[0].wording, "264"),
           "the wording has no value: %s", m->findings[0].wording);
    tap_ok(strlen(m->number) == 8 && strcspn(m->number, "0123456789") == 8,
           "a report number without digits: %s", m->number);
    tap_is_str(model("S1", false)->number, m->number,
               "the same for the same request");
}

static void reliability(void)
{
    struct audit_request req = {.confidence_min = 500};
    struct audit_result *r = sample_result(a, ref, "S1", false);
    r->invoice->f[F_kva].ev.conf = 499;
    r->invoice->f[F_segment].ev.conf = 500;
    r->invoice->ocr_pages = 1;
    r->warnings[r->n_warnings++] = "energy_type_mismatch";
    r->warnings[r->n_warnings++] = "of another day";
    struct report_model *m = report_model_new(a, ref, &req, r);
    tap_is_int(m->fields_doubtful, 1, "one field below the asked confidence");
    tap_is_str(m->doubtful[0], "puissance souscrite", "by its French name");
    tap_is_int(m->ocr_pages, 1, "pages read by OCR");
    tap_is_int(m->n_warnings, 1, "warnings we have words for");
    tap_is_str(m->warnings[0], "énergie différente de celle annoncée",
               "in French");
}

static void nothing(void)
{
    struct audit_request req = {0};
    struct audit_result r = {.invoice = ARENA_NEW(a, struct invoice)};
    struct report_model *m = report_model_new(a, NULL, &req, &r);
    tap_is_int(m->start, MODEL_NO_DAY, "no period");
    tap_is_int(m->total_ttc, MODEL_NO_AMOUNT, "no total");
    tap_is_int(m->n_facts, 0, "no facts");
    tap_ok(m->overall.unavailable && m->overall.why, "no position, and why");
    tap_ok(m->text.supplier == NULL, "no supplier");
}

int main(void)
{
    ref = sample_reference();
    a = arena_new(65536);
    single();
    dual();
    findings();
    reliability();
    nothing();
    arena_free(a);
    reference_free(ref);
    return tap_done();
}
