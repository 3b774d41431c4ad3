/* The arithmetic of EN 16931: rules BR-CO-10 to BR-CO-17. Pure. */
#pragma once
#include "einvoice/einvoice.h"

enum rules_outcome {
    RULES_SKIPPED, /* a term it needs is absent, or is no number */
    RULES_KEPT,
    RULES_BROKEN
};

struct rules_result {
    int64_t stated_micro, expected_micro; /* when broken */
    enum einvoice_term term;              /* which term states it */
    uint16_t at;
};

/* Judges one rule by its id ("BR-CO-10"); SKIPPED for an unknown one, and
 * for orders, which are no invoices. */
enum rules_outcome rules_judge(const struct einvoice *e, const char *id,
                               struct rules_result *out);
/* The ids, in order, ended by NULL. */
extern const char *const rules_ids[];
