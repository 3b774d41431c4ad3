/* The layouts an invoice can be drawn in. */
#pragma once
#include "sample.h"

enum { SHEETS_LAYOUTS = 4 };

/* Draws the invoice's pages in a layout (from 1) into a PDF; pages is a list
 * like "2,1", or NULL for all in order. Ends the program on failure. */
void sheets_draw(const struct sample *s, int layout, const char *pages,
                 const char *path);
