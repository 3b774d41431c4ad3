/* Charges of a request: counted in the metrics, refused in the words of the
 * caller's kind. */
#pragma once
#include "domain/charge.h"
#include "web/req.h"

/* Answers a charge that was refused: 402, 403 or 429 (with Retry-After) and
 * what is used up; any other error as it is. */
enum err billing_refuse(struct req *r, enum err e, const struct charge *c);
/* charge_reserve and charge_now for this request, whose id and key are filled
 * in. Not OK: to be answered by billing_refuse. */
MUST_CHECK enum err billing_reserve(struct req *r,
                                    const struct charge_request *q,
                                    struct charge *out);
MUST_CHECK enum err billing_charge(struct req *r,
                                   const struct charge_request *q,
                                   struct charge *out);
