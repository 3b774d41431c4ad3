/* The seeds as they ship: rows found by day, missing values, bad files. */
#include "invoice/reference.h"
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stddef.h>
#include <stdlib.h>
#include "base/clock.h"
#include "invoice/sheet.h"
#include "store/db.h"
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

static void networks(const struct reference *r)
{
    const struct cta_row *c = reference_cta(r, day("2026-01-31"), CTA_ELEC);
    tap_ok(c && c->rate_bp == 2193, "CTA until January 2026");
    c = reference_cta(r, day("2026-02-01"), CTA_ELEC);
    tap_ok(c && c->rate_bp == 1500, "and from February");
    c = reference_cta(r, day("2026-06-30"), CTA_GAS_COEF);
    tap_ok(c && c->rate_bp == 8321 && c->verified == VERIFIED_PARTIAL,
           "coefficient for gas");
    tap_ok(!reference_cta(r, day("2026-07-01"), CTA_GAS_COEF),
           "a missing rate is none");
    const struct turpe_row *t =
        reference_turpe(r, day("2025-08-01"), "BTINFCU4");
    tap_ok(t && !t->over_36kva && reference_turpe_fixed(t, 9) == 129790000,
           "fixed part of 9 kVA: 16.80 + 22 + 9 x 10.11");
    t = reference_turpe(r, day("2025-08-01"), "BTSUPLU");
    tap_ok(t && t->over_36kva && t->kva_year[3] == 12370000 &&
               t->kwh[TURPE_HCB] == 1490000 && t->kwh[TURPE_BASE] == 0,
           "large sites have four seasons");
    tap_ok(!reference_turpe(r, day("2026-08-01"), "ALL"),
           "a row without a price is none");
    const struct atrd_row *g = reference_atrd(r, day("2026-06-30"), "T2");
    tap_ok(g && g->year == 186120000 && g->kwh_from == 4000 &&
               g->kwh_to == 300000,
           "class T2");
    tap_ok(!reference_atrd(r, day("2026-07-01"), "T2"), "not yet known");
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
    tap_is_int(r->n_checks, 51, "check wordings");
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

static bool same_list(const char **a, size_t n, const char **b, size_t m)
{
    bool good = n == m;
    for (size_t i = 0; good && i < n; i++)
        good = strcmp(a[i], b[i]) == 0;
    return good;
}

static bool same_supplier(const struct supplier *a, const struct supplier *b)
{
    return strcmp(a->id, b->id) == 0 && strcmp(a->name, b->name) == 0 &&
           strcmp(a->siren, b->siren) == 0 && a->elec == b->elec &&
           a->gas == b->gas && a->is_operator == b->is_operator &&
           a->is_brand == b->is_brand && a->is_local == b->is_local &&
           same_list(a->names, a->n_names, b->names, b->n_names) &&
           same_list(a->domains, a->n_domains, b->domains, b->n_domains) &&
           same_list(a->phones, a->n_phones, b->phones, b->n_phones) &&
           same_list(a->labels, a->n_labels, b->labels, b->n_labels);
}

static bool same_check(const struct check_text *a, const struct check_text *b)
{
    const char *const *x = (const char *const *)a,
                      *const *y = (const char *const *)b;
    bool good = a->verified == b->verified;
    for (size_t i = 0; i < offsetof(struct check_text, verified) / sizeof *x;
         i++)
        good = good && strcmp(x[i], y[i]) == 0;
    return good;
}

/* Rows of numbers must be equal to the byte. */
#define SAME_ROWS(member)                                                      \
    tap_ok(a->n_##member == b->n_##member &&                                   \
               memcmp(a->member, b->member,                                    \
                      a->n_##member * sizeof *a->member) == 0,                 \
           "the same from the database: " #member)

static void from_db(const struct reference *a, const char *url)
{
    struct db *db = db_open(url, "api");
    struct reference *b = reference_from_db(db);
    tap_ok(b != NULL, "the database loads");
    if (!b)
        return;
    SAME_ROWS(trve);
    SAME_ROWS(prvg);
    SAME_ROWS(excise);
    SAME_ROWS(vat);
    SAME_ROWS(cta);
    SAME_ROWS(turpe);
    SAME_ROWS(atrd);
    bool good = a->n_suppliers == b->n_suppliers &&
                a->n_patterns == b->n_patterns && a->n_checks == b->n_checks;
    for (size_t i = 0; good && i < a->n_suppliers; i++)
        good = same_supplier(&a->suppliers[i], &b->suppliers[i]);
    for (size_t i = 0; good && i < a->n_patterns; i++)
        good = strcmp(a->patterns[i].id, b->patterns[i].id) == 0 &&
               strcmp(a->patterns[i].regex, b->patterns[i].regex) == 0 &&
               strcmp(a->patterns[i].groups, b->patterns[i].groups) == 0;
    for (size_t i = 0; good && i < a->n_checks; i++)
        good = same_check(&a->checks[i], &b->checks[i]);
    tap_ok(good, "the same from the database: words");
    tap_ok(a->trve_until == b->trve_until && a->prvg_until == b->prvg_until,
           "the same from the database: until");
    tap_ok(b->version > 0 && a->version == 0, "only the database has versions");
    reference_free(b);
    db_close(db);
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
    networks(r);
    names(r);
    matching(r);
    if (getenv("COMPTOIR_TEST_DB"))
        from_db(r, getenv("COMPTOIR_TEST_DB"));
    struct db *away = db_open("host=/nonexistent", "api");
    tap_ok(!reference_from_db(away), "a database that is away gives none");
    db_close(away);
    reference_free(r);
    tap_ok(!reference_from_tsv("sql/seeds/energy", "/nonexistent.tsv"),
           "a missing file is an error");
    reference_free(NULL);
    return tap_done();
}
