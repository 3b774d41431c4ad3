/* Makes a drawn PDF look as if it had been printed and scanned. */
#pragma once

/* Renders every page of the PDF at 200 dpi, turns it by 1.5 degrees, adds
 * light noise and writes BASE-1.jpg, BASE-2.jpg, … (quality 60) and BASE.pdf
 * of the same images. The same input gives the same bytes. */
void scan_write(const char *pdf_path, const char *base);
