#include "billing/statement_csv.h"
#include "base/str.h"
#include "tap.h"

int main(void)
{
    struct arena *a = arena_new(65536);
    const struct statement_line lines[] = {{.at = "2026-11-03 10:07:26",
                                            .kind = "use",
                                            .meter = "search",
                                            .request_id = "r-1",
                                            .note = "say \"=1\"; no",
                                            .charge_id = 7,
                                            .units = 20,
                                            .micro_euros = -400000,
                                            .balance_micro_euros = 600000},
                                           {.at = "2026-11-04",
                                            .kind = "other",
                                            .meter = "",
                                            .request_id = "@x",
                                            .note = "-1"}};
    const struct statement s = {.month = "2026-11",
                                .opening = 1000000,
                                .closing = 600000,
                                .units = 20,
                                .lines = lines,
                                .n = 2};
    struct bytes csv = statement_csv(a, &s, false);
    const char *text = arena_strndup(a, (const char *)csv.p, csv.n);
    tap_ok(str_starts(text, "\xEF\xBB\xBF"
                            "date;kind;what;"),
           "a mark and names of columns");
    tap_ok(strstr(text,
                  "\r\n\"2026-11-03 10:07:26\";\"use\";\"search\";20;-0.40;"
                  "0.00;0.60;7;\"r-1\";\"say \"\"=1\"\"; no\"\r\n"),
           "a line, its quotes doubled");
    tap_ok(strstr(text, ";\"'@x\";\"'-1\"\r\n"), "no text is a formula");
    tap_ok(str_ends(text, "\"2026-11\";\"Total\";;20;-0.40;0.00;0.60;;;\r\n"),
           "the sums");
    csv = statement_csv(a, &s, true);
    text = arena_strndup(a, (const char *)csv.p, csv.n);
    tap_ok(strstr(text, "\"consommation\";\"recherche\";20;-0,40;0,00;0,60;"),
           "in French");
    arena_free(a);
    return tap_done();
}
