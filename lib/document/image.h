/* Pictures of pages: measured before they are decoded, then made grey. */
#pragma once
#include "document/document.h"

struct image_size {
    uint32_t frames; /* pages: more than one only for TIFF */
    uint64_t pixels; /* of all frames, after scaling while decoding */
};
/* Reads headers only. ERR_IMAGE_TOO_LARGE by size, ERR_TOO_MANY_PAGES by
 * frames, ERR_DOCUMENT_UNREADABLE for no picture of that kind. */
MUST_CHECK enum err image_measure(struct bytes data, enum file_kind kind,
                                  const struct document_limits *lim,
                                  struct image_size *out);
struct Pix;
/* Decodes a frame (from 0) to 8-bit grey, upright as its EXIF or TIFF
 * orientation says; *dpi is the resolution it should be read at, the real one
 * or a guess. The caller destroys *out. Errors as image_measure. */
MUST_CHECK enum err image_load(struct bytes data, enum file_kind kind,
                               uint32_t frame,
                               const struct document_limits *lim,
                               struct Pix **out, float *dpi);
/* EXIF orientation 1-8 of a JPEG; 1 when it says nothing. */
int image_exif_orientation(struct bytes jpeg);
