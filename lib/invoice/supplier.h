/* Who issued the invoice, and every name of the supplier table found on it.
 */
#pragma once
#include "invoice/reader.h"

/* Marks (in found, one flag a table row) the suppliers that the document
 * names anywhere: by name, domain or SIREN. */
void supplier_mark(const struct reader *r, bool *found);
/* True for nine digits whose last one is the Luhn check digit. */
bool supplier_siren_ok(const char *nine_digits);
/* True when the two-digit key of a French VAT number fits its SIREN. */
bool supplier_vat_key_ok(const char *key, const char *nine_digits);
/* The first host name or mailbox in s ("www.edf.fr", "a@b.fr"): its length,
 * *host where it begins; 0 for none. */
size_t supplier_host(const char *s, const char **host);
