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

/* supplier_number.c: F_supplier_siren and F_supplier_vat_id, and what is wrong
 * about those printed. */
void supplier_find_siren(struct reader *r);
void supplier_find_vat_id(struct reader *r);
/* Records a fact about the issuer, the first time only. */
void supplier_note(struct reader *r, enum mention_id id,
                   const struct candidate *at);
/* True when the row has the (folded) word. */
bool supplier_row_has(const struct row *row, const char *token);
/* Rows that speak of the customer; "service client" is the supplier's. */
bool supplier_about_customer(const struct row *row);
/* The supplier of a SIREN, NULL when the table has none. */
const struct supplier *supplier_by_siren(const struct reference *ref,
                                         const char *siren);
