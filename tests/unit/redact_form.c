/* lib/invoice/redact_form.c: what is personal by its form; dates, amounts,
 * readings and VAT numbers are not. */
#include "invoice/redact_form.h"
#include "base/str.h"
#include "tap.h"

int main(void)
{
    static const struct {
        const char *text; /* '|' ends what is covered */
        const char *kind;
    } rows[] = {{"hélène.o'neil@mail.example| fin", "EMAIL"},
                {"camille @ mail.example|.", "EMAIL"},
                {"a_b%c+d@x-y.example|", "EMAIL"},
                {"06 12 34 56 78|", "TEL"},
                {"06/12/34/56/78| ", "TEL"},
                {"0033 6 12 34 56 78|", "TEL"},
                {"0033 (0)6 12 34 56 78|", "TEL"},
                {"+33 (0)6 12 34 56 78|", "TEL"},
                {"+32 475 12 34 56|", "TEL"},
                {"FR76 30001 00794 12345678901 85|", "IBAN"},
                {"fr76-3000-1007-9412-3456-7890-185|", "IBAN"},
                {"FR76 3000 1007 9412 3456 7890 185|", "IBAN"},
                {"FR76 **** **** **** **** **** 042|", "IBAN"},
                {"BE68 5390 0754 7034|", "IBAN"},
                {"99 123 456 789 012|", "POINT"},
                {"99123456789012|", "POINT"},
                {"GI123456|", "POINT"},
                {"Mme Jeanne D'ARC-PUCELLE| 10 rue", "CLIENT"},
                {"Madame Élise Noé|, votre", "CLIENT"},
                {"|Madame, Monsieur", ""},
                {"|M. le directeur", ""},
                {"|FR66000000018", ""},
                {"|FR66 000 000 018 TOTAL TTC A PAYER EN", ""},
                {"|01/02/2025 28/02/2025", ""},
                {"|0012345 0012567", ""},
                {"|12 345 12 567 222 kWh", ""},
                {"|145,50", ""},
                {"|991234567890123", ""},
                {"|@", ""},
                {"|+", ""},
                {"|M. ", ""},
                {"|", ""}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char text[128];
        const char *kind = "";
        size_t n = 0, end = 0;
        for (const char *s = rows[i].text; *s; s++)
            if (*s == '|')
                end = n;
            else
                text[n++] = *s;
        text[n] = 0;
        tap_is_int((int64_t)redact_form_at(text, &kind), (int64_t)end, "%s",
                   rows[i].text);
        tap_is_str(kind, rows[i].kind, "as %s", rows[i].kind);
    }
    return tap_done();
}
