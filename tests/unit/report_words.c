/* Every field has a French name, every check of the reference has words. */
#include "invoice/report_words.h"

#include "sample_result.h"
#include "tap.h"

int main(void)
{
    struct reference *ref = sample_reference();
    size_t unnamed = 0, wordless = 0;
    for (int i = 0; i < F_MAX; i++)
        unnamed += str_eq(report_words_field((enum field_id)i), "autre champ");
    tap_is_int(unnamed, 0, "fields without a French name");
    for (size_t i = 0; i < ref->n_checks; i++)
        wordless +=
            !str_eq(report_words_check(ref->checks[i].id).id,
                    ref->checks[i].id);
    tap_is_int(wordless, 0, "checks without advice");
    tap_is_str(report_words_check("CHK-99").id, "", "an unknown check");
    tap_ok(report_words_check("CHK-99").advice != NULL, "has general advice");
    tap_ok(report_words_check("CHK-40").source == NULL, "no source is NULL");
    tap_is_str(report_words_find("option", "HPHC"), "Heures pleines / creuses",
               "a word");
    tap_ok(report_words_find("option", "Lumibis") == NULL, "not ours");
    tap_ok(report_words_find("option", NULL) == NULL, "none");
    tap_ok(report_words_find("nolist", "HPHC") == NULL, "no such list");
    reference_free(ref);
    return tap_done();
}
