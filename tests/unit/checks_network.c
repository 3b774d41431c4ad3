/* The CTA that the rule expects is the one of the published table, day for
 * day and power for power; and what its findings say. */
#include "invoice/checks.h"
#include "sample_checks.h"
#include "tap.h"

static struct reference *ref;

/* cta_elec_computed.tsv was computed apart: the tariff times the rate must
 * give the same cents. */
static void published(struct arena *a)
{
    struct sheet s;
    size_t same = 0;
    if (!sheet_from_tsv(a, "sql/seeds/energy/cta_elec_computed.tsv", &s))
        s.n_rows = 0;
    for (size_t i = 0; i < s.n_rows; i++) {
        int32_t day;
        int64_t want, kva;
        const bool good =
            sheet_date(sheet_cell(&s, i, "valid_from"), &day) &&
            str_to_scaled(sheet_cell(&s, i, "cta_eur_an_ht"), 2, &want) &&
            str_to_i64(sheet_cell(&s, i, "kva"), &kva);
        const struct turpe_row *t =
            good ? reference_turpe(ref, day, sheet_cell(&s, i, "fta")) : NULL;
        const struct cta_row *c =
            good ? reference_cta(ref, day, CTA_ELEC) : NULL;
        if (!t || !c)
            continue;
        const int64_t micro = reference_turpe_fixed(t, (int32_t)kva),
                      cents = (micro * c->rate_bp + 50000000) / 100000000;
        same += llabs(cents - want) <= 1; /* half cents were rounded down */
        if (llabs(cents - want) > 1)
            printf("# row %zu: %lld, published %lld\n", i, (long long)cents,
                   (long long)want);
    }
    tap_ok(s.n_rows > 150 && same == s.n_rows,
           "%zu of %zu published amounts are found again", same, s.n_rows);
}

static const struct row {
    const char *sample, *changes, *check, *says;
} rows[] = {
    {"S1", "line1.amount=520; line1.price=2600000", "CHK-12",
     "CTA : 5,20 € facturés, fourchette attendue 3,65 – 4,46 €."},
    {"S1", "line1.amount=520; line1.price=2600000; fta=BTINFCUST", "CHK-12",
     "CTA : 5,20 € facturés, fourchette attendue 3,91 – 3,91 €."},
    {"S6", "line8.amount=4000; line8.price=40000000", "CHK-12",
     "CTA : 40,00 € facturés, fourchette attendue 28,47 – 28,47 €."},
    {"S3", "line1.amount=900; line1.price=4500000", "CHK-12G",
     "CTA gaz : 9,00 € facturés, attendu environ 7,67 € – à vérifier."},
    {"S3", "line1.amount=900; line1.price=4500000; gas_class=-", "CHK-12G",
     "CTA gaz : 9,00 € facturés, attendu environ 2,25 ou 7,67 € – à "
     "vérifier."},
    {"S3",
     "line1.amount=900; line1.price=4500000; line1.start=2022-01-01; "
     "line1.end=2022-02-28",
     "CHK-12G", ""},
};

static void words(struct arena *a)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct row *r = &rows[i];
        tap_is_str(sample_says(a, ref, r->sample, r->changes, r->check),
                   r->says, "%s of %s: %s", r->check, r->sample, r->changes);
    }
}

/* Without printed days, the CTA may be that of the next two months. */
static void ahead(struct arena *a)
{
    const char *near = "line1.period=-; line1.amount=298; line1.price=1490000; "
                       "line1.rate=2000; line0.period=-; line0.rate=2000; "
                       "period_start=2025-12-01; period_end=2026-01-31";
    tap_is_str(sample_says(a, ref, "S1", near, "CHK-12"), "",
               "a bill before the lower rate of 2026 may have it ahead");
    const char *far = "line1.period=-; line1.amount=298; line1.price=1490000; "
                      "line1.rate=2000; line0.period=-; line0.rate=2000; "
                      "period_start=2025-09-01; period_end=2025-10-31";
    tap_ok(*sample_says(a, ref, "S1", far, "CHK-12"),
           "one long before may not");
}

int main(void)
{
    struct arena *a = arena_new(65536);
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    published(a);
    words(a);
    ahead(a);
    arena_free(a);
    reference_free(ref);
    return tap_done();
}
