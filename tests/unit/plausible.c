/* Absurd values become absent, everything else stays as it was. */
#include "invoice/plausible.h"
#include "sample_change.h"
#include "tap.h"

static bool same(const struct invoice *a, const struct invoice *b)
{
    return a->n_lines == b->n_lines && a->n_vat == b->n_vat &&
           a->n_meters == b->n_meters &&
           memcmp(a->f, b->f, sizeof a->f) == 0 &&
           memcmp(a->lines, b->lines, a->n_lines * sizeof *a->lines) == 0;
}

int main(void)
{
    static const char *const ids[] = {"S1", "S2", "S3", "S4", "S5", "S6"};
    struct arena *a = arena_new(65536);
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        struct invoice *inv = sample_invoice(a, ids[i], NULL);
        tap_ok(same(inv, plausible_copy(a, inv)), "%s is plausible", ids[i]);
    }
    struct invoice *inv = sample_invoice(a, "S1", NULL);
    inv->f[F_total_ht].num = INT64_MIN;
    inv->f[F_period_start].num = INT32_MAX;
    inv->lines[0].amount_cents = INT64_MAX;
    inv->lines[0].quantity_milli = INT64_MIN;
    inv->lines[0].price_micro = INT64_MAX;
    inv->lines[0].rate_bp = -1;
    inv->lines[0].end = inv->lines[0].start - 1;
    inv->vat[0].base_cents = INT64_MAX;
    inv->meters[0].start = -5;
    const struct invoice *p = plausible_copy(a, inv);
    const struct line *l = &p->lines[0];
    tap_ok(!p->f[F_total_ht].present && !p->f[F_period_start].present &&
               p->f[F_total_ttc].present,
           "fields");
    tap_ok(!l->has_amount && !l->has_quantity && !l->has_price &&
               !l->has_rate && !l->has_period,
           "line");
    tap_is_int(p->n_vat, 1, "VAT line");
    tap_is_int(p->n_meters, 0, "meter");
    tap_ok(inv->lines[0].has_amount && inv->f[F_total_ht].present,
           "the record itself is untouched");
    arena_free(a);
    return tap_done();
}
