/* A PDF to draw on: a thin layer over libharu. Lengths are points, the origin
 * is the top left corner, y grows downwards and is a text's baseline. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"

struct canvas;

enum { CANVAS_WIDTH = 595, CANVAS_HEIGHT = 842 }; /* A4 */

enum canvas_font { CANVAS_SANS, CANVAS_BOLD, CANVAS_FONT_MAX };

/* How text looks: rgb is 0xRRGGBB. */
struct ink {
    enum canvas_font font;
    float size;
    uint32_t rgb;
};

/* What the PDF says about itself. */
struct canvas_info {
    const char *title, *author;
    int64_t created_ms;
};

struct point {
    float x, y;
};

/* A new A4 document with both report fonts embedded; it is freed with a.
 * NULL when a font file is missing or libharu fails (logged). */
struct canvas *canvas_open(struct arena *a, const struct canvas_info *info);
/* A canvas that draws nothing and remembers every text given to it. */
RETURNS_NONNULL struct canvas *canvas_record(struct arena *a);
/* All texts of a recording canvas, one a line. */
RETURNS_NONNULL const char *canvas_recorded(struct canvas *c);
/* While quiet nothing is drawn or remembered: to measure what drawing
 * functions would take. */
void canvas_quiet(struct canvas *c, bool quiet);
/* Starts the next page. */
void canvas_page(struct canvas *c);
/* The finished PDF, owned by the canvas' arena; empty when anything failed
 * on the way (logged). */
struct bytes canvas_close(struct canvas *c);

/* Text without wrapping; characters outside Windows-1252 become their
 * nearest letter or '?'. */
void canvas_text(struct canvas *c, struct ink k, float x, float y,
                 const char *s);
/* Text that ends at x. */
void canvas_right(struct canvas *c, struct ink k, float x, float y,
                  const char *s);
void canvas_center(struct canvas *c, struct ink k, float x, float y,
                   const char *s);
/* Text cut with "…" so that it is not wider than w. */
void canvas_fit(struct canvas *c, struct ink k, float x, float y, float w,
                const char *s);
float canvas_width(struct canvas *c, struct ink k, const char *s);
/* Height of a line of text. */
float canvas_leading(struct ink k);
/* Text wrapped at spaces to the width w, the last of at most max lines cut
 * with "…"; returns how many lines were drawn. */
int canvas_wrap(struct canvas *c, struct ink k, struct point at, float w,
                int max, const char *s);
/* How many lines canvas_wrap would draw. */
int canvas_lines(struct canvas *c, struct ink k, float w, int max,
                 const char *s);

/* A JPEG, its bytes taken over as they are, stretched to w x h. */
void canvas_jpeg(struct canvas *c, struct bytes jpeg, float x, float y, float w,
                 float h);
void canvas_fill(struct canvas *c, uint32_t rgb, float x, float y, float w,
                 float h);
void canvas_frame(struct canvas *c, uint32_t rgb, float x, float y, float w,
                  float h);
/* A filled rectangle with rounded corners. */
void canvas_round(struct canvas *c, uint32_t rgb, float x, float y, float w,
                  float h);
void canvas_line(struct canvas *c, uint32_t rgb, float width, struct point from,
                 struct point to);
void canvas_polygon(struct canvas *c, uint32_t rgb, const struct point *p,
                    int n);
void canvas_disc(struct canvas *c, uint32_t rgb, float x, float y, float r);
