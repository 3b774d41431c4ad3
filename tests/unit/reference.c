/* The seeds as they ship: rows found by day, missing values, bad files. */
#include "invoice/reference.h"
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include "base/clock.h"
#include "invoice/sheet.h"
#include "tap.h"

static int32_t day(const char *s)
{
    int32_t d = 0;
    if (!sheet_date(s, &d))
        printf("# bad date %s\n", s);
    return d;
}

static void prices(const struct reference *r)
{
    const struct trve_row *t = reference_trve(r, day("2026-02-15"), "BASE", 9);
    tap_ok(t && t->base == 192700 && t->month_ttc > 0, "TRVE February 2026");
    t = reference_trve(r, day("2026-02-15"), "BASE", 6);
    tap_ok(t && t->base == 194000, "6 kVA has its own price");
    t = reference_trve(r, day("2022-03-01"), "BASE", 6);
    tap_ok(t && t->month_ttc == -1 && t->base == 174000, "missing is -1");
    tap_ok(!reference_trve(r, day("2026-02-15"), "BASE", 7), "no 7 kVA");
    tap_ok(reference_trve(r, day("2027-01-31"), "BASE", 9) != NULL,
           "an open grid holds until the next change");
    tap_ok(!reference_trve(r, day("2027-02-01"), "BASE", 9),
           "and not beyond: nothing is extrapolated");
    tap_is_int(r->trve_until, day("2027-01-31"), "trve_until");
    tap_is_int(r->prvg_until, day("2026-03-31"), "prvg_until");
    const struct prvg_row *p = reference_prvg(r, day("2025-11-30"), true);
    tap_ok(p && p->kwh_ttc == 103450 && p->year_ttc == 330800000, "PRVG");
    p = reference_prvg(r, day("2025-07-10"), true);
    tap_ok(!p || p->kwh_ttc == -1, "July 2025 is missing");
    tap_ok(!reference_prvg(r, day("2030-01-01"), true), "no price of 2030");
}

static void taxes(const struct reference *r)
{
    const struct excise_row *e =
        reference_excise(r, day("2025-09-01"), false, 36);
    tap_ok(e && e->micro_per_mwh == 29980000, "household excise at 36 kVA");
    e = reference_excise(r, day("2025-07-31"), false, 37);
    tap_ok(e && e->micro_per_mwh == 26230000, "37 kVA is the next category");
    e = reference_excise(r, day("2025-07-31"), false, 251);
    tap_ok(e && e->micro_per_mwh == 22500000, "251 kVA the third");
    e = reference_excise(r, day("2025-12-31"), true, 0);
    tap_ok(e && e->micro_per_mwh == 15430000, "gas excise");
    const struct vat_row *v =
        reference_vat(r, day("2025-07-31"), "abonnement", 9);
    tap_ok(v && v->rate_bp == 550, "5.5 %% until 31 July 2025");
    v = reference_vat(r, day("2025-08-01"), "abonnement", 9);
    tap_ok(v && v->rate_bp == 2000, "20 %% from 1 August 2025");
    v = reference_vat(r, day("2025-07-31"), "abonnement", 60);
    tap_ok(v && v->rate_bp == 2000, "20 %% above 36 kVA");
}

static void names(const struct reference *r)
{
    const struct supplier *edf = &r->suppliers[0];
    tap_is_str(edf->id, "edf", "first supplier");
    tap_is_str(edf->names[1], "EDF SA", "legal name");
    tap_ok(edf->n_domains == 3 && edf->n_phones == 2 && edf->elec, "lists");
    size_t operators = 0, test = 0;
    for (size_t i = 0; i < r->n_suppliers; i++) {
        operators += r->suppliers[i].is_operator;
        test += strncmp(r->suppliers[i].id, "test_", 5) == 0;
    }
    tap_is_int(operators, 12, "network operators");
    tap_is_int(test, 5, "test suppliers were added");
    tap_ok(r->n_patterns >= 35, "patterns and phrases");
    tap_is_int(r->n_checks, 41, "check wordings");
    const struct check_text *c = reference_check(r, "CHK-11");
    tap_ok(c && strcmp(c->severity, "haute") == 0, "severity is data");
    tap_ok(!reference_check(r, "CHK-99"), "no such check");
}

static void matching(const struct reference *r)
{
    const struct pattern *p = reference_pattern(r, "pdl");
    const char *text = "x\nRÉFÉRENCE Acheminement : 99 123 456 789 012\n";
    pcre2_match_data *m = pcre2_match_data_create_from_pattern(p->code, NULL);
    const int n = pcre2_match(p->code, (PCRE2_SPTR)text, strlen(text), 0, 0, m,
                              NULL);
    tap_ok(n == 2, "accents and case are equal in patterns");
    pcre2_match_data_free(m);
    tap_ok(!reference_pattern(r, "nothing"), "no such pattern");
}

int main(void)
{
    struct reference *r = reference_from_tsv(
        "sql/seeds/energy", "tests/fixtures/suppliers_test.tsv");
    tap_ok(r != NULL, "the seeds load");
    if (!r)
        return tap_done();
    prices(r);
    taxes(r);
    names(r);
    matching(r);
    reference_free(r);
    tap_ok(!reference_from_tsv("sql/seeds/energy", "/nonexistent.tsv"),
           "a missing file is an error");
    reference_free(NULL);
    return tap_done();
}
