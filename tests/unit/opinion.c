/* lib/invoice/opinion.c: values of an answer in the record's terms, verified
 * by their quotes or not. */
#include "invoice/opinion.h"
#include "base/auto.h"
#include "base/clock.h"
#include "base/str.h"
#include "paper.h"
#include "tap.h"

static struct arena *a;

static const char page[] = "Voltéa Énergie        SIREN 000 000 018\n"
                           "PDL 99 123 456 789 012     Facture du 13 mai 2025\n"
                           "Consommation Base    620 kWh   77,50 €\n"
                           "Total TTC    145,50 €\n";

/* {"GROUP":{"NAME":{value,quote,page}}} */
static struct opinion_value one(const char *group, const char *name,
                                json_t *value, const char *quote, int at,
                                enum field_id id)
{
    AUTO_JSON answer = json_pack("{s:{s:{s:o,s:s,s:i}}}", group, name, "value",
                                 value, "quote", quote, "page", at);
    const struct layout *l = layout_build(a, paper_read(a, page, false));
    return opinion_read(a, answer, l, NULL)->f[id];
}

static void fields(void)
{
    struct opinion_value v = one("totals", "total_ttc", json_real(145.5),
                                 "Total TTC 145,50 €", 1, F_total_ttc);
    tap_ok(v.given && v.verified && v.v.num == 14550, "money");
    tap_ok(v.v.ev.conf == 800 && v.v.ev.page == 1, "proved: 0.80, on page 1");
    v = one("totals", "total_ttc", json_integer(0), "Total TTC 145,50 €", 1,
            F_total_ttc);
    tap_ok(v.given && !v.verified && v.v.ev.conf == 250, "the quote says not");
    v = one("totals", "total_ttc", json_integer(0), "Total 0 €", 1,
            F_total_ttc);
    tap_ok(v.given && !v.verified, "the quote is printed nowhere");
    v = one("totals", "total_ttc", json_real(145.505), "Total TTC 145,50 €", 1,
            F_total_ttc);
    tap_ok(!v.given, "half a cent is no money");
    v = one("totals", "total_ttc", json_real(1e300), "Total", 1, F_total_ttc);
    tap_ok(!v.given, "nor is 1e300");
    v = one("totals", "total_ttc", json_null(), "Total", 1, F_total_ttc);
    tap_ok(!v.given, "null is nothing");
    v = one("dates", "invoice_date", json_string("2025-05-13"),
            "Facture du 13 mai 2025", 1, F_invoice_date);
    tap_ok(v.verified && v.v.num == clock_days(2025, 5, 13), "a date");
    v = one("dates", "invoice_date", json_string("13/05/2025"), "13 mai 2025",
            1, F_invoice_date);
    tap_ok(!v.given, "a date is YYYY-MM-DD");
    v = one("refs", "pdl", json_string("99 123 456 789 012"),
            "PDL 99 123 456 789 012", 1, F_pdl);
    tap_ok(v.verified && !v.impossible, "a point");
    tap_is_str(v.v.text ? v.v.text : "", "99123456789012", "without spaces");
    v = one("refs", "pdl", json_string("9912345678901"), "PDL", 1, F_pdl);
    tap_ok(v.given && v.impossible, "13 digits are no point");
    v = one("supplier", "siren", json_string("000000019"), "SIREN", 1,
            F_supplier_siren);
    tap_ok(v.given && v.impossible, "a SIREN that fails Luhn");
    v = one("supplier", "name", json_string("Voltéa Énergie"), "Voltéa Énergie",
            2, F_supplier_name);
    tap_ok(v.given && !v.verified, "another page");
}

static void codes(void)
{
    static const struct {
        const char *name, *value;
        enum field_id id;
        bool want;
    } rows[] = {{"fta", "BTSUPCU", F_fta, true},
                {"fta", "HTALU5", F_fta, true},
                {"fta", "Mme Camille", F_fta, false},
                {"fta", "BTrue", F_fta, false},
                {"gas_zone", "4", F_gas_zone, true},
                {"gas_zone", "7", F_gas_zone, false},
                {"gas_zone", "Lille", F_gas_zone, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        tap_ok(one("contract", rows[i].name, json_string(rows[i].value), "", 1,
                   rows[i].id)
                       .given == rows[i].want,
               "%s: %s", rows[i].name, rows[i].value);
    tap_ok(!one("contract", "kva", json_integer(-6), "", 1, F_kva).given,
           "no power below nothing");
}

static json_t *line(const char *label, double amount, const char *component)
{
    return json_pack("{s:s,s:s,s:f,s:s,s:i}", "component", component, "label",
                     label, "amount_ht", amount, "energy", "electricite",
                     "page", 1);
}

static void lines(void)
{
    AUTO_JSON answer = json_pack(
        "{s:[o,o,o]}", "lines", line("Consommation Base", 77.5, "consommation"),
        line("Consommation Base", 88, "consommation"),
        line("Acompte", 50, "acompte"));
    const struct layout *l = layout_build(a, paper_read(a, page, false));
    struct opinion *o = opinion_read(a, answer, l, NULL);
    tap_is_int((long long)o->n_lines, 2, "instalments are no lines");
    tap_ok(o->lines[0].verified && o->lines[0].amount_cents == 7750,
           "label and amount in one row");
    tap_ok(!o->lines[1].verified, "another amount is not proved");
    tap_ok(o->lines[0].line.energy == ENERGY_ELEC &&
               o->lines[0].component == COMP_CONSUMPTION,
           "energy and component");
}

int main(void)
{
    a = arena_new(65536);
    fields();
    codes();
    lines();
    arena_free(a);
    return tap_done();
}
