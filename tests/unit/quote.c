/* lib/invoice/quote.c: quotes are found where they are printed, never across
 * a cut number, and OCR's slips are forgiven but not in numbers. */
#include "invoice/quote.h"
#include "base/str.h"
#include "paper.h"
#include "tap.h"

static struct arena *a;

static const char page[] = "Facture n° V-117 du 13 mai 2025\n"
                           "Total TTC      145,50 €\n"
                           "Solde -12,00 €    Acompte 1 250,00 €\n"
                           "2 mois      620 kWh   12 345 678\n"
                           "Abonnement Électricité 6 kVA du 12/03/2025 au\n"
                           "11/05/2025   <b>\n"
                           "\f"
                           "Seconde page\n";

static void table(bool ocr)
{
    static const struct {
        const char *quote;
        int page;
        bool text, ocr; /* found in a text layer, on an OCR page */
    } rows[] = {{"Total TTC 145,50 €", 1, true, true},
                {"TotalTTC145,50€", 1, true, true},
                {"Total  TTC\t145,50", 1, true, true},
                {"Total TTC 145,50 €", 2, false, false},
                {"Seconde page", 2, true, true},
                {"45,50", 1, false, false},
                {"145,5", 1, false, false},
                {"145", 1, false, false},
                {"12,00", 1, false, false},
                {"-12,00", 1, true, true},
                {"250,00", 1, false, false},
                {"1 250,00", 1, true, true},
                {"620 kWh", 1, true, true},
                {"12 345", 1, false, false},
                {"345 678", 1, false, false},
                {"kVA du 12/03/2025 au 11/05/2025", 1, true, true},
                {"Tota1 TTC 145,50 €", 1, false, true},
                {"Tota1 TTO 145,50 €", 1, false, true},
                {"Tota1 TTO 145,50 £", 1, false, false},
                {"Total TTC 145,60 €", 1, false, false},
                {"Total TTC 14550 €", 1, false, false},
                {"Total TTC 1145,50 €", 1, false, false},
                {"Facture n V-117", 1, false, true},
                {"Total HT 0,00 €", 1, false, false},
                {"11/05/2025 ‹b>", 1, true, true},
                {"11/05/2025 <b>", 1, true, true},
                {"T", 1, false, false},
                {"", 1, false, false},
                {"   ", 1, false, false}};
    struct layout *l = layout_build(a, paper_read(a, page, ocr));
    struct quotes *q = quote_index(a, l);
    struct quote_place at;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tap_ok(quote_find(a, q, rows[i].page, rows[i].quote, &at) ==
                   (ocr ? rows[i].ocr : rows[i].text),
               "%s, page %d: «%s»", ocr ? "OCR" : "text", rows[i].page,
               rows[i].quote);
    tap_ok(!quote_find(a, q, 1, NULL, &at), "no quote");
    tap_ok(quote_find(a, q, 1, "TTC 145,50", &at), "a place");
    tap_is_str(
        arena_strndup(a, l->rows[at.row].text + at.from, at.to - at.from),
        "TTC\t145,50", "is where it is printed");
    tap_is_int(at.ocr_pm, ocr ? 950 : 1000, "with its words' confidence");
}

int main(void)
{
    a = arena_new(65536);
    table(false);
    table(true);
    arena_free(a);
    return tap_done();
}
