/* Rules of tables and frames, taken out before reading. */
#pragma once

struct Pix;
/* Paints the thin long rules of *pix (8-bit grey, taken at dpi) white: beside
 * a cell's text a vertical rule reads as 1, | or l. Filled bands and large
 * letters stay. */
void erase_rules(struct Pix *pix, float dpi);
