/* Invoices of any trade and country: number, dates and totals by labels in
 * several languages and by arithmetic. Used where no energy is billed.
 * Private to general*.c and reader.c. */
#pragma once
#include "invoice/reader.h"

/* What a label announces; the names are those of the rows
 * `general_ROLE_LANGUAGE` of patterns.tsv. */
enum role {
    ROLE_NUMBER,   /* number of the invoice */
    ROLE_TITLE,    /* "Invoice": its number may follow */
    ROLE_DATE,     /* date of issue */
    ROLE_ANY_DATE, /* "Date" */
    ROLE_DUE_DATE,
    ROLE_PERIOD, /* what the bill is for, of energy and water */
    ROLE_OTHER,  /* looks like one of the others and is none */
    ROLE_NET,
    ROLE_VAT,
    ROLE_GROSS,
    ROLE_TOTAL,    /* gross, unless better is printed */
    ROLE_SUBTOTAL, /* net, or a part of the gross total */
    ROLE_DUE,
    ROLE_PAID,
    ROLE_CARRIED, /* left over of earlier bills */
    ROLE_TENDER,  /* how a receipt was paid */
    ROLE_COLUMN,  /* heads a table of lines */
    ROLE_WITHOUT, /* amounts are said to be without VAT */
    ROLE_WITH,    /* … or with it */
    ROLE_MAX
};

/* How this paper writes numbers and dates. */
struct habit {
    char point;       /* ',' or '.' before decimals */
    bool month_first; /* 03/20/2023 */
};

/* An amount of money printed in a row. */
struct amount {
    int64_t cents;
    uint32_t row, from, to;
    float x0, x1;
    int16_t score[ROLE_MAX]; /* what labels say about it */
    bool is_rate;            /* followed by % */
    bool is_money;           /* two decimals or a currency */
};

enum { DUE_DAYS_MAX = 8 };

struct general {
    struct reader *r;
    struct habit habit;
    struct hit *hits;
    size_t n_hits;
    uint32_t *first_hit; /* per row, as in struct reader */
    struct amount *amounts;
    size_t n_amounts;
    uint32_t *first_amount; /* per row */
    bool has_period;
    int32_t start, end; /* days of the period */
    int32_t due_days[DUE_DAYS_MAX];
    size_t n_due_days;
};

/* Fills number, dates and totals of r->inv when the paper is an invoice of
 * some kind; what is not found keeps the value it had. */
void general_read(struct reader *r);

/* general_values.c: how the paper writes, and values at the start of s. */
struct habit general_habit(const struct layout *l);
/* Bytes of a date in any usual shape, 0 for none; day as in french_date. */
size_t general_date(const struct habit *h, const char *s, int32_t *day);
/* Bytes of a number; decimals as printed, cents rounded to two. */
size_t general_number(const struct habit *h, const char *s, int64_t *cents,
                      int *decimals);
/* All amounts of the paper, with their rows' first. */
void general_amounts(struct general *g);

/* general_energy.c: the period of a utility's bill and its kWh. */
void general_period(struct general *g);
void general_kwh(struct general *g);

/* general_totals.c: net, VAT, gross, due. False when nothing is a total. */
bool general_totals(struct general *g);
