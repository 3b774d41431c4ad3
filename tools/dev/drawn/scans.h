/* Random invoices as scans: drawn, scanned and read once, then kept as words
 * on disk, since OCR is slow to repeat. */
#pragma once
#include "document/document.h"
#include "invoice/reference.h"

/* The words of the scan of a seed, from the folder or read now (the document
 * parent must run); NULL when it cannot be read. */
struct document *scans_read(struct arena *a, const struct reference *ref,
                            const char *dir, uint32_t seed);
/* All bytes of a file; ends the program when there is none. */
struct bytes scans_load(struct arena *a, const char *path);
