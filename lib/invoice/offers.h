/* Real offers that the operator has loaded (offers.tsv): what the same
 * consumption would cost in the cheapest one. */
#pragma once
#include "invoice/basket.h"

/* In millionths of a euro times thousandths, with VAT. */
struct offers_cost {
    __int128 subscription, energy;
};

/* The cheapest offer that was valid on the last day of the basket, for its
 * energy and power (gas: its class); false when there is none. Any option
 * counts whose registers the bill tells. */
MUST_CHECK bool offers_cheapest(const struct reference *ref,
                                const struct basket *b,
                                struct offers_cost *best);
