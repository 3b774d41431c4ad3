#include "invoice/typo.h"

#include "tap.h"

int main(void)
{
    struct arena *a = arena_new(4096);
#define NB "\u00a0"
    tap_is_str(typo_spaces(a, "Prix : 12 345,60 € ; vu ?"),
               "Prix" NB ": 12" NB "345,60" NB "€" NB "; vu" NB "?",
               "no-break spaces before marks and inside numbers");
    tap_is_str(typo_spaces(a, "« Abonnement 9 kVA »"),
               "«" NB "Abonnement 9" NB "kVA" NB "»", "guillemets and units");
    tap_is_str(typo_spaces(a, "écart de 15%"), "écart de 15" NB "%",
               "a missing space before %%");
    tap_is_str(typo_spaces(a, "18 heures, 3 mots"), "18 heures, 3 mots",
               "ordinary spaces stay");
    tap_is_str(typo_spaces(a, ""), "", "nothing");
    tap_is_str(typo_percent(a, 142, true), "+14,2" NB "%", "a gap above");
    tap_is_str(typo_percent(a, -45, true), "-4,5" NB "%", "a gap below");
    tap_is_str(typo_percent(a, 120, false), "12" NB "%", "a whole share");
    tap_is_str(typo_percent(a, 0, true), "0" NB "%", "no gap has no sign");
    tap_is_str(typo_plural(0, "point", "points"), "point", "zero");
    tap_is_str(typo_plural(1, "point", "points"), "point", "one");
    tap_is_str(typo_plural(2, "point", "points"), "points", "two");
    arena_free(a);
    return tap_done();
}
