/* The search behind document_prove: text by poppler, decompressed streams
 * and info strings by zlib. Called only in a sandboxed child and in tests. */
#pragma once
#include "document/document.h"

/* True when a needle is found, or when the PDF could not be searched whole;
 * *found then names the needle's kind ("word", "digits", "unreadable"). */
bool leak_find(struct arena *a, struct bytes pdf, const char *neutral,
               const struct needle *needles, size_t n, const char **found);
