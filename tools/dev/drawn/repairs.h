/* Misread digits of scans, and true mistakes of text layers. */
#pragma once
#include "invoice/reference.h"

/* Judges the scans of seeds first to last, kept as words in the folder; prints
 * what went wrong and a last line; false when a bar is missed. */
bool repairs_run(const struct reference *ref, const char *dir, uint32_t first,
                 uint32_t last);
