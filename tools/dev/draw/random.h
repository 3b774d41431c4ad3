/* An invoice nobody wrote: supplier, customer, period, energies, prices and
 * layout drawn from a seed, as the samples file would hold it. */
#pragma once
#include "invoice/reference.h"
#include "sample.h"

enum random_defect {
    RANDOM_NO_DEFECT,
    RANDOM_NET,
    RANDOM_VAT,
    RANDOM_GROSS,
    RANDOM_LINE,
    RANDOM_METER,
    RANDOM_DEFECT_MAX
};

/* The same seed makes the same sample. Periods reach across the changes of
 * VAT and excise; excise rates and suppliers are those of ref. A defect is
 * one number that the invoice prints wrong; only invoices of one energy have
 * any. Free the sample's file with json_decref. */
void random_sample(struct sample *s, struct arena *a,
                   const struct reference *ref, uint32_t seed,
                   enum random_defect defect);
/* Which of the layouts (from 1) a seed is drawn in. */
int random_layout(uint32_t seed);
