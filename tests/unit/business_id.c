/* Runs tests/rules/business_id.tsv: the clean form, or "must ..." . */
#include "domain/business_id.h"
#include "base/str.h"
#include "invoice/sheet.h"
#include "tap.h"

static const char *run(struct arena *a, const char *what, const char *text)
{
    const char *clean = "not set";
    const char *problem =
        str_eq(what, "siret")     ? business_id_siret(a, text, &clean)
        : str_eq(what, "vat")     ? business_id_vat(a, text, &clean)
        : str_eq(what, "phone")   ? business_id_phone(a, text, &clean)
        : str_eq(what, "country") ? business_id_country(a, text, &clean)
                                  : "no such check";
    if (problem && str_eq(clean, "not set"))
        return str_starts(problem, "must ") ? "refused" : problem;
    return clean;
}

int main(void)
{
    struct arena *a = arena_new(4096);
    struct sheet s;
    const bool found = sheet_from_tsv(a, "tests/rules/business_id.tsv", &s);
    tap_ok(found, "table");
    for (size_t i = 0; found && i < s.n_rows; i++)
        tap_is_str(run(a, sheet_cell(&s, i, "what"), sheet_cell(&s, i, "text")),
                   sheet_cell(&s, i, "expected"), "%s %s: %s",
                   sheet_cell(&s, i, "what"), sheet_cell(&s, i, "text"),
                   sheet_cell(&s, i, "why"));
    arena_free(a);
    return tap_done();
}
