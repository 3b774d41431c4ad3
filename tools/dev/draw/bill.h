/* The numbers of one energy on a random invoice. Units as in struct line. */
#pragma once
#include "dice.h"
#include "invoice/reference.h"
#include "sample.h"

enum { BILL_LINES = 20, BILL_METERS = 2 };

struct bill_line {
    const char *component, *registr, *unit;
    int32_t from, to;
    int64_t quantity_milli, micro, cents;
    int32_t rate_bp;
};

struct bill_meter {
    const char *registr;
    int64_t start, used;
    bool estimated;
};

struct bill {
    bool gas;
    int32_t from, to;              /* the period, both days included */
    int kva;                       /* electricity */
    bool off_peak;                 /* two registers */
    int64_t volume_m3, coef_centi; /* gas */
    int64_t kwh;
    struct bill_line lines[BILL_LINES];
    size_t n_lines;
    struct bill_meter meters[BILL_METERS];
    size_t n_meters;
};

/* Bills one energy from day to day. */
void bill_make(struct bill *b, struct dice *d, const struct reference *ref,
               bool gas, int32_t from, int32_t to);
/* Half away from zero. */
int64_t bill_round(int64_t numerator, int64_t denominator);
/* "2025-08-01" */
const char *bill_iso(struct arena *a, int32_t day);
