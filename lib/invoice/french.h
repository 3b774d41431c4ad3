/* French numbers, dates and units as printed on invoices. Every reader takes
 * normalised text (french_normalise) and looks only at its beginning. */
#pragma once
#include "invoice/invoice.h"

/* Text in composed form with plain spaces, quotes and minus signs; soft
 * hyphens and zero-width characters removed. Owned by a. */
RETURNS_NONNULL const char *french_normalise(struct arena *a, const char *s);
/* The one or two ASCII letters a Latin letter folds to, in lower case ("e"
 * for É, "oe" for œ, "3" for ³), or "" for anything else than a letter or
 * digit. Static text. */
const char *french_fold(uint32_t cp);
/* Folds the letters s begins with into out, at most size - 1 of them; returns
 * how many bytes of s they take. */
size_t french_word(const char *s, char *out, size_t size);

struct french_number {
    int64_t digits; /* the value times 10^decimals, signed */
    int decimals;   /* digits printed after the comma, 0-6 */
    bool grouped;   /* thousands were separated */
    size_t len;     /* bytes of text it covers */
};
/* "1 234,56", "1.234,56", "-48,00", "0.0385"; false when s does not begin
 * with a number, or begins with a date. */
MUST_CHECK bool french_number(const char *s, struct french_number *out);
/* Bytes of the digits and groups at s: what to pass over when a number is
 * too long to be one, since its end is another number. */
size_t french_digits(const char *s);
/* The number times 10^scale, rounded half away from zero. */
int64_t french_scaled(const struct french_number *n, int scale);

/* "12/03/2025", "12.03.25", "2025-03-12", "1er mars 2025", "3 janv. 2026".
 * Bytes covered, or 0; *day is days since 1970. */
size_t french_date(const char *s, int32_t *day);
/* "novembre 2025", "11/2025": first and last day of the month. */
size_t french_month(const char *s, int32_t *first, int32_t *last);
/* "du X au Y", "X au Y", "X - Y", where X may lack its year or month. */
size_t french_period(const char *s, int32_t *start, int32_t *end);

/* kWh, MWh, m³, mois, jours, h, kVA, unité and what OCR makes of them. */
size_t french_unit(const char *s, enum unit *unit);
/* A currency sign: hundredths when it is a cent ("c€", "cts"), else 1 euro;
 * *per_euro is 100 or 1. */
size_t french_currency(const char *s, int *per_euro);

struct french_price {
    int64_t micro; /* euros per unit, millionths */
    int decimals;  /* decimals of the price in euros per unit */
    enum unit unit;
    size_t len;
};
/* "0,1250 €/kWh", "12,50 c€ / kWh", "74,50 €/MWh". */
MUST_CHECK bool french_price(const char *s, struct french_price *out);
