/* Bills from abroad, whose taxes and tariffs are not the French ones: told by
 * their words, currency, VAT numbers and language. */
#include "base/str.h"
#include "invoice/french.h"
#include "invoice/reader.h"
#include <string.h>

/* ---- currency ----------------------------------------------------------- */

static const struct sign {
    const char *text, *currency;
    bool word; /* a token, else bytes anywhere */
} signs[] = {
    {"€", "EUR", false},       {"eur", "EUR", true}, {"euros", "EUR", true},
    {"euro", "EUR", true},     {"chf", "CHF", true}, {"francs", "CHF", true},
    {"$", "USD", false},       {"usd", "USD", true}, {"£", "GBP", false},
    {"gbp", "GBP", true},      {"tnd", "TND", true}, {"dinars", "TND", true},
    {"millimes", "TND", true}, {"dinar", "TND", true},
    {"cad", "CAD", true},
};

enum { SIGNS = ARRAY_LEN(signs) };

/* Countries by name, for papers that print no sign of their currency. */
static const struct country {
    const char *name, *currency;
} countries[] = {
    {"tunisie", "TND"}, {"tunisienne", "TND"}, {"suisse", "CHF"},
};

static bool has_token(const struct row *row, const char *text, uint32_t *from,
                      uint32_t *to)
{
    for (uint32_t i = 0; i < row->n_tokens; i++)
        if (str_eq(row->tokens[i].text, text)) {
            *from = row->tokens[i].from;
            *to = row->tokens[i].to;
            return true;
        }
    return false;
}

static bool sign_in(const struct row *row, const struct sign *s, uint32_t *from,
                    uint32_t *to)
{
    if (s->word)
        return has_token(row, s->text, from, to);
    /* OCR reads the euro's sign as the pound's */
    const char *at = row->ocr && str_eq(s->currency, "GBP")
                         ? NULL
                         : strstr(row->text, s->text);
    if (!at)
        return false;
    *from = (uint32_t)(at - row->text);
    *to = *from + (uint32_t)strlen(s->text);
    return true;
}

static void by_country(struct reader *r)
{
    uint32_t from, to;
    for (uint32_t i = 0; i < r->l->n_rows; i++)
        for (size_t k = 0; k < ARRAY_LEN(countries); k++)
            if (r->l->rows[i].page == 1 &&
                has_token(&r->l->rows[i], countries[k].name, &from, &to)) {
                reader_derive(r, F_currency, countries[k].currency, 0, 600);
                return;
            }
}

/* The currency whose signs stand on most rows; a dollar is Canada's when its
 * name is printed, too. */
static void find_currency(struct reader *r)
{
    size_t rows[SIGNS] = {0}, best = SIGNS;
    struct candidate first[SIGNS];
    for (uint32_t i = 0; i < r->l->n_rows; i++)
        for (size_t k = 0; k < SIGNS; k++) {
            uint32_t from, to;
            if (!sign_in(&r->l->rows[i], &signs[k], &from, &to))
                continue;
            if (!rows[k]++)
                first[k] = (struct candidate){.row = i, .from = from, .to = to};
        }
    for (size_t k = 0; k < SIGNS; k++)
        if (rows[k] && (best == SIGNS || rows[k] > rows[best]))
            best = k;
    if (best == SIGNS) {
        by_country(r);
        return;
    }
    const bool canada = str_eq(signs[best].text, "$") && rows[SIGNS - 1];
    reader_set(r, F_currency, canada ? "CAD" : signs[best].currency, 0,
               &first[best], 900);
}

/* ---- language ----------------------------------------------------------- */

static const struct language {
    const char *words[16];
} languages[] = {
    {{"et", "par", "pour", "en", "sur", "une", "un", "dans", "vous", "nous",
      "facture", "est"}},
    {{"the", "of", "and", "your", "to", "for", "is", "this", "you", "please",
      "with", "are"}},
    {{"der", "die", "und", "ist", "mit", "bitte", "wir", "fur", "den", "von",
      "rechnung", "zu"}},
};

enum { LANGUAGES = ARRAY_LEN(languages), LANGUAGE_WORDS = 6 };

/* A language other than French: twice as many of its small words. */
static bool is_other_language(const struct reader *r)
{
    size_t said[LANGUAGES] = {0};
    for (uint32_t i = 0; i < r->l->n_rows; i++)
        for (uint32_t t = 0; t < r->l->rows[i].n_tokens; t++)
            for (size_t l = 0; l < LANGUAGES; l++)
                for (size_t w = 0; languages[l].words[w]; w++)
                    said[l] += str_eq(r->l->rows[i].tokens[t].text,
                                      languages[l].words[w]);
    for (size_t l = 1; l < LANGUAGES; l++)
        if (said[l] >= LANGUAGE_WORDS && said[l] > 2 * said[0])
            return true;
    return false;
}

/* ---- who bills ---------------------------------------------------------- */

/* "BE 0403.170.701", "LU12345678", "CHE-108.955.185 TVA": letters and that
 * many digits, with the usual marks between them. */
static bool number_after(const char *s, size_t digits)
{
    size_t n = 0;
    for (; *s && n <= digits; s++) {
        if (*s >= '0' && *s <= '9')
            n++;
        else if (!strchr(" .-", *s) || (*s == ' ' && n == digits))
            break;
    }
    return n == digits;
}

static bool any_number(const struct reader *r, const char *letters,
                       size_t digits)
{
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const char *text = r->l->rows[i].text;
        const char *at = strstr(text, letters);
        for (; at; at = strstr(at + 1, letters)) {
            const bool begins =
                at == text || !*french_fold((unsigned char)at[-1]);
            if (begins && number_after(at + strlen(letters), digits))
                return true;
        }
    }
    return false;
}

static bool is_registered_in_france(const struct reader *r)
{
    static const char *const words[] = {"rcs", "siren", "siret"};
    uint32_t from, to;
    for (uint32_t i = 0; i < r->l->n_rows; i++)
        for (size_t k = 0; k < ARRAY_LEN(words); k++)
            if (has_token(&r->l->rows[i], words[k], &from, &to))
                return true;
    return any_number(r, "FR", 11);
}

static bool is_registered_abroad(const struct reader *r)
{
    static const struct {
        const char *letters;
        size_t digits;
    } numbers[] = {{"BE", 10}, {"LU", 8}, {"CHE", 9}, {"DE", 9}, {"GB", 9}};
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        if (any_number(r, numbers[i].letters, numbers[i].digits))
            return true;
    return false;
}

void abroad_read(struct reader *r)
{
    struct invoice *inv = r->inv;
    find_currency(r);
    const char *currency = invoice_text(inv, F_currency);
    r->millimes = currency && str_eq(currency, "TND");
    inv->is_foreign = currency && !str_eq(currency, "EUR");
    for (uint32_t i = 0; i < r->l->n_rows && !inv->is_foreign; i++)
        inv->is_foreign = reader_says(r, i, SAYS_FOREIGN, NULL);
    r->other_language = is_other_language(r);
    if (!inv->is_foreign && !is_registered_in_france(r))
        inv->is_foreign = is_registered_abroad(r) || r->other_language;
}
