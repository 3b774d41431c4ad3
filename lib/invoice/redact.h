/* Personal data leaves the desk as marks like [CLIENT] or [PDL] and comes
 * back as what was printed. */
#pragma once
#include <jansson.h>
#include "invoice/layout.h"

struct redact;

/* What must not be sent: the customer's fields of the record however well
 * they were read, words of its name and addresses, and what the caller named
 * (may be NULL). E-mail addresses, telephone numbers and IBANs are known by
 * their form. */
RETURNS_NONNULL struct redact *redact_new(struct arena *a,
                                          const struct invoice *inv,
                                          const char *customer_name);
/* The text with marks; the same text always gets the same mark. */
RETURNS_NONNULL const char *redact_text(struct redact *r, const char *text);
/* The text with what the marks stand for. */
RETURNS_NONNULL const char *redact_restore(const struct redact *r,
                                           const char *text);
