/* Which way up a scanned page is, and how crooked. */
#pragma once

struct Pix;
/* Turns *pix (8-bit grey) upright and straightens it; *rotation gets the
 * quarter turns clockwise applied, *skew the degrees corrected. */
void upright_turn(struct Pix **pix, int *rotation, float *skew);
