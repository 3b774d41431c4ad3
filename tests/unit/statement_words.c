#include "billing/statement_words.h"
#include "tap.h"

int main(void)
{
    struct arena *a = arena_new(4096);
    for (int k = 0; k < STATEMENT_WORDS_MAX; k++)
        for (int french = 0; french < 2; french++)
            tap_ok(*statement_words_text((enum statement_words_key)k, french),
                   "words of key %d", k);
    tap_is_str(statement_words_kind("use", true), "consommation", "a kind");
    tap_is_str(statement_words_kind("new", true), "new", "one without words");
    tap_is_str(statement_words_meter("search", false), "search", "a meter");
    tap_is_str(statement_words_mode("result", true), "au résultat", "a mode");
    tap_is_str(statement_words_month(a, "2026-11", true), "novembre 2026",
               "a month");
    tap_is_str(statement_words_month(a, "2026-08", false), "August 2026",
               "in English");
    tap_is_str(statement_words_month(a, "2026-13", false), "2026-13",
               "what is no month");
    tap_is_str(statement_words_moment(a, "2026-11-03", true), "03/11/2026",
               "a day");
    tap_is_str(statement_words_moment(a, "2026-11-03 10:07", true),
               "03/11/2026 10:07", "a moment");
    tap_is_str(statement_words_moment(a, "2026-11-03", false), "2026-11-03",
               "in English");
    arena_free(a);
    return tap_done();
}
