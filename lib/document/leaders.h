/* Dotted leaders ("Total HT . . . . . 124,39") ruin OCR: Tesseract reads
 * words into them and garbles what stands at both ends. */
#pragma once
#include <leptonica/allheaders.h>

/* Whitens rows of six or more small dots at a regular distance on an
 * upright 8-bit page; anything else is left as it is. Returns how many dots
 * went. */
int leaders_erase(PIX *pix, float dpi);
