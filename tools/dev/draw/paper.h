/* A sheet of A4 to draw on with libharu, in millimetres from the top left.
 * For test documents only: a failure of libharu ends the program. */
#pragma once
#include <hpdf.h>
#include <stdbool.h>

enum { PAPER_WIDTH = 210, PAPER_HEIGHT = 297 };
enum paper_face { FACE_SANS, FACE_SERIF, FACE_ARIAL, FACE_NONE };

struct paper {
    HPDF_Doc pdf;
    HPDF_Page page;
    HPDF_Font font[2];     /* regular, bold */
    float stretch;         /* horizontal scale of the letters */
    const char *watermark; /* drawn under each page, may be NULL */
};

/* An empty document (FACE_NONE: for images only); free it with paper_close. The
 * same input gives the same bytes. */
void paper_open(struct paper *p, enum paper_face face, const char *watermark);
void paper_close(struct paper *p);
void paper_save(struct paper *p, const char *path);
void paper_page(struct paper *p);

/* How wide the text is, in mm, at a size in points. */
float paper_width(const struct paper *p, const char *text, float pt, bool bold);
/* Text with its baseline at y, from x or ending at x. */
void paper_text(struct paper *p, float x, float y, float pt, bool bold,
                const char *text);
void paper_right(struct paper *p, float x, float y, float pt, bool bold,
                 const char *text);
/* Text broken at spaces into lines no wider than width; returns the baseline
 * of the last line. */
float paper_wrap(struct paper *p, float x, float y, float width, float pt,
                 bool bold, const char *text);
void paper_rect(struct paper *p, float x, float y, float width, float height);
void paper_rule(struct paper *p, float x0, float x1, float y);
/* A JPEG file over the whole page. */
void paper_jpeg(struct paper *p, const char *path);
/* Distance between two baselines of a size in points, in mm. */
float paper_leading(float pt);
