/* The values printed in a row: numbers, quantities, prices, money, rates
 * and periods, each with its place. Lines, VAT rows and meters are found by
 * what they have and how they calculate. */
#pragma once
#include "invoice/french.h"
#include "invoice/layout.h"

enum mark_kind { MARK_NUMBER, MARK_QUANTITY, MARK_PRICE, MARK_MONEY,
                 MARK_RATE, MARK_PERIOD, MARK_DATE };

struct mark {
    enum mark_kind kind;
    uint32_t from, to; /* bytes of the row, with unit or sign */
    struct french_number n;
    enum unit unit;
    int64_t micro; /* PRICE: euros per unit, millionths */
    int decimals;  /* PRICE: decimals in euros per unit */
    int32_t start, end; /* PERIOD and DATE */
    uint32_t ink;       /* doubted digits of n, from the right */
    float x0, x1;
};

enum { MARKS_MAX = 24 };

/* Fills out (at most MARKS_MAX) from left to right; returns how many. */
size_t marks_scan(const struct row *row, struct mark *out);
/* Doubted digits of the mark's number times 10^scale, as in struct value. */
uint32_t marks_ink(const struct mark *m, int scale);
/* quantity x price against amount, all as in struct line: the difference is
 * no more than rounding explains. */
bool marks_product_ok(int64_t quantity_milli, int64_t price_micro,
                      int price_decimals, int64_t cents);
/* base x rate against VAT, to two cents. */
bool marks_vat_ok(int64_t base_cents, int32_t rate_bp, int64_t vat_cents);
/* A VAT rate that France has or had, hundredths of a percent. */
bool marks_legal_rate(int32_t rate_bp);
