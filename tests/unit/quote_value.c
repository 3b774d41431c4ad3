/* lib/invoice/quote_value.c: a quote says the numbers, dates and names that
 * are in it, and no part of them. */
#include "invoice/quote.h"
#include "base/clock.h"
#include "base/str.h"
#include "tap.h"

int main(void)
{
    struct arena *a = arena_new(4096);
    const int64_t day = clock_days(2025, 5, 13), end = clock_days(2025, 5, 31);
    const struct {
        enum field_type type;
        const char *text;
        int64_t num;
        const char *quote;
        bool want;
    } rows[] = {
        {FIELD_CENTS, NULL, 14550, "Total TTC 145,50 €", true},
        {FIELD_CENTS, NULL, 125000, "Acompte 1 250,00 €", true},
        {FIELD_CENTS, NULL, 25000, "Acompte 1 250,00 €", false},
        {FIELD_CENTS, NULL, -1200, "Solde -12,00 €", true},
        {FIELD_CENTS, NULL, 1200, "Solde -12,00 €", false},
        {FIELD_CENTS, NULL, 0, "Total TTC 145,50 €", false},
        {FIELD_CENTS, NULL, 5000, "145,50", false},
        {FIELD_INT, NULL, 6, "Puissance 6 kVA", true},
        {FIELD_INT, NULL, 6, "Puissance 36 kVA", false},
        {FIELD_MILLI, NULL, 11223, "Coef. : 11,223", true},
        {FIELD_DATE, NULL, day, "du 13 mai 2025", true},
        {FIELD_DATE, NULL, day, "le 13/05/2025", true},
        {FIELD_DATE, NULL, day, "du 13/05 au 31/05/2025", true},
        {FIELD_DATE, NULL, end, "mai 2025", true},
        {FIELD_DATE, NULL, day, "le 03/05/2025", false},
        {FIELD_TEXT, "99123456789012", 0, "PDL : 99 123 456 789 012", true},
        {FIELD_TEXT, "Voltea Energie", 0, "VOLTÉA ÉNERGIE SAS", true},
        {FIELD_TEXT, "Voltea", 0, "Total TTC", false},
        {FIELD_TEXT, "-", 0, "a - b", false},
        {FIELD_TEXT, NULL, 0, "a", false},
        {FIELD_BOOL, NULL, 1, "1", false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tap_ok(quote_says(a, rows[i].type, rows[i].text, rows[i].num,
                          rows[i].quote) == rows[i].want,
               "«%s»: %s%lld", rows[i].quote, rows[i].text ? rows[i].text : "",
               (long long)rows[i].num);
    tap_is_str(quote_squeeze(a, "N° É-12 œ"), "ne12oe", "squeezed");
    arena_free(a);
    return tap_done();
}
