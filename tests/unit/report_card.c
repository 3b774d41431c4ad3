/* The cards say what the highlights say. */
#include "invoice/report_model.h"

#include "base/buf.h"
#include "sample_result.h"
#include "tap.h"

static struct arena *a;
static struct reference *ref;

static struct model_card card(const char *id, int i, int32_t gap_pm)
{
    struct audit_request req = {.confidence_min = 500};
    struct audit_result *r = sample_result(a, ref, id, false);
    if (gap_pm)
        r->overall.gap_pm = gap_pm;
    return report_card(a, report_model_new(a, ref, &req, r), i);
}

int main(void)
{
    ref = sample_reference();
    a = arena_new(65536);
    tap_is_str(card("S1", 0, 0).value, "aucune identifiée", "no saving");
    tap_is_str(card("S2", 0, 0).value, "12\u00a0%", "a saving");
    tap_ok(strstr(card("S2", 0, 0).detail, "31,35"), "in euros");
    tap_is_str(card("S6", 0, 0).value, "à étudier", "power to study");
    tap_is_str(card("S1", 1, 0).value, "5\u00a0%", "below, to the nearest");
    tap_is_str(card("S1", 1, 0).detail, "sous la référence publique", "side");
    tap_is_int(card("S1", 1, 0).tone, TONE_NEUTRAL, "within five per cent");
    tap_is_str(card("S2", 1, 0).value, "14\u00a0%", "above");
    tap_is_int(card("S2", 1, 0).tone, TONE_BAD, "is not good");
    tap_is_str(card("S2", 1, 3).value, "au niveau", "about the same");
    tap_is_str(card("S2", 1, 612).value, "plus de 40\u00a0%", "capped");
    tap_is_str(card("S6", 1, 0).value, "non établi", "no reference");
    tap_is_str(card("S6", 1, 0).detail, "sans référence publique (C4)",
               "and why");
    tap_is_str(card("S1", 2, 0).value, "aucun point", "nothing to verify");
    tap_ok(strstr(card("S2", 2, 0).value, "\u00a0points"), "points");
    tap_is_str(card("S2", 2, 0).detail,
               "dont accise supérieure au tarif légal", "the gravest");
    tap_is_str(card("S5", 2, 0).detail, "dont offre échue",
               "another point is named before the position");
    const struct report_model offers = {
        .overall = {.saving_pct = 21, .saving_cents = 5416,
                    .offers_day = 20500}};
    tap_ok(strstr(report_card(a, &offers, 0).detail,
                  "offres chargées au 16/02/2026"),
           "a saving against offers says so");
    arena_free(a);
    reference_free(ref);
    return tap_done();
}
