/* What must add up on an invoice (energy README 1.8): sums, products, VAT and
 * gas, as rows over the record's own numbers. Private to repair*.c. */
#pragma once
#include "invoice/invoice.h"

/* A printed number of the record. */
struct repair_slot {
    int64_t *num;
    const uint32_t *ink; /* doubted digits */
    struct evidence *ev;
};

enum repair_kind {
    REPAIR_SUM,     /* the terms, each times its factor, are zero */
    REPAIR_PRODUCT, /* quantity, price, amount; extra: decimals of the price */
    REPAIR_RATE,    /* base, VAT; extra: the rate */
    REPAIR_GAS      /* volume, coefficient, then quantities in kWh */
};

/* One term: a slot and what it is multiplied by. */
struct repair_term {
    uint16_t slot;
    int32_t factor;
};

struct repair_identity {
    enum repair_kind kind;
    uint32_t first, n; /* terms; the last one is the result */
    int32_t extra;
};

struct repair_set {
    struct repair_slot *slots;
    size_t n_slots;
    struct repair_term *terms;
    size_t n_terms;
    struct repair_identity *list;
    size_t n;
};

/* How well an identity holds: not, but for what rounding explains, exactly. */
enum repair_fit { REPAIR_BROKEN, REPAIR_NEAR, REPAIR_EXACT };

/* The identities that the record's numbers take part in. */
void repair_identity_build(struct arena *a, struct invoice *inv,
                           struct repair_set *set);
enum repair_fit repair_identity_fit(const struct repair_set *set,
                                    const struct repair_identity *id);
bool repair_identity_has(const struct repair_set *set,
                         const struct repair_identity *id, size_t slot);
