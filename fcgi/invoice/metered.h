/* Invoices that count: of a tenant against its monthly quota, with an
 * Idempotency-Key once only. */
#pragma once
#include "web/req.h"

/* Runs work (a handler that is no transaction) between a reservation and its
 * commit: an answer below 400 is charged and kept in one transaction before it
 * is sent; any other gives the reservation back. Static keys are not metered;
 * without an Idempotency-Key they need no database. */
MUST_CHECK enum err metered_run(struct req *r, handler_fn work);
