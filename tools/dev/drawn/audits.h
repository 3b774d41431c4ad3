/* Random invoices through the whole audit. */
#pragma once
#include "invoice/reference.h"

/* Audits the invoices of seeds first to last, drawn one by one in the folder;
 * prints what went wrong and a last line; false when anything did. */
bool audits_run(const struct reference *ref, const char *dir, uint32_t first,
                uint32_t last);
