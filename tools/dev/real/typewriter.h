/* Plain text as a PDF: one letter is one column of a typewriter's face, so
 * that what stood under each other still does. A form feed ends the page. */
#pragma once
#include "base/arena.h"

/* The PDF's bytes; empty when libharu or the face is not there. */
struct bytes typewriter_pdf(struct arena *a, const char *text);
