/* The drawings of a report: stacked bar, gauge and severity signs. */
#pragma once
#include "invoice/report_draw.h"

/* The parts of the total as a bar with its legend; returns the y below. */
float chart_bar(struct canvas *c, struct arena *a, const struct report_model *m,
                float y);
/* The position between -40 % and +40 %; grey with the reason when there is
 * no reference. Returns the y below. */
float chart_gauge(struct canvas *c, struct arena *a,
                  const struct report_model *m, float y);
/* A sign of its own shape for each severity, 10 points wide at x, y (top). */
void chart_severity(struct canvas *c, enum severity s, float x, float y);
/* The same for a card's tone. */
void chart_tone(struct canvas *c, enum card_tone t, float x, float y);
uint32_t chart_severity_colour(enum severity s);
uint32_t chart_tone_colour(enum card_tone t);
