/* Draws a report's two pages. */
#pragma once
#include "print/canvas.h"
#include "invoice/report_model.h"

/* Colours: each has a contrast of at least 4.5 with white, so that it can
 * carry white text or be text on white. */
enum report_colour {
    INK_TEXT = 0x1F2933,
    INK_MUTED = 0x52606D,
    INK_BRAND = 0x12344D,
    INK_GOOD = 0x1B7A3D,
    INK_BAD = 0xB3261E,
    INK_WARN = 0x8A5A00,
    INK_INFO = 0x1D5FA8,
    INK_WHITE = 0xFFFFFF,
    FILL_PALE = 0xF1F4F7, /* behind text: never carries white */
    FILL_RULE = 0xC9D2DA,
};

enum { REPORT_LEFT = 40, REPORT_RIGHT = 555, REPORT_BOTTOM = 808 };

/* Draws both pages on a canvas without pages. */
void report_draw(struct canvas *c, struct arena *a,
                 const struct report_model *m);

/* ---- shared by the pages ---- */
void report_draw_first(struct canvas *c, struct arena *a,
                       const struct report_model *m);
void report_draw_second(struct canvas *c, struct arena *a,
                        const struct report_model *m);
/* The findings table from y down to limit at most; returns the next y. */
float report_draw_findings(struct canvas *c, struct arena *a,
                           const struct report_model *m, float y, float limit);
/* A section's title; returns the y below it. */
float report_draw_title(struct canvas *c, float y, const char *title);
/* Money and days as this model shows them: to the cent and the day, or, when
 * anonymous, to the euro and the month. "" for no day. */
RETURNS_NONNULL const char *report_draw_money(struct arena *a,
                                              const struct report_model *m,
                                              int64_t cents);
RETURNS_NONNULL const char *report_draw_day(struct arena *a,
                                            const struct report_model *m,
                                            int32_t day);
