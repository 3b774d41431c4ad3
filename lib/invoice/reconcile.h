/* Two readers, one record: what the rules read and what the language model
 * says, weighed by the rules of docs/LLM.md. Pure. */
#pragma once
#include "invoice/opinion.h"
#include "invoice/reference.h"

/* What the model's words changed. */
struct reconciled {
    enum field_id used[F_MAX]; /* fields that now hold the model's value */
    size_t n_used;
    size_t agreed, disputed, lines_added;
};

/* Changes inv. ref tells who is a network operator and no supplier. */
void reconcile(struct arena *a, const struct reference *ref,
               struct invoice *inv, const struct opinion *op,
               struct reconciled *out);
/* reconcile_lines.c: the billed lines. */
void reconcile_lines(struct arena *a, struct invoice *inv,
                     const struct opinion *op, struct reconciled *out);
/* How sure two readers are who say the same, each per mille: at most 980. */
int16_t reconcile_agreed(int rules, int model);
