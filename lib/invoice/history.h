/* What is remembered of an invoice, so that the next one of the same point
 * can be compared: figures only. Amounts are cents with VAT, prices
 * millionths of a euro before VAT per kWh, days since 1970-01-01. */
#pragma once
#include "invoice/invoice.h"

enum { HISTORY_SIDES = 2, HISTORY_PRICES = 8, HISTORY_ROWS = 120 };

/* The energy's price of a register. */
struct history_price {
    const char *registr; /* BASE when none is printed */
    int64_t micro;       /* per kWh; -1 when the invoice has several */
    int64_t kwh_milli;   /* of this invoice; 0 in what is remembered */
    int32_t rate_bp;
    struct evidence ev;
};

/* One energy of one invoice. */
struct history_fact {
    enum energy energy;
    const char *point;  /* as printed; NULL in what is remembered */
    const char *number; /* as printed, its keyed hash in what is remembered;
                           "" when unknown */
    enum paper paper;
    bool replaces;  /* it takes the place of another invoice */
    int32_t issued; /* 0 when unknown */
    int32_t start, end;
    int64_t kwh; /* -1 when unknown */
    bool has_amount;
    int64_t amount_cents;
    const char *offer_type; /* "" when unknown */
    int32_t offer_end;      /* 0 when unknown */
    struct history_price prices[HISTORY_PRICES];
    size_t n_prices;
};

/* An energy of the present invoice and what is remembered of its point. */
struct history {
    struct history_fact now;
    const char *number_hash;   /* of now; "" when unknown */
    struct history_fact *rows; /* newest period first */
    size_t n_rows;
};

/* Fills up to HISTORY_SIDES sides from the values that are sure enough (rows
 * stay empty); how many: 0 for a paper that cannot be compared. Pure. */
size_t history_facts(struct arena *a, const struct invoice *inv,
                     int16_t conf_min, struct history *out);
/* kWh billed of one energy, -1 when not sure enough. */
int64_t history_kwh(const struct invoice *inv, enum energy energy,
                    int16_t conf_min);
